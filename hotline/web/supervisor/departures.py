"""What a trial of rules changes, in words."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from hotline import labels
from hotline.cities import other_rules
from hotline.cities.city import City
from hotline.models.what_if import WhatIf
from hotline.web.supervisor.rulebook import city_of, columns_of, rule_name, shifts_of, shifts_text, times_of
from hotline.work import Work
from sla import Allowance, Policy


@dataclass(frozen=True)
class Change:
    """Where a trial departs from the rules in force; both sides empty where that is a whole file."""

    name: str
    before: str = ""
    after: str = ""


def changes(work: Work, run: WhatIf) -> list[Change]:
    """Return what a trial changes, held against the rules in force now; empty where it no longer fits."""
    city = city_of(work, run)
    if city is None:
        return []
    return [*_of_policy(work, city.policy), *_of_hours(work.city, city)]


def _of_policy(work: Work, policy: Policy) -> Iterator[Change]:
    before = work.city.policy
    for one in fields(before.rules):
        mine, its = getattr(before.rules, one.name), getattr(policy.rules, one.name)
        if mine != its:
            yield Change(_rule_words(one.name), _setting(mine), _setting(its))
    if [one.conditions for one in before.targets] != [one.conditions for one in policy.targets]:
        yield Change("换了整份办理时限，规则的条数或条件与现行的不同")
        return
    columns = tuple(dict.fromkeys((*columns_of(before), *columns_of(policy))))
    for mine, its in zip(before.targets, policy.targets, strict=True):
        times = zip(columns, times_of(mine, columns), times_of(its, columns), strict=True)
        for column, old, new in times:
            if old != new:
                head = labels.STAGES.get(column, "延期")
                yield Change(f"{rule_name(work.city, mine.conditions)} · {head}", _said(old), _said(new))


def _rule_words(name: str) -> str:
    return "办结时限起算" if name == "resolve_starts" else labels.CLOCK_RULES.get(name, name)


def _setting(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return labels.RESOLVE_STARTS.get(str(value), str(value))


def _said(allowance: Allowance | None) -> str:
    return labels.allowance(str(allowance)) if allowance else "不设"


def _of_hours(city: City, other: City) -> Iterator[Change]:
    if shifts_of(city) != shifts_of(other):
        yield Change("上班时间", shifts_text(city), shifts_text(other))
    mine, its = ({**other_rules.hours_table(one), "shifts": None} for one in (city, other))
    if mine != its:
        yield Change("换了作息里的其他内容：季节、单位或休息日")
