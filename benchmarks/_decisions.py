"""A catalogue as large as a large city's: how long do loading it, a decision and its explanation take?"""

import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from benchmarks._town import seconds_of
from routing import Case, Catalogue, Departments, Gazetteer, explain, route
from routing.rows import Rows

Rules = tuple[Catalogue, Departments, Gazetteer]

DISTRICTS, TOWNS, CATEGORIES, ENTRIES = 20, 479, 142, 5_000
DAY = date(2026, 11, 24)
CITY = "C"
WORDS = ("路灯", "井盖", "噪音", "油烟", "积水", "树枝", "停车", "广告", "垃圾", "围挡")


def measure() -> None:
    """Print the time to load the catalogue, to decide, beside a bare walk over its words, and to explain."""
    areas = list(_areas())
    gazetteer = Gazetteer.parse(_rows(areas), [])
    departments = Departments.parse(_rows(_departments(areas)), gazetteer)
    categories = [f"{number:04}" for number in range(1, CATEGORIES + 1)]
    entries = _rows(_entries(categories, areas))
    began = time.perf_counter()
    catalogue = Catalogue.parse(entries, categories=categories, areas=gazetteer, departments=departments)
    loaded = time.perf_counter() - began
    print(
        f"catalogue of {len(catalogue.entries)} entries, {len(areas)} areas, {CATEGORIES} categories: ",
        end="",
    )
    print(f"loads in {loaded:.2f} s")
    towns = [area["code"] for area in areas if area["level"] == "subdistrict"]
    text = "楼下的路灯坏了一个月，晚上看不见路，井盖也松了，希望尽快修好。" * 6
    cases = [Case(category, town, text, DAY) for category in categories for town in towns[:: TOWNS // 10]]
    rules = catalogue, departments, gazetteer
    ours = seconds_of(partial(_each, route, cases, rules), rounds=3) / len(cases)
    told = seconds_of(partial(_each, explain, cases, rules), rounds=3) / len(cases)
    bare = seconds_of(lambda: [any(w in case.text for w in WORDS) for case in cases], rounds=3) / len(cases)
    print(
        f"one decision {ours * 1e6:.0f} µs, a look for {len(WORDS)} words in its text {bare * 1e6:.1f} µs",
        end="",
    )
    print(f", ratio {ours / bare:.0f}")
    print(f"one explanation {told * 1e6:.0f} µs, ratio to the decision {told / ours:.1f}")


def _each(decide: Callable[..., object], cases: list[Case], rules: Rules) -> None:
    for case in cases:
        decide(case, *rules)


def _rows(lines: Iterator[dict[str, str]] | list[dict[str, str]]) -> Rows:
    return list(enumerate(lines, start=2))


def _areas() -> Iterator[dict[str, str]]:
    yield {"code": CITY, "name": "试验市", "level": "city", "parent": "", "aliases": ""}
    for district in range(DISTRICTS):
        code = f"{CITY}{district:02}"
        yield {"code": code, "name": f"第{district}区", "level": "district", "parent": CITY, "aliases": ""}
    for town in range(TOWNS):
        parent = f"{CITY}{town % DISTRICTS:02}"
        code, name = f"{parent}{town:03}", f"第{town}街道"
        yield {"code": code, "name": name, "level": "subdistrict", "parent": parent, "aliases": ""}


def _departments(areas: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    kinds = {"city": "bureau", "district": "bureau", "subdistrict": "subdistrict"}
    for area in areas:
        yield _department(area, kinds[area["level"]], "CG")
        if area["level"] == "district":
            yield _department(area, "district", "ZF")


def _department(area: dict[str, str], kind: str, duty: str) -> dict[str, str]:
    name = f"{area['name']}{duty}"
    return {
        "code": f"{area['code']}-{duty}",
        "name": name,
        "short": name,
        "kind": kind,
        "duty": duty,
        "area": area["code"],
        "parent": "",
        "evaluated": "yes",
        "aliases": "",
    }


def _entries(categories: list[str], areas: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Yield one general entry a category, then entries for a town each, every other one with a word."""
    for category in categories:
        yield _entry(category, "", "")
    for number in range(ENTRIES - len(categories)):
        area = areas[1 + number // len(categories) * 7 % (len(areas) - 1)]["code"]
        yield _entry(
            categories[number % len(categories)], area, WORDS[number % len(WORDS)] if number % 2 else ""
        )


def _entry(category: str, area: str, keyword: str) -> dict[str, str]:
    return {
        "category": category,
        "area": area,
        "level": "",
        "keyword": keyword,
        "lead": "CG@district",
        "assisting": "",
        "basis": "市容条例",
        "minimum_level": "subdistrict",
        "auto": "yes",
        "note": "",
        "from": "",
        "to": "",
    }
