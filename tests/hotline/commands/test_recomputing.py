"""recompute-deadlines: says what would move, asks, and moves it on the record."""

import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
import structlog
from sqlalchemy import select, update

from hotline import runtime
from hotline.cities.city import City
from hotline.commands.main import main
from hotline.lifecycle import Action
from hotline.models.calendar import CalendarDay
from hotline.models.deadline import Deadline
from hotline.models.mark import CALENDAR, Mark
from hotline.models.ticket import Ticket
from hotline.settings import Settings
from hotline.tickets import timeline
from hotline.tickets.verification import verify
from hotline.work import SYSTEM
from tests.builders import AGENT, a_dispatched_ticket, a_resolved_ticket
from tests.support.town import started


@pytest.fixture
def settings(tmp_path: Path, city: City) -> Iterator[Settings]:
    """A city with a ticket whose first clocks are settled, and one just dispatched."""
    handlers, level = logging.root.handlers[:], logging.root.level
    with started(tmp_path, city) as settings:
        with runtime.work(AGENT) as work:
            a_resolved_ticket(work)
            a_dispatched_ticket(work)
        yield settings
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


def _close_the_coming_days() -> None:
    """As an imported notice does: the days change, and the mark says so."""
    with runtime.work(SYSTEM) as work:
        today = work.city.calendar.day_of(work.now)
        for number in range(1, 8):
            day = today + timedelta(days=number)
            work.session.merge(CalendarDay(day=day, works=False, name="", source="test", official=True))
        work.session.merge(Mark(name=CALENDAR, value="another notice"))


def _run(settings: Settings, *arguments: str, answer: str = "") -> int:
    environment = {
        "HOTLINE_INSTANCE": str(settings.instance),
        "HOTLINE_SECRET_KEY": settings.secret_key,
        "HOTLINE_VAULT_KEY": settings.vault_key,
    }
    with patch.dict(os.environ, environment), patch.object(sys, "stdin", io.StringIO(answer)):
        return main(["recompute-deadlines", *arguments])


def _entries() -> list[date]:
    with runtime.view(SYSTEM) as work:
        tickets = work.session.scalars(select(Ticket)).all()
        return [entry.at.date() for one in tickets for entry in timeline.acted(work, one, Action.RECKON)]


def test_without_a_change_nothing_moves(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(settings) == 0
    assert capsys.readouterr().out == "未结工单 2 张：时限会变的 0 张，其中变后即超时的 0 张\n"


@pytest.mark.parametrize("answer", ["", "no\n"])
def test_nothing_moves_before_someone_agrees(
    settings: Settings, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    _close_the_coming_days()

    assert _run(settings, answer=answer) == 1
    assert "时限会变的 2 张" in capsys.readouterr().out
    assert _entries() == []


def test_what_moved_stands_in_the_ledger_and_the_ledger_is_sound(settings: Settings) -> None:
    _close_the_coming_days()

    assert _run(settings, answer="yes\n") == 0

    assert len(_entries()) == 2
    with runtime.view(SYSTEM) as work:
        assert list(verify(work)) == []


def test_alerts_that_another_ladder_would_give_are_set_anew(settings: Settings) -> None:
    with runtime.work(SYSTEM) as work:
        earlier = update(Deadline).where(Deadline.settled_at.is_(None))
        work.session.execute(earlier.values(alert_at=work.now + timedelta(minutes=1)))
    with runtime.view(SYSTEM) as work:
        assert {fault.kind for fault in verify(work)} == {"clock"}

    assert _run(settings, "--yes") == 0

    with runtime.view(SYSTEM) as work:
        assert list(verify(work)) == []


def test_asked_again_there_is_nothing_left_to_move(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    _close_the_coming_days()
    assert _run(settings, "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"open": 2, "moved": 2, "overdue": 0, "recomputed": 2}

    assert _run(settings, "--json") == 0

    assert json.loads(capsys.readouterr().out) == {"open": 2, "moved": 0, "overdue": 0, "recomputed": 0}
