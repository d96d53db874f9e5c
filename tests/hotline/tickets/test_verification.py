"""The ledger is replayed and compared: its moves, its moments, and the anchors of each day."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from hotline.lifecycle import Action
from hotline.models.event import TicketEvent
from hotline.models.ticket import Urgency
from hotline.tickets import anchors, dispatching, joint, ledger, verification
from hotline.tickets.dispatching import Choice
from hotline.tickets.verification import verify
from sla.policy import ResolveStart, Stage
from tests.builders import (
    AGENT,
    DISPATCHER,
    HOUR,
    LEAD,
    OTHER,
    OTHER_HANDLER,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import lives, with_target


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

    first = anchors.anchor(work, today)
    session.flush()
    a_logged_ticket(work)

    assert anchors.anchor(work, today).hash == first.hash
    assert len(anchors.anchors(work)) == 1


def test_an_anchored_day_cannot_be_rewritten(work, session):
    ticket = a_contacted_ticket(work)
    anchors.anchor(work, NOW.date())
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
    anchors.anchor(work, NOW.date())
    ledger.record(by(work, AGENT, after=timedelta(hours=14)), ticket, Action.NOTE, text="次日")

    assert list(verify(work)) == []


def test_an_archive_entered_later_at_its_own_time_leaves_an_anchor_alone(work):
    a_logged_ticket(work)
    day_before = replace(work, now=NOW - timedelta(days=1))
    a_logged_ticket(day_before)
    for day in (NOW.date() - timedelta(days=1), NOW.date()):
        anchors.anchor(by(work, AGENT, after=timedelta(days=2)), day)

    a_logged_ticket(day_before)

    assert list(verify(work)) == []


def test_days_on_which_nobody_ticked_are_anchored_with_the_next(work):
    today = NOW.date()
    a_logged_ticket(work)
    anchors.anchor_until(work, today - timedelta(days=3))

    anchors.anchor_until(work, today)
    anchors.anchor_until(work, today)

    days = [row.day for row in anchors.anchors(work)]
    assert days == [today - timedelta(days=before) for before in (3, 2, 1, 0)]


def test_a_day_begins_at_local_midnight(work, session):
    ticket = a_logged_ticket(work)
    ledger.record(by(work, AGENT, after=timedelta(hours=13, minutes=59)), ticket, Action.NOTE, text="深夜")

    assert anchors.anchor(work, NOW.date()).events == 2


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


@pytest.mark.parametrize(
    "rules",
    [
        {"resolve_starts": ResolveStart.ACCEPT},
        {"resolve_starts": ResolveStart.NEXT_DAY},
        {"return_stops_resolve": True},
        {"suspension_pauses": False},
    ],
)
def test_the_clocks_of_every_city_are_replayed_as_its_rules_had_them(work, session, rules):
    policy = replace(work.city.policy, rules=replace(work.city.policy.rules, **rules))
    there = replace(work, city=replace(work.city, policy=policy))
    assert list(lives(there))
    a_dispatched_ticket(there, urgency=Urgency.URGENT)
    session.flush()

    assert list(verify(there)) == []


def test_a_profile_that_gives_other_targets_later_accuses_nobody(work, session):
    assert list(lives(work))
    session.flush()

    for stage in Stage:
        work = with_target(work, stage, "9wd")

    assert list(verify(work)) == []


def test_a_clock_that_assisting_departments_have_is_proved_for_each(work, session):
    timed = with_target(work, Stage.ASSIST, "2wd")
    ticket = a_logged_ticket(timed)
    dispatching.dispatch(by(timed, DISPATCHER), ticket, Choice("D-GA", (LEAD, OTHER)))
    joint.assist(by(timed, OTHER_HANDLER, after=HOUR), ticket, opinion="可以配合")
    session.flush()
    assert list(verify(work)) == []

    session.execute(text("UPDATE deadlines SET department_code = 'D-JT' WHERE stage = 'assist'"))

    assert [fault.detail for fault in verify(work)] == ["assist/1/1: department_code: row D-JT, ledger D-CG"]


def test_many_tickets_are_proved_with_as_few_questions_as_one(work, session):
    asked: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *said: asked.append(said[2]))
    a_contacted_ticket(work)
    session.flush()

    def questions() -> int:
        asked.clear()
        assert list(verify(work)) == []
        return len(asked)

    of_one = questions()
    for _ in range(5):
        a_contacted_ticket(work)
    session.flush()

    assert questions() == of_one


def test_days_whose_seals_are_gone_are_named(work, session):
    today = NOW.date()
    a_logged_ticket(work)
    for before in (4, 2, 0):
        anchors.anchor_until(work, today - timedelta(days=before))
    session.flush()
    assert list(verify(work)) == []

    session.execute(text("DELETE FROM ledger_anchors WHERE day <> :d"), {"d": today - timedelta(days=2)})

    assert [(fault.number, fault.kind) for fault in verify(work)] == [
        (f"2026-11-{day}", "anchor") for day in (20, 21, 23, 24)
    ]


def test_a_night_that_comes_late_leaves_no_gap(work):
    today = NOW.date()

    for day in (today, today - timedelta(days=1), today + timedelta(days=1)):
        anchors.anchor_until(work, day)

    assert [fault.number for fault in verify(work)] == []
    assert len(anchors.anchors(work)) == 3
