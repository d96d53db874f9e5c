import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import BrokenTable, Ground, ReturnRules, is_ping_pong

TABLE = {
    "window": "4wh",
    "limit": 3,
    "refusals": 2,
    "once_per_department": True,
    "reasons": {
        "not_our_duty": {
            "name": "非本单位职责",
            "needs_basis": True,
            "needs_department": True,
            "needs_evidence": True,
        },
        "duplicate": {
            "name": "重复件",
            "needs_basis": False,
            "needs_department": False,
            "needs_evidence": False,
        },
    },
}
RULES = ReturnRules.parse(TABLE)


@pytest.mark.parametrize(("returns", "arbitrated"), [(1, False), (2, False), (3, True), (4, True)])
def test_the_third_return_goes_to_arbitration(returns, arbitrated):
    assert RULES.goes_to_arbitration(returns) is arbitrated


@pytest.mark.parametrize(("refused", "disputed"), [(0, False), (1, False), (2, True), (3, True)])
def test_after_two_refusals_it_is_a_dispute(refused, disputed):
    assert RULES.ends_in_dispute(refused) is disputed


@pytest.mark.parametrize(
    ("gave_back", "to", "goes_round"),
    [
        ([], "A", False),
        (["A"], "B", False),
        (["A"], "A", False),  # the desk corrects itself
        (["A", "B"], "A", True),
        (["A", "B"], "B", False),
        (["A", "B"], "C", False),
        (["A", "B", "C"], "B", True),
        (["A", "A"], "A", False),
        (["A", "B", "A"], "A", True),
    ],
)
def test_a_ticket_that_went_from_a_to_b_does_not_go_back_to_a(gave_back, to, goes_round):
    assert is_ping_pong(gave_back, to) is goes_round


DEPARTMENTS = st.sampled_from("ABCD")


@given(st.lists(DEPARTMENTS), DEPARTMENTS)
def test_whom_nobody_sent_it_back_from_may_always_have_it(gave_back, to):
    assert to in gave_back or not is_ping_pong(gave_back, to)


@given(st.lists(DEPARTMENTS), DEPARTMENTS, DEPARTMENTS)
def test_once_it_would_go_round_no_later_return_changes_that(gave_back, to, next_one):
    assert not is_ping_pong(gave_back, to) or is_ping_pong([*gave_back, next_one], to)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("not_our_duty", "甲法", "D-JT"), ("not_our_duty", "乙法", "D-JT"), True),
        (("not_our_duty", "甲法", "D-JT"), ("not_our_duty", "甲法", "D-GA"), False),
        (("not_our_duty", "甲法", "D-JT"), ("not_our_area", "甲法", "D-JT"), False),
        (("other", "《甲法》第 6 条", None), ("other", "甲法第６条。", None), True),
        (("other", "甲法", None), ("other", "乙法", None), False),
        (("other", "甲法", None), ("other", "甲法", "D-JT"), False),
        (("duplicate", "", None), ("duplicate", " ", None), True),
    ],
)
def test_when_two_returns_rest_on_the_same_ground(one, other, same):
    grounds = [Ground.of(reason, basis=basis, department=to) for reason, basis, to in (one, other)]

    assert (grounds[0] == grounds[1]) is same


def test_a_department_may_not_ask_twice_on_one_ticket():
    assert RULES.may_ask("D-CG", asked_before=["D-JJ"])
    assert not RULES.may_ask("D-CG", asked_before=["D-JJ", "D-CG"])


def test_a_city_may_let_departments_ask_again():
    lenient = ReturnRules.parse({**TABLE, "once_per_department": False})

    assert lenient.may_ask("D-CG", asked_before=["D-CG"])


def test_who_says_it_is_not_his_duty_cites_the_basis_names_the_owner_and_tells_what_was_found():
    reason = RULES.reasons["not_our_duty"]

    assert reason.missing(basis=" ", department=None, evidence="") == ("basis", "department", "evidence")
    assert reason.missing(basis="三定规定", department="D-JJ", evidence="照片") == ()
    assert RULES.reasons["duplicate"].missing(basis="", department=None, evidence="") == ()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"windows": "4wh"}, "unknown key 'windows'"),
        ({"limit": 0}, "at least 1"),
        ({"refusals": 0}, "refusals must be at least 1"),
        ({"limit": True}, "limit must be a int"),
        ({"window": 4}, "window must be a str"),
        ({"reasons": {}}, "no reason"),
        ({"reasons": {"other": "其他"}}, "not a table"),
        ({"reasons": {"other": {"name": "其他"}}}, "needs_basis must be"),
        ({"reasons": {"other": {"title": "其他"}}}, "unknown key 'title'"),
    ],
)
def test_broken_rules_are_refused(change, says):
    with pytest.raises(BrokenTable, match=says):
        ReturnRules.parse({**TABLE, **change})
