"""What people call an area, and what its government calls itself."""

import re
from functools import cache
from pathlib import Path

# Short names that are also everyday words: 公安 for 公安县 would be found in every complaint to the police.
EVERYDAY = Path(__file__).parent / "everyday_words.txt"
# The same of towns, and other cities' names: 上海街道 lies in Fuzhou.
EVERYDAY_OF_TOWNS = Path(__file__).parent / "everyday_town_words.txt"

_PEOPLES = (
    "蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族"
    "|傈僳族|佤族|畲族|拉祜族|水族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族?|仫佬族|羌族|布朗族|撒拉族|毛南族"
    "|仡佬族|锡伯族?|塔吉克族?|普米族|怒族|东乡族|保安族|裕固族|独龙族|各族"
)
_AUTONOMOUS = re.compile(rf"(?P<bare>..+?)(?:{_PEOPLES})*自治(?P<kind>[州县旗])")
_CITY = re.compile(r"(?P<bare>..+?)(?:市|盟|地区)")
_DISTRICT = re.compile(r"(?P<bare>..+?)(?:新区|特区|矿区|区|县|市|旗)")
_SUBDISTRICT = re.compile(r"(?P<bare>..+?)(?:街道|地区|镇|民族乡|乡|苏木)")
# Where a city has two zones of one everyday name, `drafts.areas` gives it to neither.
_ZONES = {"高新": "高新区", "经济": "经开区"}
_ZONE = "开发区"
# The statistics number development zones (开发区) from 71: no government, a committee of the city's.
_ZONE_NUMBERS = range(71, 80)
_COMMITTEES = ("管委会", "委员会")
_BODIES = (*_COMMITTEES, "办事处", "管理处", "街道办", "路办", "局", "中心", "公司", "监狱", "劳教所")
_GOVERNED = re.compile(r".+[区县市旗]")


def short_names(name: str) -> tuple[str, ...]:
    """Return what people say for a city or district: 福州, 鼓楼, 恩施 and 恩施州, 高新区.

    Never a single character, for which no text could be searched.
    """
    if found := _AUTONOMOUS.fullmatch(name):
        return (found["bare"], f"{found['bare']}{found['kind']}")
    if name.endswith(_ZONE):
        return tuple(said for word, said in _ZONES.items() if word in name)[:1]
    found = _CITY.fullmatch(name) or _DISTRICT.fullmatch(name)
    return (found["bare"],) if found else ()


def short_town(name: str) -> str | None:
    """Return what people say for a subdistrict, 苍霞 for 苍霞街道, None where it is only said in full."""
    found = _SUBDISTRICT.fullmatch(name)
    return found["bare"] if found else None


def bare(name: str) -> str:
    """Return the name without its level, the name itself where nothing would be left."""
    found = _AUTONOMOUS.fullmatch(name) or _SUBDISTRICT.fullmatch(name)
    found = found or _CITY.fullmatch(name) or _DISTRICT.fullmatch(name)
    return found["bare"] if found else name


def rank(city: str) -> str:
    """Return what stands before a bureau of the city: 市, 州, 盟 or 地区."""
    return "地区" if city.endswith("地区") else city[-1]


@cache
def everyday_words() -> frozenset[str]:
    return frozenset(EVERYDAY.read_text(encoding="utf-8").split())


@cache
def everyday_words_of_towns() -> frozenset[str]:
    return everyday_words() | frozenset(EVERYDAY_OF_TOWNS.read_text(encoding="utf-8").split())


def government(code: str, name: str) -> tuple[str, str]:
    """Return the name and the short name of the body that governs a district."""
    if name.endswith(_COMMITTEES):
        return name, name
    if int(code[4:6]) in _ZONE_NUMBERS or not _GOVERNED.fullmatch(name):
        return f"{name}管理委员会", f"{name}管委会"
    return f"{name}人民政府", f"{name}政府"


def office(name: str) -> tuple[str, str]:
    """Return the name and the short name of the body that governs a subdistrict, without its district.

    The statistics also count what is a body itself (办事处, 监狱) beside streets and towns.
    """
    if name.endswith("街道"):
        return f"{name}办事处", f"{name}办"
    if name.endswith("地区"):
        return f"{name}办事处", f"{name}办事处"
    if name.endswith(("镇", "乡", "苏木")):
        return f"{name}人民政府", f"{name}政府"
    if name.endswith(_BODIES):
        return name, name
    return f"{name}管理委员会", f"{name}管委会"
