"""A busy morning while the SMS gateway is away: nothing is lost, and afterwards nothing is told twice."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from structlog.testing import capture_logs

from hotline import runtime
from hotline.cities.city import City
from hotline.jobs import inline
from hotline.settings import Settings
from tests.builders import AGENT, a_dispatched_ticket, a_ticket_to_follow_up
from tests.conftest import NOW
from tests.support.promised import IN_INBOX, assert_each_kept_once, messages, sms_keys
from tests.support.town import started


@pytest.fixture
def settings(tmp_path: Path, city: City) -> Iterator[Settings]:
    with started(tmp_path, city) as settings:
        yield settings


def test_what_was_promised_while_the_gateway_was_away_is_kept_when_it_is_back(settings: Settings) -> None:
    with time_machine.travel(NOW, tick=False) as wall, capture_logs():
        settings.sms_file.mkdir()
        for _ in range(3):
            with runtime.work(AGENT) as work:
                a_dispatched_ticket(work)
                a_ticket_to_follow_up(work)
        inline.keep_due()
        assert {one.kind for one in messages() if one.done_at} == IN_INBOX - {"tell_desk"}

        settings.sms_file.rmdir()
        wall.shift(timedelta(minutes=5))
        while inline.keep_due():
            pass

        assert (
            len(sms_keys(settings.sms_file))
            == len([one for one in messages() if one.kind not in IN_INBOX])
            > 0
        )
        assert_each_kept_once(settings.sms_file)
