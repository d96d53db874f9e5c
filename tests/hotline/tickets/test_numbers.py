"""People who register, press twice or decide at the same moment: real threads, real transactions."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.exc import StaleDataError

from hotline import db
from hotline.cities.city import City
from hotline.errors import ChangedByAnother, HotlineError
from hotline.lifecycle import Status
from hotline.models.caller import Caller
from hotline.models.ticket import Ticket
from hotline.tickets import claims, handling, intake, merging, worklists
from hotline.tickets.verification import verify
from hotline.work import Actor, Work
from tests.builders import AGENT, DISPATCHER, HANDLER, a_call, a_dispatched_ticket
from tests.conftest import NOW, VAULT

CROWD = 6
EMPTIED = (
    "claims, outbox_messages, deadlines, assignments, applications, follow_ups, lessons, judgements,"
    " ticket_events, tickets, callers, daily_serials"
)


@pytest.fixture
def committed(engine: Engine, city: City) -> Iterator[Callable[[Actor], Work]]:
    """Return what begins a unit of work that commits; what was committed is removed afterwards."""
    db.new_session.configure(bind=engine, join_transaction_mode="conditional_savepoint")
    yield lambda actor: Work(db.new_session(), actor, NOW, city, VAULT)
    with engine.begin() as connection:
        for table in EMPTIED.split(","):
            connection.execute(text(f"DELETE FROM {table}"))


def at_once(deed: Callable[[int], object]) -> list[object]:
    """Let everyone of a crowd do `deed` at the same moment; return what each got, errors included."""
    start = threading.Barrier(CROWD)

    def one(number: int) -> object:
        start.wait()
        try:
            return deed(number)
        except (HotlineError, StaleDataError) as error:
            return error

    with ThreadPoolExecutor(CROWD) as crowd:
        return list(crowd.map(one, range(CROWD)))


def register(committed: Callable[[Actor], Work], call: intake.Call) -> str:
    work = committed(AGENT)
    with work.session as session, session.begin():
        return intake.log(work, call, auto_lane=False).ticket.number


def test_people_who_register_at_once_get_different_numbers_without_a_gap(committed):
    numbers = at_once(lambda _: register(committed, a_call(anonymous=True)))

    assert sorted(numbers) == [f"20261124{serial:06d}" for serial in range(1, CROWD + 1)]


def test_a_form_sent_many_times_at_once_is_one_ticket(committed, engine):
    call = a_call()

    numbers = at_once(lambda _: register(committed, replace(call)))

    assert len(set(numbers)) == 1
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_one_caller_with_several_matters_at_once_is_one_caller(committed, engine):
    numbers = at_once(lambda _: register(committed, a_call()))

    assert len(set(numbers)) == CROWD
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Caller)) == 1


def test_tickets_merged_into_one_another_at_once_leave_somebody_to_handle_them(committed, engine):
    numbers = [register(committed, a_call()) for _ in range(CROWD)]

    def merge(place: int) -> None:
        work = committed(DISPATCHER)
        with work.session as session, session.begin():
            ticket = session.scalars(select(Ticket).where(Ticket.number == numbers[place])).one()
            merging.merge(work, ticket, into=numbers[(place + 1) % CROWD], reason="同人同事")

    at_once(merge)

    parent = aliased(Ticket)
    joined_to_nobody = (
        select(func.count())
        .select_from(Ticket)
        .join(parent, parent.id == Ticket.parent_id)
        .where(parent.status == Status.MERGED)
    )
    with Session(engine) as session:
        assert session.scalar(joined_to_nobody) == 0


def test_of_many_who_accept_at_once_one_does(committed):
    work = committed(AGENT)
    with work.session as session, session.begin():
        ticket_id = a_dispatched_ticket(work).id

    def accept(_: int) -> object:
        mine = committed(HANDLER)
        with mine.session as session, session.begin():
            handling.accept(mine, session.get_one(Ticket, ticket_id))
        return "accepted"

    outcomes = at_once(accept)

    assert outcomes.count("accepted") == 1
    assert all(
        isinstance(outcome, (HotlineError, StaleDataError, ChangedByAnother))
        for outcome in outcomes
        if outcome != "accepted"
    )
    work = committed(AGENT)
    with work.session:
        assert list(verify(work)) == []


def test_of_dispatchers_who_open_one_ticket_at_once_one_gets_it(committed):
    number = register(committed, a_call())

    def open_it(one: int) -> int:
        work = committed(replace(DISPATCHER, user_id=one + 1))
        with work.session as session, session.begin():
            return claims.claim(work, worklists.ticket_for(work, number)).user_id

    seen = at_once(open_it)

    assert len(set(seen)) == 1
    assert seen[0] in range(1, CROWD + 1)
