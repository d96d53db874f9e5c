"""The most specific entry wins, every loser knows why it lost, and nothing else decides."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing import Case, Catalogue, Criterion, Explanation, Loss, explain, route
from tests.routing.town import CATALOGUE, DAY, OFFICES, TOWN, catalogue

SMALL = ("0101", "0102", "0202")
GENERAL = """
category,area,level,keyword,lead,assisting,basis,minimum_level,auto,note,from,to
0,,,,D-CG,,总则,subdistrict,no,,,
"""
WORDS = ("供水", "电力", "井盖", "供水井", "小区内")
LEADS = ("D-CG", "D-JJ", "U-SHUI", "JE1", "CG@district", "JB@subdistrict", "named", "")


def explained(rules: Catalogue, category: str, area: str, text: str = "", day: date = DAY) -> Explanation:
    return explain(Case(category, area, text, day), rules, OFFICES, TOWN)


def loss_of(entry: str, area: str, text: str = "", day: date = DAY) -> tuple[Loss | None, dict[str, str]]:
    """Why an entry of 0301 that is written below the town's own did not win."""
    rules = catalogue(CATALOGUE + entry)
    line = len(CATALOGUE.strip().splitlines()) + 1
    found = explained(rules, "0301", area, text, day).considered
    (one,) = [each for each in found if each.entry.line == line]
    return one.loss, dict(one.facts)


@pytest.mark.parametrize(
    ("entry", "area", "loss", "facts"),
    [
        ("0301,,,停水,D-CG,,法,district,no,,2027-01-01,", "E11", Loss.NOT_YET, {"since": "2027-01-01"}),
        ("0301,,,停水,D-CG,,法,district,no,,,2025-12-31", "E11", Loss.EXPIRED, {"until": "2025-12-31"}),
        ("0301,W,,,D-CG,,法,district,no,,,", "E11", Loss.OTHER_AREA, {"area": "W"}),
        ("0301,E1,,,D-CG,,法,district,no,,,", "E", Loss.AREA_UNSURE, {"area": "E1", "known": "district"}),
        (
            "0301,,subdistrict,,D-CG,,法,district,no,,,",
            "E",
            Loss.LEVEL_UNSURE,
            {"level": "subdistrict", "known": "district"},
        ),
        ("0301,,,水压 停水,D-CG,,法,district,no,,,", "E11", Loss.NO_KEYWORD, {"keywords": "水压 停水"}),
        (
            "03,,,,D-CG,,法,district,no,,,",
            "E11",
            Loss.LESS_SPECIFIC,
            {"criterion": Criterion.CATEGORY, "line": "5"},
        ),
    ],
)
def test_an_entry_that_lost_says_why(entry, area, loss, facts):
    assert loss_of(entry, area) == (loss, facts)


@pytest.mark.parametrize(
    ("rows", "criterion"),
    [
        ("0301,E,,,D-CG,,法,district,no,,,\n03,,,停水,D-JJ,,法,district,no,,,", Criterion.KEYWORD),
        ("03,E,,,D-CG,,法,district,no,,,\n03,E1,,,D-JJ,,法,district,no,,,", Criterion.AREA),
        ("03,E1,,,D-CG,,法,district,no,,,\n0301,E1,,,D-JJ,,法,district,no,,,", Criterion.CATEGORY),
        ("03,E1,,,D-CG,,法,district,no,,,\n03,E1,subdistrict,,D-JJ,,法,district,no,,,", Criterion.LEVEL),
        ("03,,,停水,D-CG,,法,district,no,,,\n03,,,又停水,D-JJ,,法,district,no,,,", Criterion.LONGER),
        ("03,,,没有,D-CG,,法,district,no,,,\n03,,,停水,D-JJ,,法,district,no,,,", Criterion.EARLIER),
    ],
)
def test_what_told_two_fitting_entries_apart_is_named(rows, criterion):
    found = explained(catalogue(CATALOGUE + rows), "0301", "E11", "又停水了，没有通知")

    assert found.decision.lead == "D-JJ"
    (other,) = [each for each in found.considered if str(each.entry.lead) == "D-CG"]
    assert (other.loss, other.facts["criterion"]) == (Loss.LESS_SPECIFIC, criterion)


def test_whom_each_fitting_entry_meant_is_told():
    found = explained(catalogue(), "0801", "E11", "车停在小区内")

    assert [found.leads[each.entry.line] for each in found.considered] == ["JE1", "D-JJ"]


@dataclass(frozen=True)
class Line:
    category: str
    area: str
    level: str
    keywords: tuple[str, ...]
    lead: str
    since: date | None = None
    until: date | None = None

    @property
    def text(self) -> str:
        since, until = self.since or "", self.until or ""
        words = " ".join(self.keywords)
        return (
            f"{self.category},{self.area},{self.level},{words},{self.lead},,法,community,no,,{since},{until}"
        )


lines = st.builds(
    Line,
    category=st.sampled_from(("0", "01", "0101", "02", "0202")),
    area=st.sampled_from(("", "", "C", "E", "E1", "E11", "W")),
    level=st.sampled_from(("", "", "district", "subdistrict")),
    keywords=st.lists(st.sampled_from(WORDS), max_size=2, unique=True).map(tuple),
    lead=st.sampled_from(LEADS),
)


def apart(found: list[Line]) -> list[Line]:
    """Keep those that no earlier one contradicts, as the catalogue demands."""
    taken: set[tuple[str, ...]] = {("0", "", "", "")}
    kept = []
    for line in found:
        keys = {(line.category, line.area, line.level, word) for word in line.keywords or ("",)}
        if keys.isdisjoint(taken):
            taken |= keys
            kept.append(line)
    return kept


catalogues = st.lists(lines, max_size=12).map(apart)
cases = st.builds(
    Case,
    category=st.sampled_from(SMALL),
    area=st.sampled_from([area.code for area in TOWN.areas]),
    text=st.lists(st.sampled_from((*WORDS, "，", "市城管局", "交警", "望帆办")), max_size=5).map("".join),
    day=st.just(DAY),
)


def made_of(found: list[Line]) -> Catalogue:
    return catalogue(GENERAL + "\n".join(line.text for line in found), SMALL)


@settings(deadline=None)
@given(catalogues, cases)
def test_explaining_and_routing_agree(found, case):
    rules = made_of(found)

    assert explain(case, rules, OFFICES, TOWN).decision == route(case, rules, OFFICES, TOWN)


@settings(deadline=None)
@given(catalogues, cases)
def test_every_entry_of_the_category_is_considered_once_and_one_wins(found, case):
    rules = made_of(found)

    told = explain(case, rules, OFFICES, TOWN)

    assert sorted(each.entry.line for each in told.considered) == sorted(
        entry.line for entry in rules.entries if case.category.startswith(entry.category)
    )
    (winner,) = [each for each in told.considered if each.loss is None]
    assert winner.entry == told.decision.entry == told.considered[0].entry


@settings(deadline=None)
@given(catalogues, cases)
def test_no_entry_that_fits_is_more_specific_than_the_winner(found, case):
    winner, *others = explain(case, made_of(found), OFFICES, TOWN).considered

    for other in others:
        if other.loss is Loss.LESS_SPECIFIC:
            asks_more = (
                bool(other.keyword) >= bool(winner.keyword)
                and depth(other.entry.area) >= depth(winner.entry.area)
                and len(other.entry.category) >= len(winner.entry.category)
                and level(other.entry.level) >= level(winner.entry.level)
                and len(other.keyword or "") >= len(winner.keyword or "")
            )
            # Only the place of its word in the text may be left to tell the two apart.
            assert not asks_more or other.facts["criterion"] == Criterion.EARLIER


def depth(area: str | None) -> int:
    return TOWN.area(area).level.depth if area else -1


def level(asked) -> int:
    return asked.depth if asked else -1


@settings(deadline=None)
@given(catalogues, cases, st.data())
def test_the_order_of_the_lines_changes_nothing(found, case, data):
    shuffled = data.draw(st.permutations(found))

    before, after = (route(case, made_of(each), OFFICES, TOWN) for each in (found, shuffled))

    assert (after.lead, after.assisting, after.auto) == (before.lead, before.assisting, before.auto)
    assert after.entry
    assert before.entry
    assert after.entry.rule == before.entry.rule
    assert [each.code for each in after.reasons] == [each.code for each in before.reasons]


@settings(deadline=None)
@given(catalogues, cases, lines, st.booleans())
def test_an_entry_that_is_not_in_force_changes_nothing(found, case, line, over):
    yesterday, tomorrow = DAY - timedelta(days=1), DAY + timedelta(days=1)
    # It stands behind the others, so that their lines stay; written for a time when none of them spoke.
    bounded = [replace(each, since=DAY, until=DAY) for each in found]
    absent = replace(line, until=yesterday) if over else replace(line, since=tomorrow)

    with_it = made_of([*bounded, absent]) if (line.keywords or line.area or line.level) else None

    if with_it:
        assert route(case, with_it, OFFICES, TOWN) == route(case, made_of(bounded), OFFICES, TOWN)
