"""What is wrong with a table that somebody hands in: the file, the line, and what to do, in words.

The libraries say it in English, for they know nobody who reads it; a house test proves that each of their
sentences about the tables of a profile has its words here.
"""

import errno
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from hotline.errors import BrokenCity

# As a clerk calls the columns of catalogue.csv and contracts.csv.
COLUMNS: Mapping[str, str] = {
    "category": "分类",
    "area": "属地",
    "level": "地点要求",
    "keyword": "关键词",
    "lead": "主办",
    "assisting": "协办",
    "basis": "依据",
    "minimum_level": "最低层级",
    "auto": "自动派单",
    "note": "提示",
    "from": "生效日",
    "to": "失效日",
    "decides": "凭什么定",
    "first": "先行处置",
}
EXAMPLE_COLUMNS: Mapping[str, str] = {
    "text": "诉求",
    "address": "地址",
    "category": "分类",
    "lead": "应派给",
    "from": "生效日",
    "to": "失效日",
}
# Levels as they are spoken of; where they are a value that has to be written, they stay as written.
LEVELS: Mapping[str, str] = {
    "city": "市级",
    "district": "区县级",
    "subdistrict": "街道（乡镇）级",
    "community": "社区（村）级",
}
# What the system says of a file or a folder, by its number.
SYSTEM: Mapping[int, str] = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EEXIST: "已有同名的文件，不能当文件夹用",
    errno.ENOTDIR: "这不是文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.EACCES: "没有权限读写，请检查属主和权限",
    errno.EPERM: "没有权限读写，请检查属主和权限",
    errno.EROFS: "这个位置只能读，不能写",
    errno.ENOSPC: "磁盘满了，请腾出空间再试",
    errno.EIO: "磁盘读写出错，请检查磁盘",
    errno.EMFILE: "打开的文件太多，请稍后再试",
    errno.ELOOP: "链接绕成了圈，请检查链接",
    errno.ENAMETOOLONG: "文件名太长，请改短",
}

# A sentence of a library, {} for each fact in it, and what people read.
SENTENCES: tuple[tuple[str, str], ...] = (
    # sla.policy
    ("name must be text of at most {} characters", "name（规则名）要写文字，最多 {} 个字"),
    (
        "this rule never applies: [[target]] number {} takes every such ticket first",
        "这条规则永远用不上：第 {} 条规则先占了这样的工单。请把窄的规则写在宽的前面，或删去它",
    ),
    (
        "this rule never applies: [[target]] numbers {} together take every such ticket first",
        "这条规则永远用不上：第 {} 条规则合起来先占了这样的工单。请把它写在前面，或删去它",
    ),
    (
        "extension {} is longer than the {} of resolve, which extension_within_original forbids",
        "延期 {} 长于原时限 {}。请改短，或在 [rules] 里写 extension_within_original = false",
    ),
    (
        "{} = {} falls due on no day of the calendar: {}",
        "{} = {} 在日历上算不到到期日（{}）。请核对它和 calendar.toml 的上班时间",
    ),
    # hotline.cities.calendar_files
    ("is larger than {} MB", "超过 {} MB，请核对是不是拿错了文件"),
    ("is no JSON: {}", "不是能读的 JSON：{}"),
    ("is no JSON of a year", "不是一年放假安排的 JSON，应有 year、papers 和 days"),
    ("year must be from {} to {}", "year 要写 {} 到 {} 之间的年份"),
    ("papers must be a list of texts", "papers 要是通知地址的列表"),
    (
        "the days off of {} are not announced yet",
        "{} 年的放假安排还没有公布，文件里没有日子。请等国务院通知公布后再导入",
    ),
    (
        "no notice is named for the days of {}",
        "没有写明 {} 年的安排出自哪份通知（papers 是空的）。请填上通知文号再导入",
    ),
    ("days, place {}: {} is not of {}", "days 第 {} 项：{} 不是 {} 年安排里的日子"),
    ("days, place {}: {} is there twice", "days 第 {} 项：{} 写了两次"),
    ("days, place {}: is no table", "days 第 {} 项要写成 {{name, date, isOffDay}}"),
    ("days, place {}: name must be a short text", "days 第 {} 项：name 要写节日名，最多 40 个字"),
    ("days, place {}: isOffDay must be true or false", "days 第 {} 项：isOffDay 只能写 true 或 false"),
    (
        "days, place {}: {} is not a date like 2026-01-31",
        "days 第 {} 项：date 的“{}”不是日期，请写成 2026-01-31 的样子",
    ),
    ("day {} is there twice", "{} 这一天写了两次"),
    ("the name is longer than {} characters", "名称超过 {} 个字，请写短些"),
    ("the name has signs that cannot be shown", "名称里有显示不出的字符，请重新输入"),
    # routing.rows
    ("{} is empty", "“{}”没有填"),
    ("{} {} is none of {}", "“{}”不能写“{}”，可以写：{}"),
    ("{} {} is neither yes nor no", "“{}”不能写“{}”，只能写 yes（是）或 no（否）"),
    ("{} {} is not a date like 2026-01-31", "“{}”里的“{}”不是日期，请写成 2026-01-31 的样子"),
    ("unknown column {}", "没有“{}”这一列，请核对表头"),
    # routing.catalogue
    ("ends on {}, before it begins on {}", "失效日 {} 早于生效日 {}"),
    (
        "{} names no level after the @",
        "“{}”在 @ 后面要写层级：city（市级）、district（区县级）、subdistrict（街道）或 community（社区）",
    ),
    ("no category begins with {}", "没有代码是“{}”或以它开头的分类"),
    ("area {} is not in areas.csv", "没有代码是“{}”的区划"),
    ("{} cannot assist itself", "“{}”已是主办，不能再做协办"),
    (
        "an entry without a lead cannot be dispatched automatically",
        "没有写主办的条目由派单台决定，不能自动派单，请写上主办或改成不自动",
    ),
    ("{} {} lies below the minimum level {}", "{}“{}”低于最低层级“{}”，部门的事不能派到下面"),
    ("one owner assists twice", "同一个协办写了两次，请去掉一个"),
    ("first is only for what property decides", "只有看产权的条目才写先行处置，请改“凭什么定”或去掉它"),
    (
        "whoever the text names cannot lead what is about its own conduct",
        "反映作风的条目不能由诉求里点名的单位主办，请改由它的上级或固定单位主办",
    ),
    ("department {} is not in departments.csv", "没有代码是“{}”的单位"),
    ("no department has the duty {}", "没有哪个单位有“{}”这项职责"),
    # routing.overlaps
    (
        "says the same case as line {} on the same days",
        "与第 {} 行的分类、属地、地点要求和关键词相同，日期又重叠，请改日期或去掉一行",
    ),
    (
        "category {} has no general entry after {}",
        "分类 {} 在 {} 以后没有通用条目（不限属地、地点和关键词的）",
    ),
    ("category {} has no general entry", "分类 {} 没有通用条目（不限属地、地点和关键词的）"),
    # routing.contracts
    ("category {} is not in categories.csv", "没有代码是“{}”的末级分类"),
    # routing.areas, routing.gazetteer
    ("area {} is there twice", "区划“{}”写了两次"),
    ("one city expected, found {}", "只能有一个市级区划，现在有 {} 个"),
    ("name {} is too short to be found in a text", "名称“{}”太短，至少两个字才能从诉求里认出来"),
    ("exactly the city has no parent", "市没有上级，其余区划都要写上级"),
    ("parent {} is not in the table", "表里没有代码是“{}”的上级"),
    ("a {} cannot lie in a {}", "{}区划不能归在{}区划下面"),
    ("place {} is there twice for area {}", "地点“{}”在区划 {} 里写了两次"),
    # routing.places
    ("only a road has parts, not a {}", "只有道路（road）能写“哪一段”，{} 不能写"),
    (
        "part {} is no side, stretch or house numbers of a road",
        "“{}”不像路的一侧、一段或门牌，可以写：路东、北段、1-120号、单号",
    ),
    ("part {} of {} has no other part in another area", "{1}只写了“{0}”这一段，请把另一区划的那一段也写上"),
    (
        "part {} is of another kind than {} in line {}",
        "“{0}”与第 {2} 行的“{1}”不是一种写法，同一条路请用同一种",
    ),
    ("part {} overlaps {} in line {}", "“{0}”与第 {2} 行的“{1}”重叠，请改门牌"),
    # routing.departments
    ("code {} would be read as a duty", "单位代码“{}”会被当成职责的写法，请换一个"),
    ("department {} is there twice", "单位代码“{}”写了两次"),
    ("duty {} in {} is already {}'s", "{} 这项职责在区划 {} 已经归 {}"),
    ("{} is its own superior", "“{}”绕一圈成了自己的上级"),
    ("no department at all", "一个单位都没有"),
    # routing.returns
    ("{} must be at least 1", "退单规则里的 {} 至少是 1"),
    ("no reason for a return is given", "没有写退单理由"),
    ("reasons.{} is not a table", "退单理由 {} 要写成一节"),
    ("unknown key {} in {}", "{1} 里没有“{0}”这一项，请核对"),
    ("{} must be a {}, not {}", "{} 的值要是 {}，不能是 {}"),
    # sla.tables, sla.allowance
    ("unknown key {}; known are {}", "没有“{}”这一项，可以写：{}"),
    ("{} must be a table", "“{}”要写成一节，单独一行写上 [名称]"),
    ("{} must be a list of tables, each headed [[{}]]", "“{0}”要一条条写，每条上面写一行 [[{1}]]"),
    ("{} must be a word or a list of words", "“{}”要写一个词，或方括号里的几个词"),
    ("unknown {} {}; known are {}", "“{}”不能写“{}”，可以写：{}"),
    ("{} must be true or false", "“{}”只能写 true（是）或 false（否）"),
    ('{} must be an allowance in quotes, such as "5wd"', '“{}”的时限要写在引号里，如 "5wd"'),
    ("an allowance is 1 to {}, not {}", "时限要在 1 到 {} 之间，不能是 {}"),
    (
        "{} cannot be extended by {}: the units differ",
        "办结时限 {} 不能按 {} 延期，两个单位要相同",
    ),
    (
        "{} is not an allowance such as 30m, 24h, 7d, 4wh or 5wd",
        "“{}”不是时限，请写成 30m、24h、7d、4wh 或 5wd 的样子",
    ),
    # sla.policy
    ("round_from must be a whole number from 1", "round_from（从第几轮起）要写 1 以上的整数"),
    (
        'no rule matches {}, {}, {}, round {}, and [all] has neither an allowance nor "none" for {}',
        '没有哪条管 {}、{}、{}、第 {} 轮的诉求，[all] 里也没有写 {} 的时限或 "none"',
    ),
    ('{} has neither an allowance nor "none" for {}', '{}没有写 {} 的时限，也没有写 "none"'),
    (
        "this rule never applies: [[target]] number {} takes every such ticket first",
        "这一条永远轮不到：第 {} 条 [[target]] 已经先管了所有这样的工单",
    ),
    ("no area begins with {}", "没有代码是“{}”或以它开头的区划"),
    # sla.calendars, sla.hours
    ("no department has the code {}", "没有代码是“{}”的单位"),
    ("{} is both closed and open", "{} 既写了休息又写了上班"),
    ("zone must be a time zone such as Asia/Shanghai, not {}", "zone 要写时区，如 Asia/Shanghai，不能是“{}”"),
    (
        'shifts must be pairs of hours such as ["09:00", "12:00"]',
        'shifts 要写成一段段上下班时间，如 [["09:00", "12:00"], ["14:00", "18:00"]]',
    ),
    ("{} is not an hour such as 09:00", "“{}”不是钟点，请写成 09:00 的样子"),
    (
        "a [[{}]] names either a day, or from and until",
        "[[{}]] 要么写 day（一天），要么写 from 和 until（起止）",
    ),
    (
        "{} from {} until {} must be in order, and a year at most",
        "[[{}]] 从 {} 到 {}：开始要早于结束，最长一年",
    ),
    ("{} is a date such as 2026-07-01, not {}", "“{}”要写日期，如 2026-07-01（不加引号），不能是 {}"),
    ("reason must be text", "reason（原因）要写文字"),
    (
        "hours without shifts must name the weekdays that they close",
        "没有上下班时间的 [[hours]] 要写明星期几",
    ),
    ("hours until {} end before they begin, on {}", "[[hours]] 到 {} 为止，早于开始的 {}"),
    ("the shift {}-{} ends before it begins", "{}-{} 这一班，下班早于上班"),
    ("the shift at {} begins before the one until {} ends", "{} 开始的一班与到 {} 的一班重叠"),
    # tomllib
    ("{} (at line {}, column {})", "第 {2} 个字符附近写法不对，请检查等号、引号和方括号"),
    ("{} (at end of document)", "到文件末尾，引号或方括号还没有合上"),
    # hotline.cities.files, hotline.cities.catalogue_files
    ("column {} is missing", "表头里缺“{}”这一列。请用导出的表来改，列要齐"),
    ("more than {} rows", "超过 {} 行，请核对是不是拿错了文件"),
    ("the file has no rows", "只有表头，一行内容也没有"),
    ("cannot be read: {}", "读不出来：{}"),
    ("is not encoded as UTF-8", "不是 UTF-8 编码，请另存为 UTF-8"),
    ("holds the control character {}", "有看不见的控制字符 {}，请删掉"),
    ("column {} is there twice", "表头里“{}”这一列写了两次"),
    ("{} columns where the header has {}", "有 {} 列，表头是 {} 列，多半是逗号或引号的问题"),
)
# What is wrong with a file before its first row is read: the names of classifier's TableFault.
FILES: Mapping[str, str] = {
    "MISSING": "没有这个文件：{path}",
    "EMPTY": "{name} 是空文件",
    "OTHER_KIND": "{name} 不是 csv 或 xlsx。请另存为 xlsx 或 UTF-8 编码的 csv",
    "NO_HEADER": "{name} 的第一行没有表头",
    "UTF_16": "{name} 是 UTF-16 编码。请另存为 UTF-8 编码的 csv",
    "ENCODING": "{name} 既不是 UTF-8 也不是 GB18030 编码。请另存为 UTF-8 编码的 csv",
    "QUOTES": "{name} 第 {row} 行起读不下去，多半是引号没有成对（{detail}）。请补上引号，或从原系统重新导出",
    "BROKEN_XLSX": "{name} 不是能打开的 xlsx 文件。请重新导出",
    "TOO_LONG": "{name} 超过 {row} 行。请改存 csv，或分成几个文件",
}

_SAID_BY_SYSTEM = {os.strerror(number): said for number, said in SYSTEM.items()}
_TERMS = {**COLUMNS, **EXAMPLE_COLUMNS, **_SAID_BY_SYSTEM, "lead": "主办", "this rule": "这一条"}
_NAMED = re.compile(r"(?P<key>[a-z_]+): (?P<rest>.+)", re.DOTALL)
_PLACE = re.compile(r"(?P<file>.+?)(?::(?P<line>[0-9]+))?: (?P<message>.+)", re.DOTALL)


def words(message: str) -> str:
    """Return what a library says of a table as people read it; as it was where it has no words here."""
    if named := _NAMED.fullmatch(message):  # what is wrong with the value of one key
        return f"{named['key']}：{words(named['rest'])}"
    for english, chinese in _PATTERNS:
        found = english.fullmatch(message)
        if found:
            return chinese.format(*map(_fact, found.groups()))
    return message


def placed(file: str, line: int | None, message: str) -> str:
    """Return `catalogue.csv 第 12 行：没有代码是“9999”或以它开头的分类`."""
    return f"{file}{f' 第 {line} 行' if line else ''}：{words(message)}"


def of_file(fault: str, path: Path, *, called: str, row: int | None, detail: str) -> str:
    """Return why no table could be read from a file, by the name of the TableFault."""
    return FILES[fault].format(path=path, name=called, row=row, detail=detail)


def of_city(broken: BrokenCity) -> str:
    return placed(broken.file, broken.line, broken.message)


def of_text(text: str) -> str:
    """Return the words for a BrokenCity that was kept as text."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return words(text)
    line = found["line"]
    return placed(found["file"], int(line) if line else None, found["message"])


def without_place(text: str) -> str:
    """Return the words for a BrokenCity that was kept as text, of a line that has no place yet."""
    found = _PLACE.fullmatch(text)
    return words(found["message"]) if found else words(text)


def _fact(written: str) -> str:
    """Return a fact without the quotation marks of a programmer; a column and a level by the clerk's name.

    A level in quotation marks is something that was written, as it was.
    """
    if written in LEVELS:
        return LEVELS[written]
    plain = (
        written[1:-1] if len(written) > 1 and written[0] == written[-1] and written[0] in "'\"" else written
    )
    return _TERMS.get(plain, plain)


def _compiled() -> Iterator[tuple[re.Pattern[str], str]]:
    for english, chinese in SENTENCES:
        yield re.compile("(.+?)".join(re.escape(part) for part in english.split("{}")), re.DOTALL), chinese


_PATTERNS = tuple(_compiled())
