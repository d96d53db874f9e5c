import pytest

from sla import BrokenPolicy
from sla.policy import parse
from sla.trial import try_on
from tests.sla.examples import CALENDAR, NEVER_OPEN, shanghai

ALL = {
    "dispatch": "30m", "accept": "24h", "contact": "24h",
    "resolve": "none", "review": "24h", "follow_up": "3d",
}  # fmt: skip
URGENT = {"urgency": "urgent", "resolve": "2d", "extension": "1d"}
OFFICE_HOURS = {"kind": "help", "resolve": "5wd"}
STARTS = (shanghai(1, 1), shanghai(11, 22, 10))


def test_every_allowance_of_every_rule_is_tried_once_from_every_start() -> None:
    policy = parse({"all": ALL, "target": [URGENT, OFFICE_HOURS]})

    tried = try_on(CALENDAR, policy, STARTS)

    distinct = {"30m", "24h", "3d", "2d", "5wd"}  # the 2d and its 1d are 3d again
    assert tried == len(distinct) * len(STARTS)


def test_a_rule_whose_time_never_runs_out_is_refused_with_its_line() -> None:
    policy = parse({"all": ALL, "target": [URGENT, OFFICE_HOURS]}, line_of=lambda rule: 10 * rule + 7)

    with pytest.raises(BrokenPolicy, match="resolve = 5wd falls due on no day") as refused:
        try_on(NEVER_OPEN, policy, STARTS)

    assert (refused.value.rule, refused.value.line) == (1, 17)


def test_natural_time_runs_out_on_a_calendar_without_workdays() -> None:
    assert try_on(NEVER_OPEN, parse({"all": ALL, "target": [URGENT]}), STARTS)
