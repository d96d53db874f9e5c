"""Who speaks (何人): the name of the caller, or what he says he is."""

import re

from classifier.text import Span

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦昌马苗方俞任袁柳"
    "史唐费廉岑薛雷贺倪汤滕殷罗毕郝安常乐于傅皮齐康伍余元顾孟黄穆萧尹姚邵汪祁毛狄戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾江"
    "童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房解应丁邓洪包左石崔吉龚程邢裴陆翁荀甄家封储靳段侯宁仇甘厉武刘景"
    "龙叶黎薄白蒲卓池乔阴闻党翟谭申冉桑桂牛边温庄晏柴瞿阎习向古易廖耿文欧沃聂曾关游肖"
)
_NAMED = rf"(?:欧阳|上官|司马|诸葛|[{_SURNAMES}])"
_TITLE = r"(?:先生|女士|小姐|师傅|大爷|大妈|阿姨|奶奶|爷爷|同学|老师)"
_GIVEN = r"[一-鿿]{1,2}"
# A surname with a title may be anybody; it is the caller at the beginning, or where the text says so.
_NAME = re.compile(
    rf"^{_NAMED}{_TITLE}"
    rf"|(?:诉求人|来电人|反映人|联系人|市民|居民|村民|业主|姓名)[是为:]{{0,1}} ?{_NAMED}"
    rf"(?:{_TITLE}|某某?|{_GIVEN}(?=[,。;!? (]|$))"
    rf"|{_NAMED}{_TITLE}(?=来电|致电|反映|称|咨询|表示|投诉|求助|诉求)"
    rf"|(?:我|本人)(?:叫|姓){_NAMED}[一-鿿]{{0,2}}"
)
# Below a letter: behind what he is, or before the date.
_DATE = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
_SIGNED = re.compile(
    rf"(?:(?<=:){_NAMED}{_GIVEN}(?= ?(?:{_DATE})?$)|(?<=[。!? ]){_NAMED}{_GIVEN}(?= ?{_DATE}$))"
)
_SIGNATURE_AT_MOST = 20
_PART = re.compile(
    r"(?:我们?|本人)是[^,。;!?]{0,20}?(?:业主|居民|村民|住户|家长|学生|老板|员工|职工|租户|租客|司机|农民工|工人|"
    r"店主|商户|老人|退休\w{0,2}|负责人|经营者|消费者|游客|患者|家属|外卖员|快递员|个体户|老师|军人|残疾人|企业|公司)"
)


def caller(text: str) -> Span | None:
    """The caller in a folded text: a name before what he is."""
    if match := _NAME.search(text):
        return Span(*match.span())
    if match := _SIGNED.search(text, max(0, len(text) - _SIGNATURE_AT_MOST)):
        return Span(*match.span())
    match = _PART.search(text)
    return Span(*match.span()) if match else None
