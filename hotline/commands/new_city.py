"""A profile for any city of the country, from its official code; and the check of a profile."""

import re
import shlex
from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path

from hotline.cities import building, presets
from hotline.cities.city import City
from hotline.cities.divisions import NoCity, OfficialCity, Unfit, divisions
from hotline.commands import checking
from hotline.commands.arguments import Command
from hotline.commands.refusals import Refused
from hotline.settings import Settings, shipped_cities
from routing import Level

# It becomes the name of a folder, and of the folder of the city's models.
_NAME = re.compile("[a-z][a-z0-9_-]{1,30}")


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "action", choices=("new", "check"), metavar="new|check", help="新建一座城市的档案，或检查一份档案"
    )
    parser.add_argument(
        "code",
        nargs="?",
        metavar="区划代码",
        help="new：地级市 4 位或 6 位，如 350100；直辖市写 11、12、31、50。check：城市名或文件夹，默认取设置",
    )
    parser.add_argument("--name", metavar="名字", help="new：小写字母开头的英文名，如 fuzhou")
    parser.add_argument(
        "--targets", choices=presets.names(), help="new：办理时限用哪个地方的写法，默认用演示城市的"
    )
    parser.add_argument(
        "--out", type=Path, metavar="文件夹", help="new：写到哪里，默认是当前目录下的同名文件夹"
    )
    parser.add_argument("--json", action="store_true", help="check：以一个 JSON 对象输出")


def _city(options: Namespace, settings: Settings) -> int:
    if options.action == "check":
        return checking.check(options.code or settings.city, settings, as_json=options.json)
    for name, given in (("区划代码", options.code), ("--name", options.name)):
        if not given:
            raise Refused(f"缺少参数：{name}")
    return _new(options, settings)


def _new(options: Namespace, settings: Settings) -> int:
    _check_name(options.name)
    city = _official(options.code)
    folder = (options.out or Path(options.name)).absolute()
    try:
        built = building.build(city, folder, targets=options.targets)
    except FileExistsError:
        raise Refused(f"已经有 {folder}，不覆盖。请换一个 --out，或先移走它") from None
    _tell(built, folder)
    return 0


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise Refused("--name 要用小写字母开头，只含小写字母、数字、横线、下划线，2 到 31 个字符，如 fuzhou")
    if name in shipped_cities():
        raise Refused(f"--name 不能是 {name}：自带的城市档案已经用了这个名字")


def _official(code: str) -> OfficialCity:
    try:
        return divisions().city(code)
    except NoCity as unfit:
        raise Refused(_words(unfit)) from None


def _words(unfit: NoCity) -> str:
    code, name = unfit.code, unfit.name
    return {
        Unfit.MALFORMED: f"区划代码 {code} 不对。地级市写 4 位或 6 位，如 350100；直辖市写 11、12、31、50",
        Unfit.UNKNOWN: f"没有 {code} 这个区划代码。请查国家统计局的统计用区划代码",
        Unfit.PROVINCE: f"{code} 是{name}，不是一座城市。请写其中一座地级市的代码",
        Unfit.COUNTIES: f"{code} 是{unfit.part_of}的“{name}”，属省、自治区直辖的县级行政区划："
        "上面没有地级市，不能建成一座城市。请写一座地级市的代码",
        Unfit.DISTRICT: f"{code} 是{name}，属{unfit.part_of}，不是一座地级市。请写所属城市的代码",
    }[unfit.why]


def _tell(city: City, folder: Path) -> None:
    levels = Counter(area.level for area in city.gazetteer.areas)
    print(
        f"已建好{city.name}（{city.code}）：区县 {levels[Level.DISTRICT]} 个，"
        f"街道乡镇 {levels[Level.SUBDISTRICT]} 个，承办单位 {len(list(city.departments))} 个\n"
        f"档案在 {folder}\n"
        f"使用：HOTLINE_CITY={shlex.quote(str(folder))} ./run hotline setup\n"
        "单位名称按通行叫法起，派单目录照演示城市：启用前请对照本市“三定”规定逐条核对，见 docs/cities.md"
    )


COMMANDS = {"city": Command(_city, _configure)}
