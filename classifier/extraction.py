"""The five elements (五要素) of a complaint in free text: who, when, where, what happened, what is wanted.

Patterns of the language, not of a city. Nothing is invented: each element is a place in the text, or None.
Every repetition in a pattern is bounded, so that time grows with the text and no faster.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from classifier.text import Span, fold

_NUMBER = r"(?:\d{1,4}|[一二两三四五六七八九十]{1,4})"
_PART_OF_DAY = r"(?:凌晨|清晨|早晨|早上|上午|中午|午后|下午|傍晚|晚上|晚间|夜里|夜间|半夜|深夜|大半夜|早|晚)"
_CLOCK = rf"{_NUMBER}(?:点钟?|时|:\d\d)(?:半|一刻|{_NUMBER}分)?(?:左右|多|前后)?"
_DAY = (
    rf"(?:(?:{_NUMBER}年)?{_NUMBER}月(?:份|底|初|中旬|上旬|下旬|{_NUMBER}[日号])?|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}"
    r"|大?[昨今前]天|今早|[今昨前]晚|昨夜|昨日|今日|当天|(?:上上?|本|这)个?(?:周|星期|礼拜)[一二三四五六日天末]?"
    r"|(?:周|星期|礼拜)[一二三四五六日天末]|[上本这]个?月|[去今前]年(?:年初|年底|夏天|冬天|春节)?"
    rf"|(?:最近|近|连续|这)(?:{_NUMBER}|几|半)(?:个多?)?(?:天|周|星期|月|年)"
    rf"|{_NUMBER}(?:个?多?)(?:天|礼拜|星期|周|月|小时)(?:了|没|以来)|[春夏秋冬]天"
    rf"|(?:每|每隔)(?:天|晚|日|夜|周{_NUMBER}?|逢下雨)|天天|夜夜"
    r"|最近|近期|近日|近来|刚才|刚刚|(?:国庆|春节|中秋|五一|端午|元旦|清明|暑假|寒假)(?:期间|假期|前后)?)"
)
_TIME = re.compile(
    rf"{_DAY}(?:的?{_PART_OF_DAY})?(?:{_CLOCK})?(?:(?:到|至|-|~){_PART_OF_DAY}?{_CLOCK})?"
    rf"|{_PART_OF_DAY}{_CLOCK}(?:(?:到|至|-|~){_PART_OF_DAY}?{_CLOCK})?"
    rf"|\d{{1,2}}(?::\d\d|点)(?:半|{_NUMBER}分)?"
)

_ENDINGS = (
    "自治州|街道|大街|大道|胡同|社区|小区|公寓|花园|家园|新村|嘉园|佳苑|广场|市场|商场|超市|医院|学校|小学|中学|大学|"
    "幼儿园|公园|车站|地铁站|工地|工业园|开发区|新区|大厦|大桥|立交|菜场|派出所|村委会|路口|"
    "省|市|区|县|镇|乡|村|路(?!过)|街|巷|苑|桥|湾|庄|屯"
)
_NUMBERED = rf"(?:第?{_NUMBER}(?:-\d{{1,3}})?(?:号楼|号院|号线|栋|幢|座|单元|弄|号|室|楼|层|组|期|社))"
# Eight characters are the longest name; what it swallowed of the sentence before is cut off by _BEFORE.
_PLACE = re.compile(rf"[\u4e00-\u9fff\da-z]{{1,8}}?(?:{_ENDINGS})(?:[东西南北](?:段|侧|门|口))?|{_NUMBERED}")
_BEFORE = re.compile(
    r".*(?:在|位于|住|家住|到|去|从|是|的|我们|咱们|我|这边|这个|那个|这|那|把|被|给|和(?![平谐睦])|跟|对|向|往|有|及|经过|反映|关于|来电|称|说)"
)
# What ends like a place and names none: "马路", "全市", "我们小区".
_NOT_NAMES = re.compile(
    r"[马道公铁线电修走半让水网问上]路|[全本我地]区|[全本我城]市|[全本我农乡]村|[全本小]镇|全县|[上逛大]街|过桥|(?:人行|过街)?天桥|"
    r"[条段座]街|小区|社区|学校|医院|超市|市场|商场|公园|工地|路口|街道|"
    r"幼儿园|派出所|村委会|广场|车站|公寓|大厦|花园|小学|中学|大学"
)
# A street is called by two to six characters, or by where it lies (西街).
_STREET_ENDS = r"(?:大街|大道|胡同|路|街|巷)(?:[东西南北](?:段|侧|门|口))?"
_STREET = re.compile(rf"(?:[\u4e00-\u9fff\da-z]{{2,6}}|[东西南北中前后老新]){_STREET_ENDS}")
# What is told of a road, or of which kind it is: "晚上出门看不清路", "过马路", "半条街", "水泥路".
_TELLS = re.compile(
    r"[不没了着很挡堵挖迷逛找]|[走过让占修看绕夜小半条段座][路街巷]|^[条段座]|(?:过|柏油)马路|(?:水泥|石板|断头)路"
)
_ON_THE_WAY = re.compile(
    r".*(?:路过|穿过|途经|沿着|顺着|走(?!马)|凌晨|清晨|早[晨上]|[上中下]午|傍晚|[晚夜]上|[晚夜]间|[半深]夜|[昨今前]晚)"
)
_BESIDE = re.compile(
    r"(?:与|和)[\u4e00-\u9fffa-z\d]{1,8}?(?:路|街|道)(?:交叉口|交汇处|路口)|附近|门口|对面|旁边?|交叉口|交汇处|路口|里面|楼下|后面"
)

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦昌马苗方俞任袁柳"
    "史唐费廉岑薛雷贺倪汤滕殷罗毕郝安常乐于傅皮齐康伍余元顾孟黄穆萧尹姚邵汪祁毛狄戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾江"
    "童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房解应丁邓洪包左石崔吉龚程邢裴陆翁荀甄家封储靳段侯宁仇甘厉武刘景"
    "龙叶黎薄白蒲卓池乔阴闻党翟谭申冉桑桂牛边温庄晏柴瞿阎习向古易廖耿文欧沃聂曾关游肖"
)
_NAMED = rf"(?:欧阳|上官|司马|诸葛|[{_SURNAMES}])"
_TITLE = r"(?:先生|女士|小姐|师傅|大爷|大妈|阿姨|奶奶|爷爷|同学|老师)"
# A surname with a title may be anybody; it is the caller at the beginning, or where the text says so.
_WHO = re.compile(
    rf"^{_NAMED}{_TITLE}"
    rf"|(?:诉求人|来电人|反映人|联系人|市民|居民|村民|业主|姓名)[是为:]{{0,1}} ?{_NAMED}"
    rf"(?:{_TITLE}|某某?|[\u4e00-\u9fff]{{1,2}}(?=[,。;!? (]|$))"
    rf"|{_NAMED}{_TITLE}(?=来电|致电|反映|称|咨询|表示|投诉|求助|诉求)"
    rf"|(?:我|本人)(?:叫|姓){_NAMED}[\u4e00-\u9fff]{{0,2}}"
    r"|(?:我们?|本人)是[^,。;!?]{0,20}?(?:业主|居民|村民|住户|家长|学生|老板|员工|职工|租户|租客|司机|农民工|工人|"
    r"店主|商户|老人|退休\w{0,2}|负责人|经营者|消费者|游客|患者|家属|外卖员|快递员|个体户|老师|军人|残疾人|企业|公司)"
)

_PLAIN_WISH = re.compile(
    r"(?:我们?|本人)?(?:强烈要求|希望|恳请|恳求|请求|诉求[是为:]|盼望?|盼|想咨询|咨询一下|想问|请问|想了解|想知道|建议|呼吁|请相关|请有关|请政府|请领导)"
    r"[^。!?;]{2,200}[。!?;]?"
)
_FAINT_WISH = re.compile(
    r"(?:我们?|本人)?(?:要求|能不能|能否|可否|可不可以|是否可以|麻烦|请(?!问)|求|咨询|应该怎么|怎么办理)[^。!?;]{2,200}[。!?;]?"
)

# What is longer is a document, and its elements stand in its beginning.
_READ_AT_MOST = 20_000

# What remains must say something: fewer characters are a greeting or a leftover.
_LEAST_TOLD = 4
_EDGES = " ,。;!?、:"
_GREETING = re.compile(r"(?:您好|你好|喂|领导好?|尊敬的[^,。!]{1,10}|来电人?|反映|我要投诉|投诉)[,。!:; ]*")


@dataclass(frozen=True)
class Elements:
    """Places in the text as it was given; None where the text does not say."""

    who: Span | None = None
    when: Span | None = None
    where: Span | None = None
    what: Span | None = None
    wanted: Span | None = None


def extract(text: str) -> Elements:
    """Find the five elements. Linear in the text."""
    folded = fold(text[:_READ_AT_MOST])
    read = folded.text
    wanted = _wanted(read)
    found = {
        "who": _first(_WHO, read),
        "when": _first(_TIME, read),
        "where": _where(read),
        "wanted": wanted,
        "what": _what(read, wanted),
    }
    return Elements(**{name: folded.original(span) for name, span in found.items() if span is not None})


def _first(pattern: re.Pattern[str], text: str) -> Span | None:
    match = pattern.search(text)
    return Span(*match.span()) if match else None


def _wanted(text: str) -> Span | None:
    """The last plain wish, or else the last faint one: earlier ones tell what was asked of others."""
    for pattern in (_PLAIN_WISH, _FAINT_WISH):
        wishes = [Span(*match.span()) for match in pattern.finditer(text)]
        if wishes:
            return _trimmed(text, wishes[-1])
    return None


def _where(text: str) -> Span | None:
    """The first place, with the parts that follow it directly: district, road, number, compound, building."""
    place: Span | None = None
    for part in _parts_of_places(text):
        if place is None:
            place = part
        elif part.start == place.end:
            place = Span(place.start, part.end)
        else:
            break
    if place is not None and (beside := _BESIDE.match(text, place.end)):
        place = Span(place.start, beside.end())
    return place


def _parts_of_places(text: str) -> Iterator[Span]:
    after = -1
    for match in _PLACE.finditer(text):
        name = match[0]
        start = match.start() + max(
            (swallowed.end() for before in (_BEFORE, _ON_THE_WAY) if (swallowed := before.match(name))),
            default=0,
        )
        rest = text[start : match.end()]
        is_number = re.fullmatch(_NUMBERED, rest) is not None
        # "3号" alone may be a day; a number is part of a place only right behind one.
        if (is_number and start == after) or (not is_number and _is_name(rest)):
            yield Span(start, match.end())
            after = match.end()


def _is_name(place: str) -> bool:
    if len(place) < 2 or _NOT_NAMES.fullmatch(place):
        return False
    is_street = re.search(rf"{_STREET_ENDS}$", place) is not None
    return not is_street or (_STREET.fullmatch(place) is not None and _TELLS.search(place) is None)


def _what(text: str, wanted: Span | None) -> Span | None:
    """The telling: all before the wish, or all behind it where the text begins with the wish."""
    greeting = _GREETING.match(text)
    told = Span(greeting.end() if greeting else 0, len(text))
    if wanted is not None:
        before, behind = Span(told.start, max(told.start, wanted.start)), Span(wanted.end, len(text))
        told = before if before.end - before.start >= behind.end - behind.start else behind
    trimmed = _trimmed(text, told)
    return trimmed if trimmed is not None and trimmed.end - trimmed.start >= _LEAST_TOLD else None


def _trimmed(text: str, span: Span) -> Span | None:
    """Without punctuation and space at its edges; None when nothing is left."""
    start, end = span.start, span.end
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return Span(start, end) if start < end else None
