"""The one writer: what it checks, in which order, and what it leaves behind."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from hotline.errors import ChangedByAnother, IllegalTransition, NotAllowed
from hotline.lifecycle import Action, Role, Status
from hotline.models.event import TicketEvent
from hotline.tickets import applications, handling, ledger, returns, review, supervision, timeline
from hotline.tickets.verification import verify
from tests.builders import (
    A_RESULT,
    AGENT,
    DISPATCHER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    REVIEWER,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    an_accepted_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import NOT_OURS


def test_an_entry_says_who_did_what_when_and_where_it_led(work):
    ticket = a_dispatched_ticket(work)

    handling.accept(by(work, HANDLER, after=HOUR), ticket)

    entry = timeline.events_of(work, ticket)[-1]
    assert (entry.action, entry.from_status, entry.to_status) == (
        Action.ACCEPT,
        Status.DISPATCHED,
        Status.ACCEPTED,
    )
    assert (entry.role, entry.actor_id, entry.department_code) == (Role.HANDLER, HANDLER.user_id, LEAD)
    assert (entry.at, entry.round, entry.seq) == (NOW + HOUR, 1, 3)


def test_the_row_follows_its_ledger(work):
    ticket = a_contacted_ticket(work)

    entries = timeline.events_of(work, ticket)

    assert ticket.status is entries[-1].to_status
    assert ticket.events == len(entries)
    assert ticket.last_hash == entries[-1].hash


def test_each_entry_is_bound_to_the_one_before(work):
    entries = timeline.events_of(work, a_contacted_ticket(work))

    assert [entry.previous_hash for entry in entries] == ["", *(entry.hash for entry in entries[:-1])]
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))


def test_a_hash_holds_whatever_zone_the_moment_was_given_in(work, session):
    ticket = a_logged_ticket(replace(work, now=NOW.astimezone(ZoneInfo("Asia/Shanghai"))))
    session.flush()
    session.expire_all()

    assert list(verify(work, only=ticket.number)) == []


def test_a_role_without_the_right_is_refused_before_the_status_is_looked_at(work):
    ticket = a_logged_ticket(work)

    with pytest.raises(NotAllowed):
        ledger.record(by(work, AGENT), ticket, Action.CLOSE)


def test_a_role_without_the_right_is_refused_before_the_version_is_looked_at(work):
    ticket = a_logged_ticket(work)
    ledger.expect_version(work, ticket, ticket.version + 1)

    with pytest.raises(NotAllowed):
        ledger.record(by(work, HANDLER), ticket, Action.DISPATCH)


def test_an_old_form_is_refused_before_the_status_is_looked_at(work):
    ticket = a_dispatched_ticket(work)
    ledger.expect_version(work, ticket, ticket.version - 1)

    with pytest.raises(ChangedByAnother):
        ledger.record(by(work, DISPATCHER), ticket, Action.DISPATCH)


def test_what_the_status_forbids_is_refused(work):
    ticket = a_logged_ticket(work)

    with pytest.raises(IllegalTransition):
        ledger.record(by(work, HANDLER), ticket, Action.ACCEPT)


def test_a_refusal_leaves_no_trace(work, session):
    ticket = a_logged_ticket(work)
    session.flush()
    before = (ticket.status, ticket.events, ticket.last_hash)

    with pytest.raises(IllegalTransition):
        ledger.record(by(work, HANDLER), ticket, Action.ACCEPT)

    assert (ticket.status, ticket.events, ticket.last_hash) == before
    assert not session.dirty
    assert len(timeline.events_of(work, ticket)) == 1


def test_the_form_of_the_present_version_is_taken(work, session):
    ticket = a_dispatched_ticket(work)
    session.flush()
    ledger.expect_version(work, ticket, ticket.version)

    handling.accept(by(work, HANDLER), ticket)

    assert ticket.status is Status.ACCEPTED


def test_every_change_makes_older_forms_old(work, session):
    ticket = a_dispatched_ticket(work)
    session.flush()
    drawn = ticket.version

    supervision.note(by(work, AGENT), ticket, text="诉求人又来电")
    session.flush()

    assert ticket.version > drawn


def _granting_a_return(work):
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    return ticket, DISPATCHER, lambda w: returns.decide_return(w, ticket, granted=True, text="")


def _granting_an_extension(work):
    ticket = a_contacted_ticket(work)
    applications.request_extension(by(work, HANDLER), ticket, amount="2wd", reason="material", text="待料")
    return ticket, REVIEWER, lambda w: applications.decide_extension(w, ticket, granted=True, text="")


def _accepting_a_result(work):
    ticket = a_resolved_ticket(work)
    return ticket, REVIEWER, lambda w: review.accept_result(w, ticket)


def _resolving(work):
    ticket = a_contacted_ticket(work)
    return ticket, HANDLER, lambda w: handling.resolve(w, ticket, A_RESULT)


@pytest.mark.parametrize(
    "deciding", [_granting_a_return, _granting_an_extension, _accepting_a_result, _resolving]
)
def test_of_two_who_decide_the_same_the_second_learns_that_it_is_done(work, session, deciding):
    ticket, actor, decide = deciding(work)
    session.flush()
    drawn = ticket.version
    ledger.expect_version(work, ticket, drawn)
    decide(by(work, actor))
    session.flush()

    ledger.expect_version(work, ticket, drawn)
    with pytest.raises(ChangedByAnother):
        decide(by(work, actor))


def test_an_entry_cannot_be_changed(work, session):
    ticket = a_logged_ticket(work)
    entry = timeline.events_of(work, ticket)[0]

    entry.actor_name = "someone else"

    with pytest.raises(RuntimeError, match="append-only"):
        session.flush()


def test_an_entry_cannot_be_deleted(work, session):
    ticket = a_logged_ticket(work)

    session.delete(timeline.events_of(work, ticket)[0])

    with pytest.raises(RuntimeError, match="append-only"):
        session.flush()


def test_reading_an_entry_and_writing_others_is_no_change(work, session):
    ticket = a_logged_ticket(work)
    entry = timeline.events_of(work, ticket)[0]
    entry.actor_name = str(entry.actor_name)

    supervision.note(by(work, AGENT), ticket, text="备注")
    session.flush()

    assert ticket.events == 2


@pytest.mark.parametrize("accepted", [False, True])
def test_the_status_before_is_read_from_the_ledger(work, session, accepted):
    ticket = an_accepted_ticket(work) if accepted else a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    supervision.note(by(work, AGENT), ticket, text="催了一次")

    assert ledger.previous_status(session, ticket) is (Status.ACCEPTED if accepted else Status.DISPATCHED)


def test_a_new_ticket_came_from_nowhere(work, session):
    assert ledger.previous_status(session, a_logged_ticket(work)) is None


def test_spells_tell_how_long_a_ticket_was_in_each_status(work):
    ticket = a_dispatched_ticket(work)
    handling.accept(by(work, HANDLER, after=HOUR), ticket)
    supervision.note(by(work, AGENT, after=2 * HOUR), ticket, text="备注")

    spells = timeline.spells(work, ticket)

    assert [(spell.status, spell.begin, spell.end) for spell in spells] == [
        (Status.LOGGED, NOW, NOW),
        (Status.DISPATCHED, NOW, NOW + HOUR),
        (Status.ACCEPTED, NOW + HOUR, None),
    ]


def test_the_caller_sees_the_steps_and_not_the_remarks(work):
    ticket = a_contacted_ticket(work)
    supervision.note(by(work, AGENT), ticket, text="诉求人情绪激动")
    supervision.supervise(by(work, replace(AGENT, roles=frozenset({Role.SUPERVISOR}))), ticket, text="限期")

    shown = [entry.action for entry in timeline.public_events(work, ticket)]

    assert shown == [Action.LOG, Action.DISPATCH, Action.ACCEPT, Action.CONTACT]


def test_an_entry_names_callers_by_id_only(work):
    ticket = a_contacted_ticket(work)

    written = " ".join(str(entry.details) for entry in timeline.events_of(work, ticket))

    assert "王小川" not in written
    assert "13800000001" not in written


def test_bulk_deletes_are_what_the_hashes_are_for(work, session):
    ticket = a_dispatched_ticket(work)
    session.flush()

    session.execute(delete(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.seq == 1))

    assert [(fault.kind, fault.seq) for fault in verify(work, only=ticket.number)] == [("missing", 1)]


def test_a_moment_later_in_the_same_work_is_still_that_work(work):
    later = by(work, DISPATCHER, after=timedelta(minutes=5))

    assert (later.session, later.city, later.now) == (work.session, work.city, NOW + timedelta(minutes=5))
