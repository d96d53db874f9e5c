"""What stands around a name in a text, and how far it is then to be believed."""

import re
from enum import IntEnum


class Trust(IntEnum):
    """How a place is named, the most telling first."""

    PLAIN = 0  # in words that say where something is
    BODY = 1  # in the name of a body (仓山区法院): where a matter is handled, not where it lies
    ASIDE = 2  # as where somebody comes from, is registered or travels to


# 晋安河, 连江南路, 东城中路: another thing's name that begins with the area's.
_LONGER = re.compile(
    "(?:[东南西北中环]{0,2}|[一二三四五六七八九十]?)"
    "(?:路(?![边灯面人况障霸])|街(?![道边])|巷|弄|大道|大街|干道|公路|高速|高架|立交|隧道"
    "|[河江溪湖渠港湾](?![区镇乡村边])|水库|大?桥(?!头镇)|大厦|机场|号线)"
)
_BANK = "(?:(?:工商|建设|农业|中国|交通|农商|农村商业|邮政|招商|广发|民生|中信)?银行|[建工农中]行|农商行)"
_BODY = re.compile(
    "[市区县镇乡]?(?:人民|公安|综合|行政|交通|街道|市场监督|城市管理|人力资源)?"
    f"(?:{_BANK}|派出所|公安|[分支][局行]|法院|法庭|检察院|房管|社保|人社|国土|工商|[国地]税|税务|交警|消防|[大中支]队"
    "|车管|住建|规划[局所分]|城管|执法|环保[局所分]|教育[局办]|教办|供电|电信|移动|联通|邮政|邮局|营业厅|管委会"
    "|政府|区府|[区镇]委|领导|警务|出入境|劳动[局仲]|仲裁|民政|计生|卫计|水务局|水利局|建设局|城建|房产局|不动产)"
)
_FROM = re.compile("[市区县镇乡]?(?:籍|户口|户籍|方向|往(?![来返往]))")
_PEOPLE = re.compile("[市区县镇乡]?人(?![民行社才员群流口家大力工文])")
_IS = re.compile("[是为](?:个|一个|一名|地道的?|土生土长的?)?$")
_ASIDE = "注册|登记(?:地|在|于)|户籍|户口|老家|祖籍|籍贯|原籍|总部|总公司|身份证|出生(?:地|在|于)"
_HERE = "现住|现居|居住|租住|家住|住在|现在在|施工|事发|发生|地点|位置|项目"
_CUES = re.compile(f"(?P<aside>{_ASIDE})|{_HERE}")
_CLAUSE = re.compile("[，。！？；,.!?;\n]")
_BACK = 16
# What a name of two characters may follow: 入海口, 乌龙江 and 飞凤山 are no names of towns.
_BEFORE = frozenset(
    "在市区县镇乡省州莞行于诉到是从的地去了回和往向问道局有请个映份对给及住因与被信说后站路村里"
    "处找离由让叫属至为我们您你自该这那前近靠达即就且但而或跟同令次日校况题反报段购买卖回诶"
)


def is_part_of_longer(text: str, end: int) -> bool:
    """Whether what ends at `end` only begins the name of a road, a river, a bridge."""
    return _LONGER.match(text, end) is not None


def stands_alone(text: str, start: int) -> bool:
    """Whether a word may begin at `start`."""
    return start == 0 or text[start - 1] in _BEFORE or not "一" <= text[start - 1] <= "鿿"


def trust(text: str, start: int, end: int) -> Trust:
    if _is_aside(text, start, end):
        return Trust.ASIDE
    return Trust.BODY if _BODY.match(text, end) else Trust.PLAIN


def _is_aside(text: str, start: int, end: int) -> bool:
    if _FROM.match(text, end):
        return True
    before = text[max(0, start - _BACK) : start]
    if _PEOPLE.match(text, end) and _IS.search(before):
        return True
    clause = _CLAUSE.split(before)[-1]
    cues = list(_CUES.finditer(clause))
    return bool(cues) and cues[-1]["aside"] is not None
