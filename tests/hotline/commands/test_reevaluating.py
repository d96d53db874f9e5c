"""reevaluate: says what other targets would change, asks, and changes it on the record."""

import io
import json
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
import structlog
from sqlalchemy import select

from hotline import runtime
from hotline.cities.city import City
from hotline.commands.main import main
from hotline.lifecycle import Action
from hotline.models.ticket import Ticket
from hotline.settings import CITIES, Settings
from hotline.tickets import timeline
from hotline.tickets.verification import verify
from hotline.work import SYSTEM
from tests.builders import AGENT, LEAD, OTHER, a_dispatched_ticket
from tests.support.town import started


@pytest.fixture
def settings(tmp_path: Path, city: City) -> Iterator[Settings]:
    """A city with a ticket for each of two departments, whose profile then shortens complaints."""
    handlers, level = logging.root.handlers[:], logging.root.level
    with started(tmp_path, city) as settings:
        with runtime.work(AGENT) as work:
            a_dispatched_ticket(work)
            a_dispatched_ticket(work, lead=OTHER)
        newer = tmp_path / "newer"
        shutil.copytree(CITIES / "binhai", newer)
        targets = (newer / "targets.toml").read_text(encoding="utf-8")
        (newer / "targets.toml").write_text(targets.replace('"7wd"', '"4wd"'), encoding="utf-8")
        yield replace(settings, city=str(newer))
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


def _run(settings: Settings, *arguments: str, answer: str = "") -> int:
    environment = {
        "HOTLINE_INSTANCE": str(settings.instance),
        "HOTLINE_SECRET_KEY": settings.secret_key,
        "HOTLINE_VAULT_KEY": settings.vault_key,
        "HOTLINE_CITY": settings.city,
    }
    with patch.dict(os.environ, environment), patch.object(sys, "stdin", io.StringIO(answer)):
        return main(["reevaluate", *arguments])


def _entries() -> int:
    with runtime.view(SYSTEM) as work:
        tickets = work.session.scalars(select(Ticket)).all()
        return sum(len(timeline.acted(work, one, Action.RECKON)) for one in tickets)


def test_a_preview_says_how_many_of_each_stage_and_changes_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(settings, "--json") == 0

    found = json.loads(capsys.readouterr().out)
    assert found["stages"] == {"resolve": {"changed": 2, "overdue": 0, "saved": 0}}
    assert (found["open"], found["tickets"], found["reevaluated"]) == (2, 2, 0)
    assert _entries() == 0


@pytest.mark.parametrize("answer", ["", "no\n"])
def test_nothing_changes_before_someone_agrees(
    settings: Settings, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    assert _run(settings, answer=answer) == 1
    assert "办结：换时限的 2 个，其中变后即超时的 0 个，不再超时的 0 个" in capsys.readouterr().out
    assert _entries() == 0


def test_one_department_goes_first(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(settings, "--department", LEAD, "--yes") == 0

    assert "已让 1 张工单改用现在的时限" in capsys.readouterr().out
    assert _entries() == 1
    with runtime.view(SYSTEM) as work:
        assert not list(verify(work))


def test_only_what_came_in_since_a_day(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with runtime.view(SYSTEM) as work:
        tomorrow = work.city.calendar.day_of(work.now) + timedelta(days=1)

    assert _run(settings, "--since", tomorrow.isoformat(), "--yes") == 0
    assert "未结工单 0 张" in capsys.readouterr().out


@pytest.mark.parametrize("asked", [("--since", "soon"), ("--department", "D-NONE")])
def test_what_cannot_be_asked_for_is_refused_in_one_line(
    settings: Settings, capsys: pytest.CaptureFixture[str], asked: tuple[str, str]
) -> None:
    assert _run(settings, *asked) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
