"""A deadline with its arithmetic, as programs read it."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

from hotline.commands.deadlines import reckon
from sla import Allowance, Clock, Unit, working_time_between
from tests.sla.examples import CALENDAR, allowances, clocks
from tests.support.machine import Machine

TUESDAY = "2026-11-24T10:00+08:00"


def deadline(machine: Machine, *arguments: str) -> dict[str, object]:
    done = machine.run("deadline", *arguments)
    assert done.code == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def minutes(answer: dict[str, object]) -> list[int]:
    return [row["counted_minutes"] for row in answer["rows"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("allowance", "due", "counted"),
    [
        ("30m", "2026-11-24T10:30:00+08:00", [30]),
        ("24h", "2026-11-25T10:00:00+08:00", [840, 600]),
        ("4wh", "2026-11-24T16:00:00+08:00", [240]),
        ("2wd", "2026-11-26T18:00:00+08:00", [0, 420, 420]),
    ],
)
def test_a_deadline_and_the_minutes_of_each_day(
    loaded: Machine, allowance: str, due: str, counted: list[int]
) -> None:
    answer = deadline(loaded, "--at", TUESDAY, "--allowance", allowance)

    assert list(answer) == ["due_at", "provisional", "rows"]
    assert (answer["due_at"], answer["provisional"]) == (due, False)
    assert minutes(answer) == counted


def test_every_date_from_start_to_deadline_has_its_row_and_reason(loaded: Machine) -> None:
    answer = deadline(loaded, "--at", "2026-09-30T17:00+08:00", "--allowance", "8wh")

    rows: list[dict[str, object]] = answer["rows"]  # type: ignore[assignment]
    assert answer["due_at"] == "2026-10-08T18:00:00+08:00"
    assert [row["date"] for row in rows] == ["2026-09-30", *(f"2026-10-0{day}" for day in range(1, 9))]
    assert rows[0] == {
        "date": "2026-09-30",
        "from": "2026-09-30T17:00:00+08:00",
        "to": "2026-09-30T18:00:00+08:00",
        "counted_minutes": 60,
        "reason": "起算，工作日",
    }
    assert [row["reason"] for row in rows[1:]] == [
        *("节假日，不计", "节假日，不计", "周末，不计", "周末，不计"),
        *("节假日，不计", "节假日，不计", "节假日，不计", "工作日，到期"),
    ]


def test_pauses_are_given_back(loaded: Machine) -> None:
    lunch = "2026-11-24T11:00+08:00/2026-11-24T14:30+08:00"
    later = "2026-11-24T15:00+08:00/2026-11-24T15:30+08:00"

    answer = deadline(loaded, "--at", TUESDAY, "--allowance", "4wh", "--pause", lunch, "--pause", later)

    assert answer["due_at"] == "2026-11-24T18:00:00+08:00"
    assert minutes(answer) == [240]
    assert "暂停 120 分钟" in answer["rows"][0]["reason"]  # type: ignore[index]


def test_a_pause_without_end_leaves_the_deadline_open(loaded: Machine) -> None:
    answer = deadline(loaded, "--at", TUESDAY, "--allowance", "2wd", "--pause", "2026-11-25T12:00+08:00/")

    assert answer["due_at"] is None
    assert minutes(answer) == [0, 180]
    assert "暂停" in answer["rows"][-1]["reason"]  # type: ignore[index]


def test_the_zone_of_the_city_is_that_of_the_answer(loaded: Machine) -> None:
    answer = deadline(loaded, "--at", "2026-11-24T02:00Z", "--allowance", "30m")

    assert answer["due_at"] == "2026-11-24T10:30:00+08:00"


@pytest.mark.parametrize(
    ("at", "allowance", "provisional"),
    [
        ("2026-12-30T10:00+08:00", "1wd", False),
        ("2026-12-30T10:00+08:00", "5wd", True),
        ("2026-12-31T17:00+08:00", "4wh", True),
        ("2026-12-30T10:00+08:00", "30d", False),
        ("1900-01-01T10:00+08:00", "2wd", True),
        ("2100-01-01T10:00+08:00", "2wd", True),
    ],
)
def test_working_time_on_days_without_a_notice_is_provisional(
    loaded: Machine, at: str, allowance: str, *, provisional: bool
) -> None:
    answer = deadline(loaded, "--at", at, "--allowance", allowance)

    assert answer["provisional"] is provisional
    assert answer["provisional"] == any("暂定" in row["reason"] for row in answer["rows"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--at", "2026-11-24T10:00", "--allowance", "4wh"], "没有时区"),
        (["--at", "2026-11-24", "--allowance", "4wh"], "没有时区"),
        (["--at", "tomorrow", "--allowance", "4wh"], "写法不对"),
        (["--at", "9999-12-31T10:00+08:00", "--allowance", "4wh"], "太远"),
        (["--at", TUESDAY, "--allowance", "5"], "时限 '5' 写法不对"),
        (["--at", TUESDAY, "--allowance", "0wd"], "时限 '0wd' 写法不对"),
        (["--at", TUESDAY], "缺少参数：--allowance"),
        (["--allowance", "4wh"], "这几项要写一项"),
        (["--at", TUESDAY, "--allowance", "4wh", "--pause", TUESDAY], "起/止"),
        (["--at", TUESDAY, "--allowance", "4wh", "--pause", "2026-11-24T11:00/"], "没有时区"),
        (
            ["--at", TUESDAY, "--allowance", "4wh", "--pause", f"{TUESDAY}/2026-11-23T10:00+08:00"],
            "结束早于开始",
        ),
    ],
)
def test_what_cannot_be_reckoned_is_said_in_one_line(
    loaded: Machine, arguments: list[str], said: str
) -> None:
    refused = loaded.run("deadline", *arguments)

    assert (refused.code, refused.stdout) == (2, "")
    assert len(refused.stderr.splitlines()) == 1
    assert said in refused.stderr


def test_a_file_is_reckoned_line_by_line(loaded: Machine, tmp_path: Path) -> None:
    file = tmp_path / "clocks.csv"
    pauses = "2026-11-24T11:00+08:00/2026-11-24T12:00+08:00;2026-11-24T14:00+08:00/2026-11-24T14:30+08:00"
    file.write_text(
        "id,at,allowance,pauses,note\n"
        f"a,{TUESDAY},4wh,{pauses},x\n"
        "b,2026-11-24T10:00,4wh,,\n"
        f"c,{TUESDAY},soon,,\n"
        f"d,{TUESDAY},1wd\n",
        encoding="utf-8",
    )

    done = loaded.run("deadline", "--batch", str(file))

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.code == 1
    assert [answer["id"] for answer in answers] == ["a", "b", "c", "d"]
    assert [answer.get("due_at") for answer in answers] == [
        "2026-11-24T17:30:00+08:00",
        None,
        None,
        "2026-11-25T18:00:00+08:00",
    ]
    assert [list(answer) for answer in answers[1:3]] == [["id", "error"]] * 2


@given(clocks(), allowances())
@settings(deadline=None)
def test_the_minutes_add_up_to_what_was_granted(clock: Clock, allowance: Allowance) -> None:
    answer = reckon(CALENDAR, clock, allowance)

    granted = clock.granted(CALENDAR, allowance)
    if allowance.unit is Unit.WORKDAYS:  # what ran on the starting day is no part of it
        midnight = datetime.fromisoformat(answer["rows"][0]["date"]) + timedelta(days=1)  # type: ignore[index]
        granted -= clock.ran_between(
            CALENDAR, allowance, clock.started_at, midnight.replace(tzinfo=CALENDAR.zone)
        )
    assert timedelta(minutes=sum(minutes(dict(answer)))) == granted


@given(clocks(), allowances(Unit.WORKDAYS))
@settings(deadline=None)
def test_undisturbed_working_days_add_up_to_their_office_hours(clock: Clock, allowance: Allowance) -> None:
    answer = reckon(CALENDAR, Clock(clock.started_at), allowance)

    assert sum(minutes(dict(answer))) == allowance.amount * 7 * 60


@given(clocks(), allowances())
@settings(deadline=None)
def test_each_row_lies_on_its_date_and_holds_its_minutes(clock: Clock, allowance: Allowance) -> None:
    for row in reckon(CALENDAR, clock, allowance)["rows"]:  # type: ignore[attr-defined]
        begin, end = datetime.fromisoformat(row["from"]), datetime.fromisoformat(row["to"])
        assert begin.date().isoformat() == row["date"]
        assert begin <= end <= begin + timedelta(days=1)
        within = end - begin if not allowance.is_working else working_time_between(CALENDAR, begin, end)
        assert timedelta(minutes=row["counted_minutes"]) <= within


def test_seconds_are_never_lost(loaded: Machine) -> None:
    answer = deadline(loaded, "--at", "2026-11-24T17:30:40+08:00", "--allowance", "1wh")

    assert answer["due_at"] == "2026-11-25T09:30:40+08:00"
    assert sum(minutes(answer)) == 60
