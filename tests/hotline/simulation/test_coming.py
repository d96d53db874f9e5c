"""The days to come: the same dice give the same ledger, and nothing is left hanging."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hotline import runtime
from hotline.cities.city import City
from hotline.lifecycle import Status
from hotline.models.ticket import Ticket
from hotline.settings import Settings
from hotline.simulation import coming
from hotline.work import SYSTEM
from tests.support.town import started

BEGIN = datetime(2026, 11, 25, tzinfo=ZoneInfo("Asia/Shanghai"))


def _play(settings: Settings, seed: int = 3) -> coming.Played:
    return coming.play(settings, days=5, per_day=4, seed=seed, begin=BEGIN)


def _ledger() -> list[tuple[str, str]]:
    with runtime.view(SYSTEM) as work:
        rows = work.session.execute(select(Ticket.number, Ticket.last_hash).order_by(Ticket.number))
        return [(number, digest) for number, digest in rows]


def test_the_same_seed_on_an_equal_database_tells_the_same_story(tmp_path: Path, city: City) -> None:
    stories = []
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        (tmp_path / name).mkdir()
        with started(tmp_path / name, city) as settings:
            _play(settings, seed)
            stories.append(_ledger())

    assert stories[0] == stories[1]
    assert stories[0] != stories[2]


def test_after_the_days_every_ticket_is_accounted_for(settings: Settings) -> None:
    played = _play(settings)

    assert played.account.is_whole
    assert sum(played.account.by_status.values()) == 20


def test_a_second_play_goes_on_with_what_the_first_left_open(settings: Settings) -> None:
    first = _play(settings)
    left = {one.number for one in first.account.waiting}

    second = coming.play(settings, days=40, per_day=0, seed=3, begin=first.end)

    assert second.account.is_whole
    assert left
    assert not {one.number for one in second.account.waiting if one.status is not Status.DEFERRED}


@pytest.mark.parametrize("days", [1, 3])
def test_calls_come_in_the_days_asked_for(settings: Settings, days: int) -> None:
    played = coming.play(settings, days=days, per_day=5, seed=1, begin=BEGIN)

    with runtime.view(SYSTEM) as work:
        moments = list(work.session.scalars(select(Ticket.logged_at)))
    assert len(moments) == 5 * days
    assert all(BEGIN <= moment < played.end for moment in moments)
