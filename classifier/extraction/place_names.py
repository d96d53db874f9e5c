"""What a place is called: districts and villages, streets, waters, compounds, and the numbers behind them.

Patterns of the language, not of a city. Every repetition is bounded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from classifier.extraction.names import any_of, swallowed
from classifier.extraction.numerals import NUMBER
from classifier.text import Span

_DIVISION = any_of(r"""
    自治州 开发区 经开区 新区 省(?!份) (?<![夜早菜超集城门都股楼入上房])市(?![民政场委面长容监区内])
    区(?![别分域居])
    县(?![委长]) 街道(?!办) 镇(?![政党]) (?<!城)乡(?![亲下政])
""")
_VILLAGE = any_of("村(?![民委长里]) 社区 屯 [湾庄](?![重园])")
_WATER = any_of("河 湖 溪 港 水库 江") + "(?![苏西南北门川泽镇村乡县区市路街社大河口])"
_COMPOUND = any_of("""
    小区 公寓 花园 家园 新村 雅居 山庄 公馆 新城 [一-鿿][苑园] 公园 广场 大厦 酒店 宾馆 百货 超市 商场
    [商文][业化]城
    市场 菜市场? 菜场 医院 学校 小学 中学 大学 幼儿园 体育馆 景区 考场 派出所 警务室 村委会 工地 工业区
    工业园区? 停车场 充电站
    车站 地铁站 [一-鿿]站(?![在着点立]) 机场 码头 大坝 大桥 立交桥? 桥
""")
_STREET = (
    any_of("大街 大道 胡同 国道 高速 路(?![过人灯面障镇村]) 街(?![道坊上镇村]) 巷")
    + r"(?:[东西南北中](?:[段侧门口]|(?=\d)))?"
)
_COUNTED = any_of("号楼 号院 号线 栋 幢 座 单元 弄 号 室 楼 层 组 期 社(?!区) 街 巷 #")
# A room needs no word behind a building: 2单元501. Not: 3栋1200元, 2号楼0769-….
_ROOM = r"(?<=[元栋幢座楼])\d{3,4}(?![-\d:.年月日天个点时元块万米平户人次多家岁号路])"
_NUMBERED = rf"(?:第?{NUMBER}(?:-\d{{1,3}})?{_COUNTED}|[a-z]\d{{0,3}}[座栋幢]|[a-z]区|{_ROOM})"
# Eight characters are the longest name; what it swallowed of the sentence before is cut off.
_PART = re.compile(
    rf"(?P<number>{_NUMBERED})|[一-鿿\da-z]{{1,8}}?(?:{_STREET}|{_COMPOUND}|{_VILLAGE}|{_WATER}|{_DIVISION})"
)
# How exactly each ending says where.
_EXACTNESS = tuple(
    (re.compile(f"{ending}$"), exactness)
    for ending, exactness in (
        (_STREET, 2.5), (_COMPOUND, 2.5), (_VILLAGE, 2.0), (_WATER, 2.0),
        ("[道镇乡县区]", 1.0), (_DIVISION, 0.5),
    )
)  # fmt: skip
_NUMBER_EXACTNESS = 2.0

# What ends like a place and names none: "马路", "全市", "我们小区", "隔壁小区", "商业区".
_ANY_PLACE = any_of("""
    小区 社区 公园 景区 校园 家园 田园 花园 庄园 公寓 广场 大厦 酒店 宾馆 超市 市场 商场 菜市场? 学校
    医院 小学 中学 大学 幼儿园
    体育馆 考场 派出所 村委会 工地 停车场 车站 机场 码头 街道 路[口段] 大桥 大坝
""")
_WHICHEVER = any_of("""
    隔壁 周[围边] 定点 附近 [一每那这两]个 你们? 他们? 其[他它] [几各某哪] 所 交通 很多 许多
    没有?一?[个所条家] 一?[个所条家] 本 外
""")
_NAMELESS = re.compile(
    rf".*{_WHICHEVER}(?:{_ANY_PLACE}|[省市区县镇村])|.?{_ANY_PLACE}|"
    + any_of("""
        .*[马道公铁线电修走半让水网问上思出销套]路 [上逛大条段座]街 过桥 (?:人行|过街)?天桥
        .*(?:[上下]班|放学|回家|高峰)路
        .*(?:农村|网站|分站)
        全区 本地区 .{0,2}[商片厂灾禁校]区 (?:.*[困远])?山区 .?[主老新市县]城区
        .{0,4}(?:居民|宿舍|住宅|贫困|商业|生活|办公|施工)区
        .*(?:人才|房地?产|劳动力|消费|建材)市场 .*级医院 直辖市 .?公立(?:医院|学校)
        (?:加油|收费|中转|公交|地铁)站 沿[溪河江湖]
        [全本我城大都超各]市 [全本我]村 [老家]乡 .{0,4}地区 [全本小城]镇 [全各本]?[县省镇乡街区] 桥
        .{0,3}水库
        .?[内黑该这那条小大运臭护过下江整污头暗明支]河 .?[大两沿]江
    """)
)
# A street is called by two to six characters, or by where it lies (西街).
_STREET_ENDS = re.compile(f"{_STREET}$")
_CALLED = re.compile(rf"(?:[一-鿿\da-z]{{2,6}}|[东西南北中前后老新]){_STREET}")
# What is told of a road, or of which kind it is: "晚上出门看不清路", "过马路", "半条街", "水泥路".
_TELLS = re.compile(
    r"[不没了着很挡堵挖迷逛找]|[走过让占修看绕夜小半条段座][路街巷]|^[条段座]|(?:过|柏油)马路|(?:水泥|石板|断头)路"
)


@dataclass(frozen=True)
class PlaceName:
    """`exactness`: a town is 1, a street or a compound 2.5."""

    span: Span
    exactness: float


def place_names(text: str) -> Iterator[PlaceName]:
    """Every name of a place in a folded text, in order. Linear."""
    after = -1
    for match in _PART.finditer(text):
        if match["number"]:
            found = PlaceName(Span(*match.span()), _NUMBER_EXACTNESS) if match.start() == after else None
        else:
            found = _named(text, Span(*match.span()))
        # "3号" alone may be a day; a number is part of a place only right behind one.
        if found:
            after = match.end()
            yield found


def _named(text: str, span: Span) -> PlaceName | None:
    start = span.start + swallowed(span.of(text))
    name = text[start : span.end]
    if len(name) < 2 or _NAMELESS.fullmatch(name):
        return None
    # Only a street has its side behind it, before a number that is no part of the name: 和平路西12号.
    ends = name[:-1] if name[-1] in "东西南北中" else name
    if _STREET_ENDS.search(ends) and (not _CALLED.fullmatch(ends) or _TELLS.search(ends)):
        return None
    exactness = next(exactness for ending, exactness in _EXACTNESS if ending.search(ends))
    return PlaceName(Span(start, span.end), exactness)
