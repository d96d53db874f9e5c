"""What a party is called: firms, schools, offices, and people by the part they play (施工方, 房东).

Patterns of the language, not of a city. Every repetition is bounded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from classifier.extraction.names import any_of, swallowed
from classifier.extraction.surnames import NAME, SURNAME
from classifier.text import Span

_FIRM = any_of("""
    有限公司 公司 集团 [支分]行 银行 [建工农中招]行(?![人走李为动车业程驶]) 信用社 商行 专卖店 加工店
    [一-鿿]店(?![铺面员门])
    酒吧 网吧 ktv 会所 餐厅 饭店 酒楼 酒店 宾馆 大排档 [一-鿿]馆(?!长) 百货 超市 商场 [一-鿿]坊
    (?:商业|文化|美食|家具|电脑|购物|动漫|电玩|影)城
    [一-鿿]厂(?![家房区长]) 养[一-鿿]场 养殖场 搅拌站 充电站 液化气站 加油站 收费站 停车场 作坊
    [一-鿿]{2}(?:地产|置业|药业|实业|电器|家居|装饰) 门诊部? 卫生服务[站中心]{1,2} 快递 售后
    中国?(?:电信|移动|联通|邮政)
    (?!相关|有关|监管|主管|三方|政府|性质|保健|行政|执法|[此这]类|医疗|金融)[一-鿿]{2}机构 驾校 诊所
""")
_SCHOOL = any_of("""
    幼儿园 完小 小学 中学 高中 学校 大学(?![生城毕]) 学院 医院 卫生院
    [一二三四五六七八九十][中小幼](?![心学儿孩时部]) 考场
""")
_OFFICE = any_of("""
    分局 [一-鿿]{2}局(?![部面势限长]) 支队 大队 交警 派出所 车管所 警务室 工商所 服务中心
    [一-鿿]{2}中心(?![区主城])
    村委会? 居委会? 业委会 街道办 办事处 [镇乡县市区]政府 管委会 管理[处所站]
""")
# Whoever is called by his part. What stands before is no part of the name, but for a named 物业 or a number.
_PLAIN_PART = any_of("施工(?:单位|方|队) 建设单位 开发商 承包商 户主")
_FAINT_PART = any_of("""
    传销(?:组织|窝点)? 客[运车]车? 洒水车 泥头车 渣土车 大?货车 房东 中介 商家 店家 商户 司机 小贩 摊贩
    老板 屋主 邻居 园长 班主任 快递员 保安 工厂 楼[上下]住户
""")
_NUMBERED_PART = any_of(r"""
    物业(?:公司|管理处)?(?!管?理?费) 出租车 [a-z]?\d{1,3}路?(?:公交车?|公汽|巴士) 公交\d{1,3}路?
    [个某]别(?:业主|商户|住户)
""")
# A shop called by who keeps it: 老李烧烤.
_TRADE = any_of("烧烤 火锅 麻辣烫 早餐 面条 饺子 包子 奶茶 炒菜 卤味 理发 足浴 棋牌")
_KEPT = rf"[老阿]{SURNAME}家?的?{_TRADE}[店馆摊城]?"
# Who is accused, or plays a part, by his name: 投诉李强, 老板王建国. What follows tells where a name ends.
_PLAYS = ("老板", "房东", "司机", "邻居", "中介", "包工头", "工头", "负责人", "经理", "户主")
_CALLED = ("", "叫", "是", "姓.叫")
_INTRODUCED = (*(part + called for part in _PLAYS for called in _CALLED), "投诉", "举报", "控告", "被")
_PERSON = (
    f"(?:{'|'.join(f'(?<={words})' for words in _INTRODUCED)}){NAME}"
    "(?=[,。;!?、(的在拖欠不没把从私乱经每家住打骂卖占扰长一]|$)"
)
_IS_PERSON = re.compile(_PERSON)
_PART = rf"(?:{_PLAIN_PART}|{_FAINT_PART}|{_NUMBERED_PART})"
_BARE_PART = re.compile(f"(?:{_PLAIN_PART}|{_FAINT_PART})$")
_ANY_PART = re.compile(f"{_PART}$")
_PARTY = re.compile(
    rf"([一-鿿\da-z]{{0,14}}?)(?:(?P<own>{_PERSON}|{_KEPT})|{_FIRM}|{_SCHOOL}|{_OFFICE}|{_PART})"
)

# How plainly a name alone accuses: offices are mostly those who are to act.
_PLAINNESS = tuple(
    (re.compile(f"{ending}$"), plainness)
    for ending, plainness in (
        (_PLAIN_PART, 2.5),
        (_NUMBERED_PART, 2.5),
        (_FAINT_PART, 1.5),
        (_OFFICE, 1.0),
        ("", 2.5),
    )
)
_NAMELESS_PLAINNESS = 1.0
# Called so by everybody: only behind a name does it say which one.
_NAMELESS = re.compile(
    any_of("(?:公|私)立 . 乡村 大型 新开的 小区 民办 当地 一些 很多 第三方 .{0,4}培训 农民工")
    + "?"
    + any_of("""
        公司 集团 银行 中心 医院 超市 商场 学校 大学 中学 小学 高中 幼儿园 学院 酒店 饭店 餐厅 宾馆 快递
        考场 派出所 机构 百货 物业
    """)
    + "|.{0,2}[店厂馆坊城]"
)


@dataclass(frozen=True)
class PartyName:
    """`plainness`: a named firm is 2.5, an office 1. `is_part`: called by the part played, not by a name."""

    span: Span
    plainness: float
    is_part: bool


def party_names(text: str) -> Iterator[PartyName]:
    """Every name of a party in a folded text, in order; names that touch are one. Linear."""
    last: PartyName | None = None
    for match in _PARTY.finditer(text):
        name = _named(text, match)
        if last and last.span.end == name.span.start and not _IS_PERSON.match(text, name.span.start):
            plainness = max(last.plainness, name.plainness)
            name = PartyName(Span(last.span.start, name.span.end), plainness, name.is_part)
        elif last:
            yield last
        last = name
    if last:
        yield last


def _named(text: str, match: re.Match[str]) -> PartyName:
    part = _BARE_PART.search(match[0])
    begins = match.start() + (part.start() if part else swallowed(match[1]))
    span = Span(match.start("own") if match["own"] else begins, match.end())
    name = span.of(text)
    is_part = _ANY_PART.search(name) is not None
    plainness = next(plainness for ending, plainness in _PLAINNESS if ending.search(name))
    if not is_part and _NAMELESS.fullmatch(name):
        plainness = _NAMELESS_PLAINNESS
    return PartyName(span, plainness, is_part)
