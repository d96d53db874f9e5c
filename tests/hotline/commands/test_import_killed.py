"""An import that is killed leaves whole tickets or none, and goes on where it stopped."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline import runtime
from hotline.cities.city import City
from hotline.models.event import TicketEvent
from hotline.models.ticket import Ticket
from hotline.settings import ROOT, Settings
from hotline.tickets.verification import verify
from hotline.work import SYSTEM
from tests.support.postgres import Postgres
from tests.support.town import started

ROWS = 1000
HEADERS = ("工单编号", "诉求内容", "诉求类型", "受理渠道", "受理时间")


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path, city: City) -> Iterator[Settings]:
    url = ""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.create("killed-import")
    with started(tmp_path, city, database_url=url) as settings:
        yield settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        (str(number), f"第 {number} 盏路灯不亮，晚上看不清路。", "投诉", "电话", "2026-03-05")
        for number in range(ROWS)
    ]
    with open(tmp_path / "tickets.csv", "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADERS, *rows, ("x", "", "投诉", "电话", "")])
    return tmp_path / "tickets.csv"


def _importing(settings: Settings, file: Path) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "HOTLINE_INSTANCE": str(settings.instance),
        "HOTLINE_SECRET_KEY": settings.secret_key,
        "HOTLINE_VAULT_KEY": settings.vault_key,
        "HOTLINE_DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, "-m", "hotline", "import", str(file)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def _counts() -> tuple[int, int]:
    """How many tickets there are, and how many entries in their ledgers."""
    with runtime.view(SYSTEM) as work:
        tickets = work.session.scalar(select(func.count()).select_from(Ticket)) or 0
        return tickets, work.session.scalar(select(func.count()).select_from(TicketEvent)) or 0


def _faults() -> list[object]:
    with runtime.view(SYSTEM) as work:
        return list(verify(work))


def test_an_import_killed_in_the_middle_leaves_nothing_half_done_and_can_be_run_again(
    settings: Settings, file: Path
) -> None:
    process = _importing(settings, file)
    until = time.monotonic() + 60
    while _counts()[0] == 0 and time.monotonic() < until:
        time.sleep(0.02)
    process.kill()
    process.communicate()

    tickets, entries = _counts()
    assert 0 < tickets < ROWS
    assert entries == 2 * tickets  # registered, and what the other system knew
    assert _faults() == []

    again = _importing(settings, file)
    said, _ = again.communicate(timeout=120)

    assert f"以前已导入 {tickets}" in said
    assert _counts() == (ROWS, 2 * ROWS)
    assert _faults() == []
    assert (
        (settings.instance / "rejected-tickets.csv")
        .read_text("utf-8-sig")
        .splitlines()[1]
        .startswith("1002,")
    )
