"""Check the profile of a city without a database: it loads, its rules about time, its trial run."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from hotline import clock, labels
from hotline.cities.city import City
from hotline.cities.official_days import official_days
from hotline.cities.reading import load
from hotline.errors import BrokenCity
from hotline.settings import Settings
from sla import BrokenPolicy, Case, OfficialDay, trial

# Every day of a year, at an hour before and one after office hours begin anywhere.
_TRIED = tuple(timedelta(days=day, hours=hour) for day in range(366) for hour in (0, 12))


def check(place: str, settings: Settings, *, as_json: bool) -> int:
    """Report what is legal but should be known. Raises BrokenCity for what is not."""
    city = load(replace(settings, city=place).city_folder)
    tried = _try(city, clock.now())
    pairs = list(_overlaps(city))
    if as_json:
        print(
            json.dumps({"city": city.name, "deadlines_tried": tried, "overlaps": pairs}, ensure_ascii=False)
        )
        return 0
    print(f"{city.name}：档案可用。时限规则 {len(city.policy.targets) - 1} 条，试算 {tried} 个时限，都算得出")
    for one in pairs:
        print(
            f"targets.toml 第 {one['line']} 行（{one['rule']}）"
            f"和第 {one['later_line']} 行（{one['later_rule']}）都管这种工单：{one['case']}。按先写的算"
        )
    return 0


def _try(city: City, now: datetime) -> int:
    known = official_days(now.astimezone(city.zone).year)
    hours = city.calendars_with(OfficialDay(one.day, one.works, one.official, one.name) for one in known)
    starts = tuple(now + step for step in _TRIED)
    try:
        return sum(
            trial.try_on(office, city.policy, starts) for office in (hours.city, *hours.offices.values())
        )
    except BrokenPolicy as broken:
        raise BrokenCity("targets.toml", broken.line, broken.message) from broken


def _overlaps(city: City) -> Iterator[dict[str, str | int | None]]:
    targets = city.policy.targets
    for one in city.policy.overlaps():
        earlier, later = targets[one.earlier], targets[one.later]
        yield {
            "line": earlier.line,
            "rule": labels.rule(earlier.title),
            "later_line": later.line,
            "later_rule": labels.rule(later.title),
            "case": _words(city, one.case),
        }


def _words(city: City, case: Case) -> str:
    words = [labels.URGENCIES[case.urgency], labels.KINDS[case.kind], f"来自{labels.CHANNELS[case.channel]}"]
    if case.category:
        words.append(f"分类 {case.category}")
    if case.area:
        words.append(f"区划 {case.area}")
    if case.enterprise:
        words.append("涉企")
    return "、".join([*words, f"第 {case.round} 轮"])
