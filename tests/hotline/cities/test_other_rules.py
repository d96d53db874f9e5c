"""Rules that are tried: written out they mean the same, and what is wrong is named by file and line."""

import pytest

from hotline import faults
from hotline.cities import other_rules
from hotline.cities.city import City
from hotline.errors import BrokenCity
from tests.builders import official_days

A_CALENDAR = """
zone = "Asia/Shanghai"
shifts = [["08:30", "12:00"], ["13:30", "17:30"]]

[[hours]]
from = 2027-05-01
until = 2027-09-30
weekdays = ["mon", "sat"]
shifts = [["09:00", "17:00"]]
departments = ["D-CG"]
reason = "夏季“作息”\\\\"

[[closed]]
day = 2026-07-01
reason = "台风停工"
"""


def test_the_targets_in_force_written_out_mean_the_same(city: City) -> None:
    text = other_rules.targets_text(city.policy)

    again = other_rules.with_targets(city, text).policy

    assert (again.rules, again.targets) == (city.policy.rules, city.policy.targets)


def test_office_hours_written_out_mean_the_same(city: City) -> None:
    under = other_rules.with_hours(city, A_CALENDAR, official_days())

    text = other_rules.toml_text(other_rules.hours_table(under))

    again = other_rules.with_hours(city, text, official_days())
    assert again.calendars == under.calendars
    assert again.calendars.offices.keys() == {"D-CG"}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[all]\ndispatch = "2wh"\nreview = "soon"\n', 3, "review：“soon”不是时限"),
        ('[all]\ndispatch = "2wh"\n\n[[target]]\nkind = "help"\n', 4, "这一条没有写 accept"),
        ("[all\n", 1, "写法不对"),
    ],
)
def test_what_is_wrong_is_named_by_the_file_that_was_handed_in(
    city: City, text: str, line: int, said: str
) -> None:
    with pytest.raises(BrokenCity) as broken:
        other_rules.with_targets(city, text, called="mine.toml")

    assert (broken.value.file, broken.value.line) == ("mine.toml", line)
    assert f"mine.toml 第 {line} 行：" in faults.of_city(broken.value)
    assert said in faults.of_city(broken.value)


def test_an_office_that_is_no_department_is_refused(city: City) -> None:
    text = A_CALENDAR.replace("D-CG", "D-NOBODY")

    with pytest.raises(BrokenCity, match="D-NOBODY"):
        other_rules.with_hours(city, text, official_days(), called="mine.toml")
