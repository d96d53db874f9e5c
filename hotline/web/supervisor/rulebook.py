"""The rules of a trial as a form: shown as a sheet that can be changed, read back as the two files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hotline import labels
from hotline.cities import other_rules
from hotline.cities.calendars import HOURS
from hotline.cities.city import City
from hotline.cities.files import decoded
from hotline.cities.other_rules import TARGETS
from hotline.errors import BrokenCity, InvalidInput
from hotline.models.what_if import WhatIf
from hotline.tickets.whatif import rules, runs
from hotline.web import names
from hotline.work import Work
from sla import Allowance, Policy, ResolveStart, Stage, Target
from sla.allowance import parse as parse_allowance
from sla.case import Conditions

NONE = "none"
EXTENSION = "extension"
_SHIFT = re.compile(r"([0-9]{1,2}:[0-9]{2})\s*[-–—~到至]\s*([0-9]{1,2}:[0-9]{2})")
_BETWEEN = re.compile(r"[\s,，、;；]*")


@dataclass(frozen=True)
class Line:
    """One rule: whom it is for, and its times as they are written, in the order of the columns."""

    name: str
    times: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    columns: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def heads(self) -> list[str]:
        return [labels.STAGES.get(one, "延期") for one in self.columns]


def sheet_of(work: Work, policy: Policy) -> Sheet:
    """Return every rule with its times; of the stages those that any rule speaks of."""
    columns = columns_of(policy)
    lines = (
        Line(rule_name(work.city, target.conditions), tuple(map(_written, times_of(target, columns))))
        for target in policy.targets
    )
    return Sheet(columns, tuple(lines))


def columns_of(policy: Policy) -> tuple[str, ...]:
    """Return the stages that any rule speaks of, and after resolve the extension."""
    spoken_of = {stage for target in policy.targets for stage in target.allowances}
    stages = [stage for stage in Stage if stage in spoken_of]
    extended = any(target.extension for target in policy.targets)
    return tuple(
        name
        for stage in stages
        for name in ((stage, EXTENSION) if stage is Stage.RESOLVE and extended else (stage,))
    )


def times_of(target: Target, columns: Sequence[str]) -> list[Allowance | None]:
    return [target.extension if one == EXTENSION else target.allowances.get(Stage(one)) for one in columns]


def _written(allowance: Allowance | None) -> str:
    return str(allowance or NONE)


def rule_name(city: City, asked: Conditions) -> str:
    """Say in words for which tickets a rule is."""
    named = [
        "、".join(labels.KINDS[one] for one in asked.kinds),
        "、".join(labels.URGENCIES[one] for one in asked.urgencies),
        "、".join(_category(city, one) for one in asked.categories),
        "、".join(_area(city, one) for one in asked.areas),
        "、".join(labels.CHANNELS[one] for one in asked.channels),
        "" if asked.enterprise is None else "企业诉求" if asked.enterprise else "个人诉求",
        "" if asked.round_from == 1 else f"第 {asked.round_from} 轮起（重办）",
    ]
    return " · ".join(filter(None, named)) or "其余"


def _category(city: City, prefix: str) -> str:
    return city.taxonomy[prefix].name if prefix in city.taxonomy else prefix


def _area(city: City, prefix: str) -> str:
    return names.area_name(city, prefix) if prefix in city.gazetteer else prefix


def standing(work: Work, like: WhatIf | None) -> City:
    """Return the city whose rules a form begins with: those of a trial, as far as they can still be read."""
    return (city_of(work, like) or work.city) if like else work.city


def city_of(work: Work, run: WhatIf) -> City | None:
    """Return the city under the rules of a trial; None where they no longer fit, or are those in force."""
    try:
        return rules.question_of(work, runs.asked_of(run)).city
    except InvalidInput:
        return None


def shifts_text(city: City) -> str:
    """Write the usual hours: `09:00-12:00 14:00-18:00`."""
    return " ".join("-".join(shift) for shift in shifts_of(city))


def shifts_of(city: City) -> list[list[str]]:
    """Return the usual hours as the file of the city has them."""
    shifts = other_rules.hours_table(city)["shifts"]
    return shifts if isinstance(shifts, list) else []


@dataclass(frozen=True)
class Typed:
    """What the form says. `times`: of every rule, line by line; `stops`: the clock rules that hold."""

    times: Sequence[str]
    resolve_starts: ResolveStart
    stops: Sequence[str]
    shifts: str


def texts_of(work: Work, like: WhatIf | None, typed: Typed) -> dict[str, str]:
    """Return the two files that the form makes, empty for what stays in force. Raises InvalidInput."""
    city = standing(work, like)
    policy = _policy(city.policy, sheet_of(work, city.policy), typed)
    shifts = _read_shifts(typed.shifts)
    before = (like.targets, like.hours) if like else ("", "")
    is_same = (policy.rules, policy.targets) == (city.policy.rules, city.policy.targets)
    hours = {**other_rules.hours_table(city), "shifts": shifts}
    return {
        TARGETS: before[0] if is_same else other_rules.targets_text(policy),
        HOURS: before[1] if shifts == shifts_of(city) else other_rules.toml_text(hours),
    }


def _policy(policy: Policy, sheet: Sheet, typed: Typed) -> Policy:
    width = len(sheet.columns)
    if len(typed.times) != width * len(sheet.lines):
        raise InvalidInput({"allowances": "missing"})
    targets = tuple(
        _target(target, sheet, typed.times[place * width : (place + 1) * width], sheet.lines[place].name)
        for place, target in enumerate(policy.targets)
    )
    stops = {name: name in typed.stops for name in labels.CLOCK_RULES}
    clocks = replace(policy.rules, resolve_starts=typed.resolve_starts, **stops)
    return replace(policy, rules=clocks, targets=targets)


def _target(target: Target, sheet: Sheet, times: Sequence[str], name: str) -> Target:
    read = {
        column: _allowance(written, f"“{name}”的{head}")
        for column, head, written in zip(sheet.columns, sheet.heads, times, strict=True)
    }
    extension = read.pop(EXTENSION, target.extension)
    # Where no rule says anything of a stage, silence means the same as none.
    spoken = {Stage(one): value for one, value in read.items()}
    kept = {one: value for one, value in spoken.items() if value or one in target.allowances}
    return replace(target, allowances=kept, extension=extension)


def _allowance(written: str, where: str) -> Allowance | None:
    try:
        return None if written.strip() == NONE else parse_allowance(written.strip())
    except ValueError:
        raise InvalidInput({"allowances": f"no_allowance:{where}写了 {written.strip()}"}) from None


def _read_shifts(written: str) -> list[list[str]]:
    found = [[opens.zfill(5), closes.zfill(5)] for opens, closes in _SHIFT.findall(written)]
    if not found or _BETWEEN.sub("", _SHIFT.sub("", written)):
        raise InvalidInput({"shifts": "shifts"})
    return found


def handed(name: str, field: str, content: bytes) -> str:
    """Return the text of a file that was handed in. Raises InvalidInput."""
    try:
        return decoded(name, content)
    except BrokenCity as broken:
        raise InvalidInput({field: f"broken_rules:{broken}"}) from broken
