"""The ledger is replayed and compared: its moves, its moments, and the anchors of each day."""

import json
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, text

from hotline.lifecycle import Action
from hotline.models.event import TicketEvent
from hotline.tickets import ledger, verification
from hotline.tickets.verification import verify
from tests.builders import AGENT, a_contacted_ticket, a_logged_ticket, by
from tests.conftest import NOW


def test_a_ledger_that_the_lifecycle_forbids_is_named_though_its_hashes_are_right(work, session):
    ticket = a_logged_ticket(work)
    session.flush()
    session.execute(text("UPDATE tickets SET status = 'closed' WHERE id = :t"), {"t": ticket.id})
    session.refresh(ticket)
    ledger.record(by(work, AGENT), ticket, Action.NOTE, text="nobody closed it")

    assert [fault.kind for fault in verify(work, only=ticket.number)] == ["illegal"]


def test_a_day_is_anchored_once(work, session):
    a_contacted_ticket(work)
    today = NOW.date()

    first = verification.anchor(work, today)
    session.flush()
    a_logged_ticket(work)

    assert verification.anchor(work, today).hash == first.hash
    assert len(verification.anchors(work)) == 1


def test_an_anchored_day_cannot_be_rewritten(work, session):
    ticket = a_contacted_ticket(work)
    verification.anchor(work, NOW.date())
    session.flush()
    number = ticket.number
    assert list(verify(work)) == []

    session.execute(
        text("DELETE FROM ticket_events WHERE ticket_id = (SELECT id FROM tickets WHERE number = :n)"),
        {"n": number},
    )
    session.execute(
        text("UPDATE tickets SET events = 0, last_hash = '', status = 'logged' WHERE number = :n"),
        {"n": number},
    )

    assert ("2026-11-24", "anchor") in [(fault.number, fault.kind) for fault in verify(work)]


def test_what_happens_the_day_after_leaves_an_anchor_alone(work, session):
    ticket = a_logged_ticket(work)
    verification.anchor(work, NOW.date())
    ledger.record(by(work, AGENT, after=timedelta(hours=14)), ticket, Action.NOTE, text="次日")

    assert list(verify(work)) == []


def test_an_archive_entered_later_at_its_own_time_leaves_an_anchor_alone(work):
    a_logged_ticket(work)
    day_before = replace(work, now=NOW - timedelta(days=1))
    a_logged_ticket(day_before)
    for day in (NOW.date() - timedelta(days=1), NOW.date()):
        verification.anchor(by(work, AGENT, after=timedelta(days=2)), day)

    a_logged_ticket(day_before)

    assert list(verify(work)) == []


def test_days_on_which_nobody_ticked_are_anchored_with_the_next(work):
    today = NOW.date()
    a_logged_ticket(work)
    verification.anchor_until(work, today - timedelta(days=3))

    verification.anchor_until(work, today)
    verification.anchor_until(work, today)

    days = [row.day for row in verification.anchors(work)]
    assert days == [today - timedelta(days=before) for before in (3, 2, 1, 0)]


def test_a_day_begins_at_local_midnight(work, session):
    ticket = a_logged_ticket(work)
    ledger.record(by(work, AGENT, after=timedelta(hours=13, minutes=59)), ticket, Action.NOTE, text="深夜")

    assert verification.anchor(work, NOW.date()).events == 2


def test_the_digest_of_all_ledgers_changes_with_whatever_happens(work, session):
    ticket = a_logged_ticket(work)
    session.flush()
    before = verification.digest(work)
    assert verification.digest(work) == before

    ledger.record(by(work, AGENT), ticket, Action.NOTE, text="又来电")

    assert verification.digest(work) != before


def test_details_survive_the_database_as_they_were_written(work, session):
    ticket = a_logged_ticket(work)
    ledger.record(
        work,
        ticket,
        Action.NOTE,
        text='😀 繁體 \t\n"引号" \\',
        numbers=[0.1, 1e-7, 3],
        nothing=None,
        yes=True,
    )
    session.flush()
    session.expire_all()

    assert list(verify(work, only=ticket.number)) == []
    assert json.dumps(session.scalars(select(TicketEvent.details).order_by(TicketEvent.id.desc())).first())


def test_another_place_in_time_is_the_same_moment(work):
    ticket = a_logged_ticket(replace(work, now=NOW.astimezone(work.city.zone)))

    assert list(verify(work, only=ticket.number)) == []
