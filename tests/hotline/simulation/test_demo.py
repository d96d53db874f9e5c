"""The demo's two months: every status, a sound ledger, and a lane that is measured."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hotline import runtime
from hotline.cities.city import City
from hotline.crypto import password_matches
from hotline.lifecycle import Role, Status
from hotline.models.notice import Notice
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.settings import Settings
from hotline.simulation import demo
from hotline.simulation.explaining import account
from hotline.work import SYSTEM
from tests.support.town import started


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, city: City) -> Iterator[Settings]:
    with started(tmp_path_factory.mktemp("demo"), city) as settings:
        yield settings


@pytest.fixture(scope="module", autouse=True)
def filled(settings: Settings) -> demo.Filled:
    return demo.fill(settings, tickets=60, days=20, seed=7)


def test_the_demo_has_tickets_in_every_status(filled: demo.Filled) -> None:
    assert set(filled.by_status) == set(Status)
    assert all(filled.by_status.values())
    assert sum(filled.by_status.values()) == filled.tickets >= 60


def test_every_ticket_of_the_demo_is_accounted_for_and_the_ledger_agrees() -> None:
    with runtime.view(SYSTEM) as work:
        found = account(work)

    assert (found.stuck, found.faults) == ([], [])


def test_nobody_was_left_untold() -> None:
    with runtime.view(SYSTEM) as work:
        promised = work.session.scalar(select(func.count()).select_from(OutboxMessage))
        kept = work.session.scalar(select(func.count()).where(OutboxMessage.done_at.is_not(None)))

    assert promised == kept > 0


def test_what_is_older_than_two_days_has_been_read() -> None:
    with runtime.view(SYSTEM) as work:
        two_days_ago = work.now - timedelta(days=2, minutes=5)
        old = select(func.count()).where(Notice.created_at < two_days_ago)
        unread = work.session.scalar(old.where(Notice.read_at.is_(None)))
        read = work.session.scalar(old.where(Notice.read_at.is_not(None)))
        fresh = work.session.scalar(
            select(func.count()).where(Notice.created_at > two_days_ago, Notice.read_at.is_(None))
        )

    assert unread == 0
    assert read
    assert fresh


def test_the_handler_who_may_sign_in_has_something_to_do(settings: Settings) -> None:
    handler = next(one for one in demo.people(settings) if one.role is Role.HANDLER)

    with runtime.view(SYSTEM) as work:
        department = select(User.department_code).where(User.login == handler.login).scalar_subquery()
        acting = (Status.DISPATCHED, Status.ACCEPTED)
        loads = (
            select(Ticket.lead_code == department, func.count())
            .where(Ticket.status.in_(acting))
            .group_by(Ticket.lead_code)
        )
        by_ownership = sorted(work.session.execute(loads).all())

    assert by_ownership[-1][0]
    assert by_ownership[-1][1] == max(count for _, count in by_ownership)


def test_nothing_of_the_demo_lies_in_the_future() -> None:
    with runtime.view(SYSTEM) as work:
        assert work.session.scalar(select(func.max(Ticket.logged_at))) <= work.now


def test_without_a_model_nothing_goes_by_the_auto_lane(filled: demo.Filled) -> None:
    assert (filled.automatic, filled.right) == (0, 0)
    assert "自动派单 0 张" in filled.words()


def test_each_role_has_a_sign_in_and_asking_again_ends_the_old_ones(settings: Settings) -> None:
    old, people = demo.people(settings), demo.people(settings)

    assert {one.role for one in people} == set(Role) - {Role.CITIZEN, Role.SYSTEM}
    assert {one.role for one in people if one.department} == {Role.HANDLER, Role.LEADER}
    stored = _stored_hash(people[0].login)
    assert password_matches(stored, people[0].password)
    assert not password_matches(stored, old[0].password)


def _stored_hash(login: str) -> str:
    with runtime.view(SYSTEM) as work:
        return work.session.scalars(select(User.password_hash).where(User.login == login)).one()
