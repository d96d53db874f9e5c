"""calendar: a notice is looked at, proposed, applied by another person, and the tickets follow."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
import time_machine
from sqlalchemy import select

from hotline import runtime
from hotline.cities.city import City
from hotline.commands import marks
from hotline.commands.main import main
from hotline.jobs import outbox
from hotline.lifecycle import Action
from hotline.models.mark import Mark
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.settings import Settings
from hotline.tickets import promises, timeline
from hotline.tickets.calendars import applying
from hotline.tickets.verification import verify
from hotline.work import SYSTEM
from tests.builders import AGENT, a_contacted_ticket
from tests.support.notices import a_notice, new_year_2027
from tests.support.town import started

TUESDAY = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, city: City) -> Iterator[Settings]:
    """A city at the end of the year, with the calendar of its profile and three tickets under way."""
    with time_machine.travel(TUESDAY, tick=False), started(tmp_path, city) as settings:
        with runtime.work(SYSTEM) as work:
            work.session.add(Mark(name=marks.CITY, value=city.code))
            applying.deliver(work)
        with runtime.work(AGENT) as work:
            for _ in range(3):
                a_contacted_ticket(work)
        yield settings


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "2027.json"
    path.write_text(new_year_2027(), encoding="utf-8")
    return path


def run(settings: Settings, *arguments: object) -> int:
    environment = {
        "HOTLINE_INSTANCE": str(settings.instance),
        "HOTLINE_SECRET_KEY": settings.secret_key,
        "HOTLINE_VAULT_KEY": settings.vault_key,
    }
    with patch.dict(os.environ, environment):
        return main(["calendar", *map(str, arguments)])


def moved() -> int:
    with runtime.view(SYSTEM) as work:
        tickets = work.session.scalars(select(Ticket)).all()
        return sum(len(timeline.acted(work, one, Action.RECKON)) for one in tickets)


def works(day: date) -> bool:
    with runtime.view(SYSTEM) as work:
        return work.city.calendar.is_workday(day)


def test_a_notice_is_previewed_proposed_and_applied_by_another(
    settings: Settings, notice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(settings, "import", notice, "--by", "supervisor", "--json", "--list") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["open"], found["moved"], found["overdue"], found["relieved"]) == (3, 3, 0, 0)
    assert len(found["clocks"]) == 3
    assert (moved(), works(date(2027, 1, 1))) == (0, True)

    assert run(settings, "apply", found["proposal"], "--by", "supervisor") == 2
    assert "须由另一位督办员或管理员应用" in capsys.readouterr().err
    assert run(settings, "apply", found["proposal"], "--by", "admin", "--json") == 0

    assert json.loads(capsys.readouterr().out)["moved"] == 3
    assert (moved(), works(date(2027, 1, 1))) == (3, False)
    with runtime.view(SYSTEM) as work:
        assert list(verify(work)) == []


def test_the_background_has_the_tickets_follow_a_slice_at_a_time(
    settings: Settings, notice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.jobs.calendars.follow_slice.__kwdefaults__", {"limit": 2})
    assert run(settings, "import", notice) == 0
    assert run(settings, "apply", 2, "--by", "admin", "--no-wait") == 0
    assert moved() == 0

    slices = 0
    while message := _next_slice():
        outbox.deliver(message)
        slices += 1

    # Two slices, the one that finds none left, and the second look.
    assert (slices, moved()) == (4, 3)


def _next_slice() -> int | None:
    with runtime.view(SYSTEM) as work:
        waiting = select(OutboxMessage.id).where(
            OutboxMessage.kind == promises.FOLLOW_CALENDAR, OutboxMessage.done_at.is_(None)
        )
        return work.session.scalar(waiting)


def test_a_proposal_may_be_dropped(settings: Settings, notice: Path) -> None:
    assert run(settings, "import", notice) == 0

    assert run(settings, "drop", 2, "--by", "supervisor") == 0

    assert run(settings, "apply", 2, "--by", "admin") == 2
    assert works(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("called", "text", "said"),
    [
        ("2027.json", json.dumps({"year": 2027, "papers": [], "days": []}), "还没有公布"),
        ("a.json", a_notice(2027, {"元旦": [date(2027, 1, 1)]}, papers=()), "请填上通知文号"),
        ("a.json", "{", "a.json 第 1 行：不是能读的 JSON"),
        ("a.json", "[]", "不是一年放假安排的 JSON"),
        ("a.json", json.dumps({"year": "2027", "papers": ["文"], "days": [1]}), "year 要写"),
        (
            "a.json",
            json.dumps({"year": 2027, "papers": ["文"], "days": [{"name": "元旦", "date": "2027-1-1"}]}),
            "days 第 1 项：isOffDay 只能写 true 或 false",
        ),
        (
            "a.json",
            json.dumps(
                {
                    "year": 2027,
                    "papers": ["文"],
                    "days": [{"name": "元旦", "date": "2027-13-01", "isOffDay": True}],
                }
            ),
            "days 第 1 项：date 的“2027-13-01”不是日期",
        ),
        ("a.json", a_notice(2027, {"中秋": [date(2025, 10, 6)]}), "days 第 1 项：2025-10-06 不是 2027 年"),
        ("a.json", a_notice(2027, {"元旦": [date(2027, 1, 1)] * 2}), "days 第 2 项：2027-01-01 写了两次"),
        ("a.csv", "day,name\n2027-01-01,元旦\n", "表头里缺“works”这一列"),
        (
            "a.csv",
            "day,works,name\n2027-01-01,no,元旦\n2027-01-02,放,元旦\n",
            "a.csv 第 3 行：“works”不能写“放”",
        ),
        ("a.csv", "day,works,name\n2027-02-30,no,元旦\n", "a.csv 第 2 行：“day”里的“2027-02-30”不是日期"),
        ("a.csv", "day,works,name\n2027-01-02,no,元旦\n", "2027-01-01 这一天还没有官方安排"),
        ("a.toml", 'zone = "Asia/Shanghai"\nshifts = [["18:00", "09:00"]]\n', "a.toml"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], called: str, text: str, said: str
) -> None:
    (tmp_path / called).write_text(text, encoding="utf-8")

    assert run(settings, "import", tmp_path / called) == 2

    refused = capsys.readouterr().err
    assert said in refused
    assert "'" not in refused


def test_a_notice_without_papers_is_taken_with_its_source(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(a_notice(2027, {"元旦": [date(2027, 1, 1)]}, papers=()), "utf-8")

    assert run(settings, "import", tmp_path / "a.json", "--source", "国办发明电〔2026〕7号") == 0


def test_a_year_is_shown_with_its_holidays_and_what_is_provisional(
    settings: Settings, notice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(settings, "import", notice)
    run(settings, "apply", 2, "--by", "admin")
    capsys.readouterr()

    assert run(settings, "show", 2027, "--json") == 0

    shown = json.loads(capsys.readouterr().out)
    assert (shown["version"], shown["official_until"]) == (2, "2027-12-31")
    assert [one["day"] for one in shown["days"]] == ["2027-01-01", "2027-01-02", "2027-01-03", "2027-01-09"]
    assert [one["words"] for one in shown["days"]] == ["放假"] * 3 + ["调休上班"]

    assert run(settings, "list") == 0
    assert "国办发明电〔2026〕7号" in capsys.readouterr().out


def test_only_those_who_may_apply_may_propose_in_their_name(
    settings: Settings, notice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for login in ("handler", "nobody"):
        assert run(settings, "import", notice, "--by", login) == 2
        assert login in capsys.readouterr().err
