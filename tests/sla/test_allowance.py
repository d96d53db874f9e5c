from datetime import timedelta

import pytest
from hypothesis import given

from sla import Allowance, Unit
from sla.allowance import parse
from tests.sla.examples import allowances


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("30m", 30, Unit.MINUTES),
        ("24h", 24, Unit.HOURS),
        ("7d", 7, Unit.DAYS),
        ("4wh", 4, Unit.WORKING_HOURS),
        ("5wd", 5, Unit.WORKDAYS),
        ("5wdi", 5, Unit.WORKDAYS_INCLUSIVE),
    ],
)
def test_an_allowance_is_a_number_and_a_unit(text: str, amount: int, unit: Unit) -> None:
    assert parse(text) == Allowance(amount, unit)


@given(allowances())
def test_what_is_printed_reads_back_the_same(allowance: Allowance) -> None:
    assert parse(str(allowance)) == allowance


@pytest.mark.parametrize(
    "text",
    ["", "5", "wd", "0h", "05h", "-1h", "1.5h", "5 wd", "5WD", "5w", "5wd\n", "５wd", "none", "10000d"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an allowance"):
        parse(text)


def test_no_allowance_is_empty() -> None:
    with pytest.raises(ValueError, match="not 0"):
        Allowance(0, Unit.HOURS)


def test_only_working_units_keep_office_hours() -> None:
    assert [unit for unit in Unit if Allowance(1, unit).is_working] == [
        Unit.WORKING_HOURS,
        Unit.WORKDAYS,
        Unit.WORKDAYS_INCLUSIVE,
    ]


def test_every_unit_but_the_workday_has_a_length_of_its_own() -> None:
    assert parse("2d").duration == timedelta(hours=48)
    assert parse("2wh").duration == timedelta(hours=2)
    assert parse("2wd").duration is None


def test_an_extension_is_added_in_the_same_unit() -> None:
    assert str(parse("5wd").extended_by(parse("5wd"))) == "10wd"

    with pytest.raises(ValueError, match="units differ"):
        parse("5wd").extended_by(parse("24h"))
