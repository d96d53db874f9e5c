"""The same city under another targets.toml or calendar.toml: what a trial of rules (试算) is made with."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date

from hotline.cities import calendars, reading
from hotline.cities.calendars import HOURS
from hotline.cities.city import City
from hotline.cities.files import Profile
from hotline.errors import BrokenCity
from sla import OfficialDay, Policy, Stage, Target

TARGETS = "targets.toml"
_NONE = "none"


def with_targets(city: City, text: str, *, called: str = TARGETS) -> City:
    """Return the city under the targets of `text`. Raises BrokenCity, which names the file as `called`."""
    with _calling(called):
        policy = reading.targets_of(Profile({TARGETS: text}), city.taxonomy, city.gazetteer, city.calendars)
    return replace(city, policy=policy)


def with_hours(city: City, text: str, official_days: Iterable[OfficialDay], *, called: str = HOURS) -> City:
    """Return the city in the office hours of `text`, official days as known. Raises BrokenCity."""
    with _calling(called):
        return replace(city, hours=text, calendars=calendars.parse(text, official_days, city.departments))


@contextmanager
def _calling(name: str) -> Iterator[None]:
    try:
        yield
    except BrokenCity as broken:
        raise BrokenCity(name, broken.line, broken.message) from broken


def targets_text(policy: Policy) -> str:
    """Write a policy as a targets.toml that means the same."""
    *rules, everywhere = policy.targets
    table = {
        "rules": asdict(policy.rules),
        "all": _times(everywhere, everywhere),
        "target": [{**_conditions(rule), **_times(rule, everywhere)} for rule in rules],
    }
    return toml_text(table)


def hours_table(city: City) -> Mapping[str, object]:
    """Return what the calendar.toml of the city says."""
    return tomllib.loads(city.hours)


def _times(target: Target, beneath: Target) -> dict[str, str]:
    allowances = {stage: target.allowances[stage] for stage in Stage if stage in target.allowances}
    times = {str(stage): str(allowance or _NONE) for stage, allowance in allowances.items()}
    if target.extension or beneath.extension:
        times["extension"] = str(target.extension or _NONE)
    return times


def _conditions(target: Target) -> dict[str, object]:
    asked = target.conditions
    conditions: dict[str, object] = {
        "kind": list(asked.kinds),
        "urgency": list(asked.urgencies),
        "category": list(asked.categories),
        "area": list(asked.areas),
        "channel": list(asked.channels),
    }
    found = {key: value for key, value in {"name": target.name, **conditions}.items() if value}
    if asked.enterprise is not None:
        found["enterprise"] = asked.enterprise
    return found if asked.round_from == 1 else {**found, "round_from": asked.round_from}


def toml_text(table: Mapping[str, object]) -> str:
    """Write a table of plain values, tables and lists of tables as TOML."""
    lines = [f"{key} = {_value(value)}" for key, value in table.items() if not _heads(value)]
    for key, value in table.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{key}]", toml_text(value).rstrip()]
        elif isinstance(value, list) and _heads(value):
            for row in value:
                lines += ["", f"[[{key}]]", toml_text(row).rstrip()]
    return "\n".join(lines).lstrip("\n") + "\n"


def _heads(value: object) -> bool:
    """Whether a value stands under a heading of its own."""
    is_table_list = isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)
    return isinstance(value, Mapping) or is_table_list


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    # TOML's basic strings are JSON's; its dates stand bare.
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
