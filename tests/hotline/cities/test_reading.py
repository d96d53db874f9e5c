"""A profile is read whole or refused with file and line."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from hotline.cities.reading import FILES, load
from hotline.errors import BrokenCity
from sla import OfficialDay

BINHAI = Path(__file__).parents[3] / "hotline" / "cities" / "binhai"


@pytest.fixture
def profile(tmp_path):
    """A copy of the demo city that a test may break."""
    for name in FILES:
        shutil.copy(BINHAI / name, tmp_path / name)
    return tmp_path


def edit(profile: Path, name: str, old: str, new: str) -> int:
    """Replace the first `old`; return the line where it stood."""
    text = (profile / name).read_text(encoding="utf-8")
    assert old in text
    (profile / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def refusal(profile: Path) -> BrokenCity:
    with pytest.raises(BrokenCity) as broken:
        load(profile)
    return broken.value


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("city.toml", "[auto_dispatch]", "[auto_despatch]", "auto_dispatch is missing"),
        ("city.toml", "precision = 0.90", "precision = 98", "from 0.0 to 1.0"),
        ("city.toml", "times = 2", "times = true", "whole number"),
        ("city.toml", 'total = "15wd"', 'total = "15 days"', "no length of time"),
        ("city.toml", 'modes = ["guidance", "one_key"]', 'modes = ["smoke"]', "'smoke'"),
        ("city.toml", 'code = "990100"', 'code = "110100"', "not the city of areas.csv"),
        ("city.toml", 'code = "119"', 'code = "110"', "twice"),
        ("city.toml", "enabled = true", "enabled = maybe", "Invalid value"),
        ("follow_up.toml", "attempts = 3", "attempts = 0", "from 1"),
        ("follow_up.toml", "link_days = 7", "link_weeks = 1", "link_days is missing"),
        ("follow_up.toml", "praise = 0.0", "praises = 0.0", "praise is missing"),
        ("follow_up.toml", "department_fault = true", 'fault = "yes"', "department_fault is missing"),
        ("scorecard.toml", "satisfied_from = 3", "satisfied_from = 6", "from 1 to 5"),
        ("scorecard.toml", "resolution_rate = 0.4", "resolution_rate = 0.5", "add up to 1"),
        ("returns.toml", "limit = 3", 'limit = "three"', "limit must be"),
        ("returns.toml", 'window = "4wh"', 'window = "soon"', "no length of time"),
        ("targets.toml", 'urgency = "critical"', 'urgency = "fatal"', "fatal"),
        ("targets.toml", "round_from = 2", 'category = "99"', "no category begins with '99'"),
        ("targets.toml", "round_from = 2", 'area = "11"', "no area begins with '11'"),
        ("alerts.toml", 'left = "1wd"', 'left = "soon"', "soon"),
        ("calendar.toml", '"18:00"', '"12:00"', "ends before"),
        ("areas.csv", "990101,海澜区,district", "990101,海澜区,province", "'province'"),
        ("places.csv", "road,990101001,", "road,123,", "'123'"),
        ("departments.csv", "bureau,CG,990100", "office,CG,990100", "'office'"),
        ("categories.csv", "0101,暴露垃圾,01,normal", "0101,暴露垃圾,01,soon", "soon"),
        ("catalogue.csv", "0101,,,,CG@district", "0101,,,,XX@district", "'XX'"),
        ("contracts.csv", ",0101,Q01-D-CG", ",0101,Q99-D-CG", "'Q99-D-CG'"),
        ("keywords.csv", "emergency,", "alarm,", "alarm"),
        ("keywords.csv", ",petition,", ",pilgrimage,", "'pilgrimage'"),
        ("city.toml", 'categories = ["2402"]', 'categories = ["24"]', "'24'"),
    ],
)
def test_a_broken_profile_is_refused_by_file(profile, name, old, new, says):
    edit(profile, name, old, new)

    broken = refusal(profile)

    assert broken.file == name
    assert re.search(re.escape(says), broken.message)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("city.toml", "precision = 0.90", "precision = 98"),
        ("city.toml", 'kind = "city"', 'kind = "village"'),
        ("city.toml", "[suspension]", "[suspension]\nhow_long = 3"),
        ("city.toml", "enabled = true", "enabled = maybe"),
        ("scorecard.toml", "satisfied_from = 3", "satisfied_from = 6"),
        ("areas.csv", "990101,海澜区,district", "990101,海澜区,province"),
        ("departments.csv", "bureau,CG,990100", "bureau,CG,123"),
        ("catalogue.csv", "0101,,,,CG@district", "0101,,,,XX@district"),
        ("contracts.csv", ",0101,Q01-D-CG", ",0101,Q99-D-CG"),
        ("keywords.csv", ",petition,", ",pilgrimage,"),
        ("city.toml", 'categories = ["2402"]', 'categories = ["24"]'),
    ],
)
def test_the_fault_is_named_by_its_line(profile, name, old, new):
    line = edit(profile, name, old, new) + new.count("\n")

    assert refusal(profile).line == line


def test_a_fault_in_a_rule_is_named_by_the_head_of_the_rule(profile):
    urgent = edit(profile, "targets.toml", 'urgency = "critical"', 'urgency = "fatal"')

    assert refusal(profile).line == urgent - 2


@pytest.mark.parametrize(
    ("name", "header"),
    [("city.toml", "[hotline]"), ("follow_up.toml", "[sampling]"), ("returns.toml", "[reasons.other]")],
)
def test_an_unknown_key_is_refused(profile, name, header):
    edit(profile, name, header, f"{header}\nmisspelt = 1")

    assert "misspelt" in refusal(profile).message


@pytest.mark.parametrize("name", FILES)
def test_every_file_must_be_there(profile, name):
    (profile / name).unlink()

    assert refusal(profile).file == name


def test_a_file_in_another_encoding_is_refused(profile):
    text = (profile / "areas.csv").read_text(encoding="utf-8")
    (profile / "areas.csv").write_bytes(text.encode("gb18030"))

    assert (refusal(profile).file, refusal(profile).line) == ("areas.csv", 2)


def test_a_row_with_a_column_too_many_is_refused(profile):
    line = edit(profile, "places.csv", "road,990101001,", "road,990101001,,")

    broken = refusal(profile)

    assert (broken.file, broken.line) == ("places.csv", line)
    assert "6 columns" in broken.message


@pytest.mark.parametrize(
    ("name", "old"),
    [("departments.csv", "滨海市城市管理局"), ("city.toml", "市"), ("keywords.csv", "emergency")],
)
def test_what_nobody_can_read_is_refused(profile, name, old):
    line = edit(profile, name, old, old + "\x00")

    broken = refusal(profile)

    assert (broken.file, broken.line) == (name, line)
    assert "control character" in broken.message


def test_a_column_that_is_there_twice_is_refused(profile):
    edit(profile, "departments.csv", "code,name,short,", "code,name,name,")

    broken = refusal(profile)

    assert (broken.file, broken.line) == ("departments.csv", 1)
    assert "'name' is there twice" in broken.message


@pytest.mark.parametrize("prefix", ["bh", "BH-", "../", "\\u0000", "滨海", "A" * 9])
def test_a_prefix_that_no_caller_could_type_is_refused(profile, prefix):
    line = edit(profile, "city.toml", 'number_prefix = ""', f'number_prefix = "{prefix}"')

    broken = refusal(profile)

    assert (broken.file, broken.line) == ("city.toml", line)
    assert "number_prefix" in broken.message


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("returns.toml", "needs_basis = true", "needs_basis = 1"),
        ("returns.toml", "once_per_department = false", "once_per_department = 0"),
        ("targets.toml", "suspension_pauses = true", "suspension_pauses = 1"),
        ("targets.toml", 'resolve_starts = "dispatch"', 'resolve_starts = "noon"'),
        ("calendar.toml", 'zone = "Asia/Shanghai"', 'zone = "Mars/Phobos"'),
        ("alerts.toml", "left_share = 0.25", "left_share = 25"),
    ],
)
def test_a_wrong_rule_is_found_by_its_line(profile, name, old, new):
    line = edit(profile, name, old, new)

    assert (refusal(profile).file, refusal(profile).line) == (name, line)


def test_a_byte_order_mark_and_windows_line_ends_are_read(profile):
    for name in FILES:
        text = (profile / name).read_text(encoding="utf-8")
        (profile / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert load(profile).name == "滨海市"


def test_the_hash_names_the_rules_in_force(profile):
    before = load(profile)
    edit(profile, "targets.toml", 'resolve = "24h"', 'resolve = "36h"')

    after = load(profile)

    assert before.profile_hash == load(BINHAI).profile_hash
    assert after.profile_hash != before.profile_hash


def test_official_days_are_added_without_reading_the_profile_again():
    city = load(BINHAI)
    makeup_sunday = date(2026, 9, 20)

    calendar = city.calendars_with([OfficialDay(makeup_sunday, works=True, official=True)]).city

    assert not city.calendar.is_workday(makeup_sunday)
    assert calendar.is_workday(makeup_sunday)
    assert calendar.zone == city.zone
