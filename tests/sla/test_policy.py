import tomllib
from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import KINDS, URGENCIES, BrokenPolicy, Case, Policy, ResolveStart, Stage
from sla.case import Conditions
from sla.policy import PROVED_STAGES, parse

TARGETS = """
[rules]
resolve_starts = "accept"
return_stops_resolve = true

[all]
dispatch = "2wh"
accept = "1wd"
contact = "1wd"
resolve = "5wd"
review = "1wd"
follow_up = "3wd"

[[target]]
round_from = 2
accept = "4wh"
resolve = "3wd"

[[target]]
urgency = "critical"
accept = "15m"
resolve = "2h"

[[target]]
kind = ["complaint", "report"]
category = ["03", "0701"]
area = "3301"
channel = "phone"
resolve = "15wd"
extension = "15wd"

[[target]]
enterprise = true
resolve = "10wd"
supervision = "3wd"

[[target]]
kind = "praise"
accept = "none"
contact = "none"
resolve = "none"
"""


def policy_of(text: str) -> Policy:
    return parse(tomllib.loads(text))


POLICY = policy_of(TARGETS)
COMPLAINT = Case("complaint", "normal", category="0312", area="330102", channel="phone")


def written(stage: Stage, case: Case) -> str:
    return str(POLICY.allowance(stage, case) or "none")


@pytest.mark.parametrize(
    ("case", "resolve"),
    [
        (Case("help", "normal"), "5wd"),
        (Case("help", "critical"), "2h"),
        (Case("help", "critical", round=2), "3wd"),
        (Case("help", "normal", round=3), "3wd"),
        (COMPLAINT, "15wd"),
        (Case("report", "normal", category="070155", area="3301", channel="phone"), "15wd"),
        (Case("complaint", "normal", category="0702", area="3301", channel="phone"), "5wd"),
        (Case("complaint", "normal", category="0312", area="3302", channel="phone"), "5wd"),
        (Case("complaint", "normal", category="0312", area="3301", channel="web"), "5wd"),
        (Case("complaint", "normal", area="3301", channel="phone"), "5wd"),  # not yet classified
        (Case("help", "normal", enterprise=True), "10wd"),
        (Case("praise", "normal"), "none"),
    ],
)
def test_the_first_rule_that_matches_wins(case: Case, resolve: str) -> None:
    assert written(Stage.RESOLVE, case) == resolve


def test_where_the_rule_is_silent_all_speaks_and_not_a_later_rule() -> None:
    critical_enterprise = Case("help", "critical", enterprise=True)

    assert written(Stage.ACCEPT, critical_enterprise) == "15m"
    assert written(Stage.REVIEW, critical_enterprise) == "1wd"
    assert written(Stage.SUPERVISION, critical_enterprise) == "none"


def test_an_extension_belongs_to_the_rule_that_won() -> None:
    assert str(POLICY.extension(COMPLAINT)) == "15wd"
    assert POLICY.extension(Case("complaint", "critical", category="0312", area="3301")) is None


def test_the_rules_of_the_clock_are_lines_of_the_file() -> None:
    assert POLICY.rules.resolve_starts is ResolveStart.ACCEPT
    assert POLICY.rules.return_stops_resolve
    assert POLICY.rules.suspension_pauses


def test_the_version_changes_with_the_rules_and_not_with_the_comments() -> None:
    assert policy_of("# a remark\n" + TARGETS).version == POLICY.version
    assert policy_of(TARGETS.replace("15wd", "14wd")).version != POLICY.version


@given(
    st.builds(
        Case,
        st.sampled_from(["enquiry", "help", "complaint", "report", "suggestion", "praise"]),
        st.sampled_from(["normal", "urgent", "critical"]),
        st.sampled_from(["", "03", "0312", "0701", "99"]),
        st.sampled_from(["", "3301", "330102", "4401"]),
        st.sampled_from(["phone", "web", "app"]),
        st.booleans(),
        st.integers(1, 5),
    )
)
@settings(deadline=None)
def test_every_ticket_has_a_target_for_every_proved_stage(case: Case) -> None:
    assert set(PROVED_STAGES) <= POLICY.target_for(case).allowances.keys()


ALL = {
    "dispatch": "2wh", "accept": "1wd", "contact": "1wd",
    "resolve": "5wd", "review": "1wd", "follow_up": "3wd",
}  # fmt: skip
WITHOUT_RESOLVE = {stage: allowance for stage, allowance in ALL.items() if stage != "resolve"}


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ({"kind": "grumble"}, "unknown kind 'grumble'"),
        ({"kind": ["help", "grumble"]}, "unknown kind 'grumble'"),
        ({"kind": []}, "kind must be a word"),
        ({"kind": 3}, "kind must be a word"),
        ({"urgency": "very"}, "unknown urgency"),
        ({"channel": "fax"}, "unknown channel"),
        ({"category": ""}, "category must be a word"),
        ({"enterprise": "yes"}, "enterprise must be true or false"),
        ({"round_from": 0}, "round_from"),
        ({"round_from": True}, "round_from"),
        ({"solve": "5wd"}, "unknown key 'solve'"),
        ({"resolve": "5 days"}, "resolve: '5 days' is not an allowance"),
        ({"resolve": 5}, "resolve must be an allowance in quotes"),
        ({"resolve": "24h", "extension": "5wd"}, "units differ"),
    ],
)
def test_a_broken_rule_is_refused_with_its_place_and_line(target: dict[str, object], complaint: str) -> None:
    fine = {"kind": "praise", "resolve": "none"}

    with pytest.raises(BrokenPolicy, match=complaint) as refused:
        parse({"all": ALL, "target": [fine, target]}, line_of=lambda rule: 10 + rule)

    assert (refused.value.rule, refused.value.line) == (1, 11)


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"all": ALL, "targets": []}, "unknown key 'targets'"),
        ({"all": ALL, "target": {}}, "list of tables"),
        ({"all": ALL | {"kind": "help"}}, "unknown key 'kind'"),
        ({"all": ALL, "rules": {"resolve_starts": "never"}}, "unknown resolve_starts"),
        ({"all": ALL, "rules": {"suspension_pauses": 1}}, "suspension_pauses must be true or false"),
        ({"all": WITHOUT_RESOLVE}, "neither an allowance nor \"none\" for resolve"),
        ({}, "dispatch, accept, contact, resolve, review, follow_up"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused(table: Mapping[str, object], complaint: str) -> None:
    with pytest.raises(BrokenPolicy, match=complaint) as refused:
        parse(table)

    assert refused.value.rule is None


def test_a_rule_that_leaves_a_stage_open_is_refused() -> None:
    with pytest.raises(BrokenPolicy, match=r"this rule has neither .* for resolve") as refused:
        parse({"all": WITHOUT_RESOLVE, "target": [{"category": "03", "contact": "none"}]})

    assert refused.value.rule == 0


def test_the_trial_finds_the_ticket_that_no_rule_takes() -> None:
    by_kind = {"kind": ["enquiry", "help", "complaint", "report", "suggestion"], "resolve": "5wd"}
    by_phone = {"kind": "praise", "channel": "phone", "resolve": "none"}

    with pytest.raises(BrokenPolicy, match=r"praise, normal, wechat, round 1.* for resolve"):
        parse({"all": WITHOUT_RESOLVE, "target": [by_kind, by_phone]})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"kind": "help"}),
        ({"kind": ["help", "enquiry"]}, {"kind": "help", "urgency": "urgent"}),
        ({"category": "03"}, {"category": ["0301", "0302"]}),
        ({"area": "33"}, {"area": "3301", "channel": "web"}),
        ({"enterprise": True}, {"enterprise": True, "kind": "help"}),
        ({"round_from": 2}, {"round_from": 3}),
    ],
)
def test_a_rule_that_an_earlier_one_hides_is_refused(first: dict[str, str], second: dict[str, str]) -> None:
    with pytest.raises(BrokenPolicy, match="never applies") as refused:
        parse({"all": ALL, "target": [first, second]})
    parse({"all": ALL, "target": [second, first]})

    assert refused.value.rule == 1


NORTH, SOUTH = {"area": ["3301", "3302"]}, {"area": "3303"}


@pytest.mark.parametrize(
    ("earlier", "hidden", "by"),
    [
        (
            [{"urgency": "critical"}, {"urgency": ["urgent", "normal"], "kind": "help"}],
            {"kind": "help", "category": "03"},
            "1, 2",
        ),
        ([{"enterprise": True}, {"kind": "report"}, {"enterprise": False}], {"urgency": "urgent"}, "1, 3"),
        ([NORTH, SOUTH], {"area": ["330101", "3303"]}, "1, 2"),
        (
            [{"round_from": 2}, {"channel": "web"}, {"kind": "help"}],
            {"kind": ["help"], "channel": ["web", "app"]},
            None,
        ),
    ],
)
def test_a_rule_that_several_hide_together_is_refused_with_their_numbers(
    earlier: list[dict[str, object]], hidden: dict[str, object], by: str | None
) -> None:
    together = rf"numbers {by} together" if by else "number 3 takes every such ticket"

    with pytest.raises(BrokenPolicy, match=together) as refused:
        parse({"all": ALL, "target": [*earlier, hidden]}, line_of=lambda rule: 20 + rule)

    assert refused.value.line == 20 + len(earlier)


def test_a_rule_that_keeps_one_sort_of_ticket_is_fine() -> None:
    urgent, first_rounds = {"urgency": ["urgent", "critical"]}, {"round_from": 2, "kind": "help"}

    policy = parse({"all": ALL, "target": [urgent, first_rounds, {"kind": "help", "resolve": "3wd"}]})

    assert str(policy.allowance(Stage.RESOLVE, Case("help", "normal"))) == "3wd"


def test_rules_that_share_tickets_are_reported_with_one_of_them() -> None:
    critical, enterprise = {"urgency": "critical"}, {"enterprise": True, "category": "03"}

    policy = parse({"all": ALL, "target": [critical, {"urgency": "normal"}, enterprise]})

    assert [(one.earlier, one.later) for one in policy.overlaps()] == [(0, 2), (1, 2)]
    assert policy.overlaps()[0].case == Case("enquiry", "critical", "03", "", "phone", True)


def test_an_exception_before_the_rule_is_no_overlap() -> None:
    narrow, wide = {"kind": "help", "urgency": "urgent"}, {"kind": "help"}

    assert not parse({"all": ALL, "target": [narrow, wide]}).overlaps()


def some(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


def rules_of_chance() -> st.SearchStrategy[list[dict[str, object]]]:
    rule = st.fixed_dictionaries(
        {},
        optional={
            "kind": some("help", "report", "praise"),
            "urgency": some("normal", "urgent", "critical"),
            "category": some("03", "0301", "04"),
            "enterprise": st.booleans(),
            "round_from": st.integers(1, 3),
        },
    )
    return st.lists(rule, min_size=1, max_size=5)


@given(rules_of_chance())
@settings(deadline=None)
def test_a_rule_is_refused_when_and_only_when_no_ticket_reaches_it(rules: list[dict[str, object]]) -> None:
    conditions = [asked(rule) for rule in rules]
    reached = {
        next((place for place, one in enumerate(conditions) if one.match(case)), None)
        for case in product_of_cases()
    }
    never = [place for place in range(len(rules)) if place not in reached]

    if not never:
        assert len(parse({"all": ALL, "target": rules}).targets) == len(rules) + 1
        return
    with pytest.raises(BrokenPolicy, match="never applies") as refused:
        parse({"all": ALL, "target": rules})
    assert refused.value.rule == never[0]


def asked(rule: dict[str, Any]) -> Conditions:
    return Conditions(
        kinds=tuple(rule.get("kind", ())),
        urgencies=tuple(rule.get("urgency", ())),
        categories=tuple(rule.get("category", ())),
        enterprise=rule.get("enterprise"),
        round_from=rule.get("round_from", 1),
    )


def product_of_cases() -> list[Case]:
    return [
        Case(kind, urgency, category, "", "phone", enterprise, nth)
        for kind, urgency, category, enterprise, nth in product(
            KINDS, URGENCIES, ("", "03", "0301", "0302", "04"), (False, True), (1, 2, 3)
        )
    ]


def test_a_rule_is_known_by_its_number_and_its_name() -> None:
    policy = parse({"all": ALL, "target": [{"urgency": "critical", "name": "特急"}, {"kind": "praise"}]})

    titles = [target.title for target in policy.targets]

    assert titles == ["1 特急", "2", "all"]


@pytest.mark.parametrize(("resolve", "extension"), [("3wd", "4wd"), ("24h", "25h")])
def test_an_extension_longer_than_what_it_extends_is_refused_unless_the_city_wants_it(
    resolve: str, extension: str
) -> None:
    target = {"kind": "help", "resolve": resolve, "extension": extension}

    with pytest.raises(BrokenPolicy, match=f"{extension} is longer than the {resolve}") as refused:
        parse({"all": ALL, "target": [target]})
    parse({"all": ALL, "target": [target], "rules": {"extension_within_original": False}})

    assert refused.value.rule == 0


def test_where_the_starting_day_counts_every_allowance_in_workdays_says_so() -> None:
    target = {"kind": "help", "accept": "4wh", "resolve": "5wd", "extension": "5wd"}

    policy = parse({"all": ALL, "target": [target], "rules": {"starting_day_counts": True}})

    case = Case("help", "normal")
    assert [str(policy.allowance(stage, case)) for stage in (Stage.ACCEPT, Stage.RESOLVE, Stage.REVIEW)] == [
        "4wh", "5wdi", "1wdi",
    ]  # fmt: skip
    assert str(policy.extension(case)) == "5wdi"
