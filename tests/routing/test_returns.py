import pytest

from routing import BrokenTable, ReturnRules

TABLE = {
    "window": "4wh",
    "limit": 3,
    "once_per_department": True,
    "reasons": {
        "not_our_duty": {"name": "非本单位职责", "needs_basis": True, "needs_department": True},
        "duplicate": {"name": "重复件", "needs_basis": False, "needs_department": False},
    },
}
RULES = ReturnRules.parse(TABLE)


@pytest.mark.parametrize(("returns", "arbitrated"), [(1, False), (2, False), (3, True), (4, True)])
def test_the_third_return_goes_to_arbitration(returns, arbitrated):
    assert RULES.goes_to_arbitration(returns) is arbitrated


def test_a_department_may_not_ask_twice_on_one_ticket():
    assert RULES.may_ask("D-CG", asked_before=["D-JJ"])
    assert not RULES.may_ask("D-CG", asked_before=["D-JJ", "D-CG"])


def test_a_city_may_let_departments_ask_again():
    lenient = ReturnRules.parse({**TABLE, "once_per_department": False})

    assert lenient.may_ask("D-CG", asked_before=["D-CG"])


def test_who_says_it_is_not_his_duty_cites_the_basis_and_names_the_owner():
    reason = RULES.reasons["not_our_duty"]

    assert reason.missing(basis=" ", department=None) == ("basis", "department")
    assert reason.missing(basis="三定规定", department="D-JJ") == ()
    assert RULES.reasons["duplicate"].missing(basis="", department=None) == ()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"windows": "4wh"}, "unknown key 'windows'"),
        ({"limit": 0}, "at least 1"),
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
