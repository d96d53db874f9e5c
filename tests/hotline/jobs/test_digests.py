"""One digest a person and shift, sorted by what matters, whatever dies meanwhile."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from hotline import runtime
from hotline.jobs import sweeps
from hotline.lifecycle import Role
from hotline.models.alert import Digest
from hotline.models.ticket import Urgency
from hotline.models.user import User
from hotline.tickets import digests, supervision
from hotline.tickets.digests import Scope
from hotline.work import SYSTEM, Work
from tests.builders import AGENT, DAY, HANDLER, HOUR, LEAD, LEADER, SUPERVISOR, a_dispatched_ticket, by
from tests.hotline.jobs.promised import a_ticket

pytestmark = pytest.mark.usefixtures("settings")


def given() -> dict[str, list[datetime]]:
    """Who was given digests, of which shifts."""
    with runtime.view(SYSTEM) as work:
        rows = select(User.name, Digest.shift_at).join(User, User.id == Digest.user_id)
        found: dict[str, list[datetime]] = {}
        for name, shift_at in work.session.execute(rows.order_by(Digest.id)):
            found.setdefault(name, []).append(shift_at)
        return found


def shanghai(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour - 8, tzinfo=UTC)


def overdue(wall: time_machine.Traveller) -> None:
    a_ticket()
    wall.move_to(shanghai(26, 10))
    sweeps.due_alerts()


def test_everybody_concerned_is_given_one_at_the_start_of_the_shift(wall: time_machine.Traveller) -> None:
    overdue(wall)

    assert sweeps.due_digests() == 3
    assert sweeps.due_digests() == 0

    morning = [shanghai(26, 9)]
    assert given() == {HANDLER.name: morning, LEADER.name: morning, SUPERVISOR.name: morning}


def test_each_shift_has_its_own_and_the_night_none(wall: time_machine.Traveller) -> None:
    overdue(wall)

    for hour in range(10, 24):
        wall.move_to(shanghai(26, hour))
        sweeps.due_digests()

    assert given()[HANDLER.name] == [shanghai(26, 9), shanghai(26, 14)]


def test_a_round_that_died_half_way_is_ended_without_doubling(
    wall: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    overdue(wall)
    give = digests.give

    def give_one(work: Work, user_id: int) -> bool:
        if given():
            raise KeyboardInterrupt
        return give(work, user_id)

    monkeypatch.setattr(digests, "give", give_one)
    with pytest.raises(KeyboardInterrupt):
        sweeps.due_digests()
    assert len(given()) == 1
    monkeypatch.setattr(digests, "give", give)

    sweeps.due_digests()

    assert {name: len(shifts) for name, shifts in given().items()} == {
        HANDLER.name: 1,
        LEADER.name: 1,
        SUPERVISOR.name: 1,
    }


def test_two_who_count_at_the_same_time_write_one(wall: time_machine.Traveller) -> None:
    overdue(wall)
    with runtime.work(SYSTEM) as work:
        assert HANDLER.user_id is not None
        assert digests.give(work, HANDLER.user_id)
    with runtime.work(SYSTEM) as work:
        assert not digests.give(work, HANDLER.user_id)

    assert given() == {HANDLER.name: [shanghai(26, 9)]}


def test_on_a_day_off_only_clocks_that_run_day_and_night_are_told(wall: time_machine.Traveller) -> None:
    overdue(wall)
    wall.move_to(shanghai(28, 10))
    assert sweeps.due_digests() == 0

    a_ticket(urgency=Urgency.CRITICAL)
    wall.move_to(shanghai(29, 10))
    sweeps.due_alerts()
    sweeps.due_digests()

    assert given()[HANDLER.name] == [shanghai(29, 9)]
    with runtime.view(SYSTEM) as work:
        natural = digests.waiting(work, Scope(LEAD, frozenset(), natural=True))
        assert {line.ticket.urgency for line in natural} == {Urgency.CRITICAL}


def test_supervised_tickets_come_first_then_what_is_overdue_longest(wall: time_machine.Traveller) -> None:
    with runtime.work(AGENT) as work:
        tickets = [a_dispatched_ticket(by(work, AGENT, after=hours * HOUR)) for hours in (0, 2, 4)]
        supervision.supervise(by(work, SUPERVISOR, after=5 * HOUR), tickets[2], text="请今天办结")
    wall.shift(20 * DAY)
    sweeps.due_alerts()

    with runtime.view(SYSTEM) as work:
        lines = digests.waiting(work, Scope(LEAD, frozenset()))

        numbers = [line.ticket.number for line in lines]
        dues = [line.deadline.due_at for line in lines if line.ticket.number != tickets[2].number]
    assert numbers[0] == tickets[2].number
    assert None not in dues
    assert dues == sorted(dues, key=lambda due: due or datetime.max.replace(tzinfo=UTC))


def test_counts_are_those_of_the_list(wall: time_machine.Traveller) -> None:
    overdue(wall)

    with runtime.view(SYSTEM) as work:
        scope = Scope(LEAD, frozenset())
        counts, lines = digests.counts(work, scope), digests.waiting(work, scope)

    assert counts["overdue"] + counts["near"] == sum(len(line.clocks) for line in lines) > 0


def test_a_desk_is_told_of_its_own_clocks_alone(wall: time_machine.Traveller) -> None:
    overdue(wall)

    with runtime.view(SYSTEM) as work:
        assert digests.waiting(work, Scope(None, frozenset({Role.REVIEWER}))) == []
        assert digests.waiting(work, Scope(None, frozenset({Role.SUPERVISOR}))) != []


def test_a_city_without_a_digest_counts_nothing(
    wall: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    overdue(wall)
    running = runtime.current()
    silent = replace(running.city, ladder=replace(running.city.ladder, digest=()))
    monkeypatch.setattr(runtime, "_running", replace(running, city=silent))

    assert sweeps.due_digests() == 0
