"""What a person is called: patterns of surnames and of the names that begin with one."""

from classifier.extraction.names import any_of

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦昌马苗方俞任袁柳"
    "史唐费廉岑薛雷贺倪汤滕殷罗毕郝安常乐于傅皮齐康伍余元顾孟黄穆萧尹姚邵汪祁毛狄戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾江"
    "童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房解应丁邓洪包左石崔吉龚程邢裴陆翁荀甄家封储靳段侯宁仇甘厉武刘景"
    "龙叶黎薄白蒲卓池乔阴闻党翟谭申冉桑桂牛边温庄晏柴瞿阎闫习向古易廖耿文欧沃聂曾关游肖付涂"
)
_TWO = "欧阳|上官|司马|诸葛"
SURNAME = rf"(?:{_TWO}|[{_SURNAMES}])"
TITLE = r"(?:先生|女士|小姐|师傅|大爷|大妈|阿姨|奶奶|爷爷|同学|老师)"

# Surnames that begin hardly any word (于, 应, 安, 常, 家 do), or not with what is excluded.
_COMMON = (
    rf"(?:{_TWO}|[王李张刘陈杨赵吴徐孙胡朱郭何罗郑梁宋唐许韩冯邓曹彭曾肖董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪"
    "范廖贾韦邹熊秦邱尹薛闫侯陶黎贺顾郝龚邵钱]|周(?![边围末一二三四五六日年期])|黄(?![牛金色码])"
    "|谢(?!谢)|付(?![款出费清账])|马(?![路上])|高(?![空速中温铁考架层压三二一度])|林(?![业地木场])|金(?![融属额牌])|江(?![边苏西南北河水滨])"
    "|石(?![材头油])|任(?![何务职])|夏(?![天季令])|白(?![天酒领])|田(?![地里间])|方(?![便案面式法]))"
)
# Names of places, trades and things that begin as a person's name does.
_NO_NAME = any_of("""
    程序 陆军 陆续 许多 许可 何人 何时 余额 余款 叶子 范围 顾客 顾虑 唐山 徐州 贺州 钟点 钱款 陈述 陈情 张家口
""")
_ENDS_NO_NAME = "[人员工镇村县市区省乡校院店厂者师长主户客方司站所局部队处的]"
# A common name; what follows it must tell that it ends.
NAME = rf"(?!{_NO_NAME}){_COMMON}(?!{TITLE})[一-鿿]{{1,2}}?(?<!{_ENDS_NO_NAME})"
