"""Whoever changes, removes or slips in a ledger entry behind our back is found out, entry by entry."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from hotline.lifecycle import Action
from hotline.models.event import TicketEvent
from hotline.models.ticket import Ticket
from hotline.tickets import alerting, deadlines, dispatching, handling, ledger, supervision, timeline
from hotline.tickets.dispatching import Choice
from hotline.tickets.verification import verify
from hotline.work import Work
from sla.policy import Stage
from tests.builders import (
    AGENT,
    DAY,
    DISPATCHER,
    HANDLER,
    LEAD,
    OTHER,
    SUPERVISOR,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    a_ticket_to_follow_up,
    by,
)
from tests.hotline.tickets.deeds import lives, with_target

COPIED = (
    "ticket_id, at, action, role, actor_id, actor_name, department_code,"
    " from_status, to_status, round, details"
)


@dataclass(frozen=True)
class Told:
    """The tickets of `lives`, and where each action stands in their ledgers first."""

    work: Work
    places: dict[Action, tuple[str, int, int]]
    numbers: tuple[str, ...]


@pytest.fixture(scope="module")
def told(standing: Work) -> Told:
    numbers = tuple(ticket.number for ticket in lives(standing))
    standing.session.commit()
    rows = standing.session.execute(
        select(TicketEvent.action, Ticket.number, Ticket.id, TicketEvent.seq)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .order_by(TicketEvent.id)
    )
    places: dict[Action, tuple[str, int, int]] = {}
    for action, number, ticket_id, seq in rows:
        places.setdefault(action, (number, ticket_id, seq))
    return Told(standing, places, numbers)


@pytest.fixture
def behind(told: Told) -> Iterator[Session]:
    """Plain SQL that is undone after the test."""
    session = told.work.session
    session.rollback()
    yield session
    session.rollback()


def faults(told: Told, number: str | None = None) -> list[tuple[str, int | None]]:
    told.work.session.expire_all()
    return [(fault.kind, fault.seq) for fault in verify(told.work, only=number)]


def details(told: Told, number: str | None = None) -> list[str]:
    told.work.session.expire_all()
    return [fault.detail for fault in verify(told.work, only=number)]


def test_every_action_stands_in_the_ledgers_that_these_tests_tamper_with(told):
    assert set(told.places) == set(Action)


def test_untouched_ledgers_have_no_fault(told, behind):
    assert faults(told) == []


@pytest.mark.parametrize("action", Action)
def test_a_changed_entry_is_named(told, behind, action):
    number, ticket_id, seq = told.places[action]

    behind.execute(
        text("UPDATE ticket_events SET actor_name = 'somebody' WHERE ticket_id = :t AND seq = :s"),
        {"t": ticket_id, "s": seq},
    )

    assert faults(told, number) == [("changed", seq)]


@pytest.mark.parametrize("action", Action)
def test_a_removed_entry_is_named(told, behind, action):
    number, ticket_id, seq = told.places[action]

    behind.execute(
        text("DELETE FROM ticket_events WHERE ticket_id = :t AND seq = :s"), {"t": ticket_id, "s": seq}
    )

    assert faults(told, number) == [("missing", seq)]


@pytest.mark.parametrize("action", Action)
def test_an_entry_slipped_in_is_named(told, behind, action):
    number, ticket_id, seq = told.places[action]
    _make_room(behind, ticket_id, seq)

    behind.execute(
        text(
            f"INSERT INTO ticket_events (seq, previous_hash, hash, {COPIED})"
            f" SELECT :s, 'invented', 'invented', {COPIED}"
            " FROM ticket_events WHERE ticket_id = :t AND seq = :s + 1"
        ),
        {"t": ticket_id, "s": seq},
    )

    assert faults(told, number) == [("slipped_in", seq)]


def _make_room(behind: Session, ticket_id: int, seq: int) -> None:
    for step in (
        "SET seq = -seq WHERE ticket_id = :t AND seq >= :s",
        "SET seq = 1 - seq WHERE ticket_id = :t AND seq < 0",
    ):
        behind.execute(text(f"UPDATE ticket_events {step}"), {"t": ticket_id, "s": seq})


@pytest.fixture
def ticket(told: Told) -> Ticket:
    return told.work.session.scalars(select(Ticket).where(Ticket.number == told.numbers[0])).one()


def _entry(behind: Session, ticket: Ticket, seq: int) -> TicketEvent:
    return behind.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.seq == seq)
    ).one()


@pytest.mark.parametrize(
    "change",
    [
        "at = '2020-01-01 00:00:00'",
        "action = 'note'",
        "role = 'admin'",
        "actor_id = 1",
        "department_code = 'D-JT'",
        "from_status = 'closed'",
        "to_status = 'closed'",
        "round = 9",
        "details = '{}'",
        "previous_hash = 'x'",
        "hash = 'x'",
    ],
)
def test_no_column_of_an_entry_can_be_changed_unnoticed(told, behind, ticket, change):
    seq = told.places[Action.HAND_DOWN][2]
    behind.execute(
        text(f"UPDATE ticket_events SET {change} WHERE ticket_id = :t AND seq = :s"),
        {"t": ticket.id, "s": seq},
    )

    assert faults(told, ticket.number)[0] == ("changed", seq)


def test_the_last_entry_changed_is_named(told, behind, ticket):
    last = ticket.events

    behind.execute(
        text("UPDATE ticket_events SET details = '{}' WHERE ticket_id = :t AND seq = :s"),
        {"t": ticket.id, "s": last},
    )

    assert faults(told, ticket.number) == [("changed", last)]


def test_the_last_entry_removed_is_named(told, behind, ticket):
    last = ticket.events

    behind.execute(
        text("DELETE FROM ticket_events WHERE ticket_id = :t AND seq = :s"), {"t": ticket.id, "s": last}
    )

    assert faults(told, ticket.number) == [("missing", last)]


def test_the_last_entry_removed_and_the_count_with_it_shows_by_the_hash(told, behind, ticket):
    last = ticket.events

    behind.execute(
        text("DELETE FROM ticket_events WHERE ticket_id = :t AND seq = :s"), {"t": ticket.id, "s": last}
    )
    behind.execute(text("UPDATE tickets SET events = events - 1 WHERE id = :t"), {"t": ticket.id})

    assert ("last_hash", last - 1) in faults(told, ticket.number)


def test_the_whole_ledger_removed_is_named(told, behind, ticket):
    behind.execute(text("DELETE FROM ticket_events WHERE ticket_id = :t"), {"t": ticket.id})

    assert faults(told, ticket.number) == [("missing", 1)]


@pytest.mark.parametrize("place", ["middle", "end"])
def test_a_forged_entry_with_right_hashes_of_its_own_is_named(told, behind, ticket, place):
    seq = 3 if place == "middle" else ticket.events + 1
    before = _entry(behind, ticket, seq - 1)
    _make_room(behind, ticket.id, seq)
    forged = TicketEvent(
        **{name.strip(): getattr(before, name.strip()) for name in COPIED.split(",")},
        seq=seq,
        previous_hash=before.hash,
    )
    forged.action, forged.from_status = Action.NOTE, before.to_status
    forged.hash = ledger.hash_of(forged)
    behind.add(forged)
    behind.flush()

    assert faults(told, ticket.number) == [("slipped_in", seq)]


def test_an_entry_rewritten_with_a_right_hash_of_its_own_is_named(told, behind, ticket):
    entry = _entry(behind, ticket, 3)
    forged = replace_hash(entry)

    behind.execute(
        text("UPDATE ticket_events SET actor_name = 'somebody', hash = :h WHERE id = :id"),
        {"h": forged, "id": entry.id},
    )

    assert faults(told, ticket.number) == [("changed", 3)]


def replace_hash(entry: TicketEvent) -> str:
    """Return the hash that the entry would have under another name."""
    values = {column.key: getattr(entry, column.key) for column in TicketEvent.__table__.columns}
    return ledger.hash_of(TicketEvent(**(values | {"actor_name": "somebody"})))


def test_a_removed_entry_whose_followers_moved_up_is_named(told, behind, ticket):
    behind.execute(text("DELETE FROM ticket_events WHERE ticket_id = :t AND seq = 4"), {"t": ticket.id})
    for step in (
        "SET seq = -seq WHERE ticket_id = :t AND seq > 4",
        "SET seq = -seq - 1 WHERE ticket_id = :t AND seq < 0",
    ):
        behind.execute(text(f"UPDATE ticket_events {step}"), {"t": ticket.id})

    assert faults(told, ticket.number) == [("missing", 4)]


def test_an_entry_moved_to_another_ticket_is_missed_here_and_slipped_in_there(told, behind, ticket):
    other = behind.scalars(select(Ticket).where(Ticket.number == told.numbers[1])).one()
    appended = other.events + 1
    behind.execute(
        text("UPDATE ticket_events SET ticket_id = :o, seq = :n WHERE ticket_id = :t AND seq = 2"),
        {"o": other.id, "n": appended, "t": ticket.id},
    )

    assert faults(told, told.numbers[0]) == [("missing", 2)]
    assert faults(told, told.numbers[1]) == [("slipped_in", appended)]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("status = 'logged'", "status"),
        ("events = events + 1", "missing"),
        ("last_hash = 'x'", "last_hash"),
        ("next_due_at = '2030-01-01 00:00:00'", "clock"),
    ],
)
def test_a_row_that_says_something_else_than_its_ledger_is_named(told, behind, ticket, change, kind):
    behind.execute(text(f"UPDATE tickets SET {change} WHERE id = :t"), {"t": ticket.id})

    assert [found for found, _ in faults(told, ticket.number)] == [kind]


@pytest.mark.parametrize(
    "change",
    [
        "due_at = '2030-01-01 00:00:00'",
        "started_at = '2026-11-01 00:00:00'",
        "allowance = '30wd'",
        "rule = '9 another'",
        "policy = 'another'",
        "calendar_version = 77",
        "extension = '7wd'",
        "outcome = 'late'",
    ],
)
def test_an_altered_deadline_is_named(told, behind, ticket, change):
    behind.execute(
        text(f"UPDATE deadlines SET {change} WHERE ticket_id = :t AND stage = 'accept' AND round = 1"),
        {"t": ticket.id},
    )

    assert {kind for kind, _ in faults(told, ticket.number)} == {"clock"}


@pytest.mark.parametrize("change", ["provisional = NOT provisional", "calendar_version = 77"])
def test_a_running_clock_that_rests_on_another_calendar_is_named(told, behind, change):
    running = next(
        clock
        for number in told.numbers
        for clock in deadlines.running(
            told.work, behind.scalars(select(Ticket).where(Ticket.number == number)).one()
        )
        if clock.due_at
    )
    behind.execute(text(f"UPDATE deadlines SET {change} WHERE id = :d"), {"d": running.id})

    number = behind.get_one(Ticket, running.ticket_id).number
    assert ("clock", None) in faults(told, number)


def test_a_removed_clock_is_named_whatever_it_waited_for(told, behind):
    for number in told.numbers:
        ticket = behind.scalars(select(Ticket).where(Ticket.number == number)).one()
        for clock in deadlines.all_of(told.work, ticket):
            for told_of in (
                "alert_deliveries WHERE alert_id IN (SELECT id FROM alerts WHERE deadline_id = :d)",
                "alerts WHERE deadline_id = :d",
                "deadlines WHERE id = :d",
            ):
                behind.execute(text(f"DELETE FROM {told_of}"), {"d": clock.id})

            assert ("clock", None) in faults(told, number), clock.key
            behind.rollback()


def _a_supervised_ticket(work: Work) -> Ticket:
    ticket = a_dispatched_ticket(work)
    timed = with_target(work, Stage.SUPERVISION, "3wd")
    supervision.supervise(by(timed, SUPERVISOR), ticket, text="限三日内办结")
    return ticket


def _an_assisted_ticket(work: Work) -> Ticket:
    ticket = a_logged_ticket(work)
    timed = with_target(work, Stage.ASSIST, "2wd")
    dispatching.dispatch(by(timed, DISPATCHER), ticket, Choice(LEAD, (OTHER,)))
    return ticket


@pytest.mark.parametrize(
    ("made", "stage"),
    [
        (a_logged_ticket, Stage.DISPATCH),
        (a_dispatched_ticket, Stage.ACCEPT),
        (a_dispatched_ticket, Stage.CONTACT),
        (a_dispatched_ticket, Stage.RESOLVE),
        (a_resolved_ticket, Stage.REVIEW),
        (a_ticket_to_follow_up, Stage.FOLLOW_UP),
        (_a_supervised_ticket, Stage.SUPERVISION),
        (_an_assisted_ticket, Stage.ASSIST),
    ],
)
def test_a_clock_removed_with_all_that_points_at_it_is_named(told, behind, made, stage):
    ticket = made(told.work)
    behind.flush()
    behind.execute(
        text("DELETE FROM deadlines WHERE ticket_id = :t AND stage = :s"), {"t": ticket.id, "s": stage}
    )
    deadlines.point_to_next(told.work, ticket)
    behind.flush()

    assert details(told, ticket.number) == [f"{stage}/1/1: no row"]


@pytest.mark.parametrize("settled", [True, False])
def test_more_time_that_nobody_granted_is_named_though_the_due_moment_agrees(told, behind, settled):
    ticket = a_resolved_ticket(told.work) if settled else a_contacted_ticket(told.work)
    behind.flush()
    clock = next(one for one in deadlines.all_of(told.work, ticket) if one.stage is Stage.RESOLVE)
    clock.extension = "5wd"
    clock.due_at = deadlines.due_by(told.work, clock, timeline.spells(told.work, ticket))
    deadlines.point_to_next(told.work, ticket)
    behind.flush()

    assert ("clock", None) in faults(told, ticket.number)


def test_time_granted_and_taken_back_behind_is_named(told, behind, ticket):
    change = "extension = NULL WHERE ticket_id = :t AND extension IS NOT NULL"

    assert behind.execute(text(f"UPDATE deadlines SET {change}"), {"t": ticket.id}).rowcount == 1

    assert ("clock", None) in faults(told, ticket.number)


@pytest.mark.parametrize("change", ["settled_at = '2026-11-24 02:00:00'", "extension = 'much'"])
def test_a_clock_that_was_settled_otherwise_than_its_entry_says_is_named(told, behind, ticket, change):
    behind.execute(
        text(f"UPDATE deadlines SET {change} WHERE ticket_id = :t AND stage = 'resolve' AND round = 1"),
        {"t": ticket.id},
    )

    assert ("clock", None) in faults(told, ticket.number)


def test_an_extension_that_cannot_be_read_is_a_fault_and_no_crash(told, behind):
    ticket = a_contacted_ticket(told.work)
    behind.flush()
    behind.execute(text("UPDATE deadlines SET extension = 'much' WHERE ticket_id = :t"), {"t": ticket.id})

    assert ("clock", None) in faults(told, ticket.number)


JUDGED = [("late", "cancelled"), ("late", "met"), ("cancelled", "met"), ("met", "late"), ("met", "merged")]


@pytest.mark.parametrize(("was", "becomes"), JUDGED)
def test_what_settled_a_clock_proves_how_it_came_out(told, behind, was, becomes):
    handling.accept(by(told.work, HANDLER, after=9 * DAY), a_dispatched_ticket(told.work))
    behind.flush()
    change = text("UPDATE deadlines SET outcome = :b WHERE outcome = :w")

    changed = behind.execute(change, {"b": becomes, "w": was}).rowcount

    assert changed
    assert faults(told) == [("clock", None)] * changed


def test_what_settled_a_clock_proves_whose_it_was(told, behind):
    changed = behind.execute(
        text(
            "UPDATE deadlines SET department_code = 'D-GA'"
            " WHERE settled_at IS NOT NULL AND department_code IS NOT NULL"
        )
    ).rowcount

    assert faults(told) == [("clock", None)] * changed


@pytest.mark.parametrize("outcome", ["met", "late", "cancelled"])
def test_an_invented_clock_is_named_though_it_never_ran(told, behind, ticket, outcome):
    behind.execute(
        text(
            "INSERT INTO deadlines (ticket_id, stage, round, turn, department_code, started_at, allowance,"
            " rule, policy, calendar_version, due_at, provisional, alert_level, settled_at, outcome)"
            " SELECT ticket_id, stage, round, 7, department_code, settled_at, allowance, rule, policy,"
            " calendar_version, due_at, provisional, 0, settled_at, :o"
            " FROM deadlines WHERE ticket_id = :t AND stage = 'resolve' AND round = 1"
        ),
        {"t": ticket.id, "o": outcome},
    )

    assert details(told, ticket.number) == ["resolve/1/7: no entry"]


@pytest.mark.parametrize(
    "change",
    [
        "alert_at = NULL",
        "alert_at = '2030-01-01 00:00:00'",
        "alert_level = 1",
        "assignment_id = NULL",
        "turn = turn + 1",
    ],
)
def test_a_running_clock_cannot_be_silenced(told, behind, change):
    ticket = a_dispatched_ticket(told.work)
    behind.flush()

    behind.execute(text(f"UPDATE deadlines SET {change} WHERE ticket_id = :t"), {"t": ticket.id})

    assert {kind for kind, _ in faults(told, ticket.number)} == {"clock"}


def test_an_alert_that_was_raised_cannot_be_taken_back(told, behind):
    changed = behind.execute(text("UPDATE deadlines SET alert_level = 0 WHERE alert_level > 0")).rowcount

    assert changed
    assert faults(told) == [("clock", None)] * changed


def test_an_alert_that_could_not_be_raised_may_be_put_off_for_an_hour_and_no_longer(told, behind):
    ticket = a_dispatched_ticket(told.work)
    later = by(told.work, AGENT, after=2 * DAY)
    first = deadlines.running(told.work, ticket)[0]
    alerting.postpone(later, first.id)
    behind.flush()
    assert list(verify(later, only=ticket.number)) == []

    behind.execute(
        text("UPDATE deadlines SET alert_at = :m WHERE id = :d"), {"m": later.now + DAY, "d": first.id}
    )

    assert [fault.kind for fault in verify(later, only=ticket.number)] == ["clock"]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("lead_code = 'D-GA'", "lead_code"),
        ("lead_code = NULL", "lead_code"),
        ("round = 9", "round"),
        ("hop = 9", "hop"),
        ("designated = NOT designated", "designated"),
        ("supervised = 9", "supervised"),
        ("urged = 9", "urged"),
        ("parent_id = id", "parent_id"),
        ("answer = '已办结'", "answer"),
        ("resume_on = '2027-01-01'", "resume_on"),
        ("closing = 'after_limit'", "closing"),
        ("closed_at = '2026-01-01 00:00:00'", "closed_at"),
        ("logged_at = '2026-01-01 00:00:00'", "logged_at"),
        ("changed_at = '2026-01-01 00:00:00'", "changed_at"),
        ("logged_by_id = 9", "logged_by_id"),
        ("caller_id = (SELECT max(id) FROM callers)", "caller_id"),
        ("number = '20200101000001'", "number"),
        ("kind = 'praise'", "kind"),
        ("own_until = 1", "own_until"),
        ("urgency = 'critical'", "urgency"),
        ("channel = 'web'", "channel"),
        ("category_code = NULL", "category_code"),
        ("area_code = NULL", "area_code"),
        ("address = ''", "address"),
        ("anonymous = NOT anonymous", "anonymous"),
        ("confidential = NOT confidential", "confidential"),
        ("title = '表扬'", "words"),
        ("content = '一切都好'", "words"),
        ("wish = '无'", "words"),
    ],
)
def test_no_column_that_the_ledger_determines_can_be_changed_unnoticed(told, behind, change, column):
    ticket = behind.scalars(select(Ticket).where(Ticket.number == told.numbers[1])).one()

    behind.execute(text(f"UPDATE tickets SET {change} WHERE id = :t"), {"t": ticket.id})

    found = details(told)
    assert len(found) == 1
    assert found[0].startswith(column)


@pytest.mark.parametrize("change", ["NULL", "own_until + 1"])
def test_which_words_a_split_left_cannot_be_changed_unnoticed(told, behind, change):
    number, ticket_id, _ = told.places[Action.SPLIT]

    behind.execute(text(f"UPDATE tickets SET own_until = {change} WHERE id = :t"), {"t": ticket_id})

    [found] = details(told, number)
    assert found.startswith("own_until")


@pytest.mark.parametrize(
    ("table", "change", "kind"),
    [
        ("applications", "state = 'granted' WHERE state = 'refused'", "application"),
        ("applications", "state = 'refused' WHERE state = 'granted'", "application"),
        ("applications", "state = 'pending' WHERE state = 'lapsed'", "application"),
        ("applications", "decided_by_id = 1 WHERE decided_by_id IS NOT NULL", "application"),
        ("applications", "seconded_by_id = 1 WHERE seconded_by_id IS NOT NULL", "application"),
        ("applications", "decided_at = NULL WHERE decided_at IS NOT NULL", "application"),
        ("applications", "decision = '同意'", "application"),
        ("applications", "amount = '9wd' WHERE amount IS NOT NULL", "application"),
        ("applications", "until = '2030-01-01' WHERE until IS NOT NULL", "application"),
        ("applications", "department_code = 'D-GA'", "application"),
        ("applications", "round = 9", "application"),
        ("applications", "text = '另一个理由'", "application"),
        ("follow_ups", "satisfied = 4 WHERE reached", "follow_up"),
        ("follow_ups", "solved = 'partly' WHERE reached", "follow_up"),
        ("follow_ups", "contacted = 'unsure' WHERE reached", "follow_up"),
        ("follow_ups", "reached = NOT reached", "follow_up"),
        ("follow_ups", "department_code = 'D-GA'", "follow_up"),
        ("follow_ups", "by_id = 1", "follow_up"),
        ("follow_ups", "at = '2026-01-01 00:00:00'", "follow_up"),
        ("follow_ups", "comment = '很好'", "follow_up"),
        ("assignments", "department_code = 'D-GA'", "assignment"),
        ("assignments", "part = 'provisional' WHERE part = 'assisting'", "assignment"),
        ("assignments", "accepted_at = assigned_at WHERE accepted_at IS NULL", "assignment"),
        ("assignments", "contacted_at = NULL WHERE contacted_at IS NOT NULL", "assignment"),
        ("assignments", "answered_at = NULL WHERE answered_at IS NOT NULL", "assignment"),
        ("assignments", "handed_to = '照明二所' WHERE handed_to IS NOT NULL", "assignment"),
        ("assignments", "ended_at = NULL WHERE ended_at IS NOT NULL", "assignment"),
    ],
)
def test_what_stands_around_a_ticket_is_held_against_its_ledger(told, behind, table, change, kind):
    changed = behind.execute(text(f"UPDATE {table} SET {change}")).rowcount

    assert changed
    assert faults(told) == [(kind, None)] * changed


@pytest.mark.parametrize(("table", "kind"), [("applications", "application"), ("follow_ups", "follow_up")])
def test_what_was_asked_or_answered_cannot_be_removed(told, behind, table, kind):
    removed = behind.execute(text(f"DELETE FROM {table}")).rowcount

    assert removed
    assert faults(told) == [(kind, None)] * removed


def test_an_exclusion_that_nobody_asked_for_is_named(told, behind, ticket):
    columns = (
        "ticket_id, kind, round, department_code, reason, basis, text, evidence, asked_at, decided_at,"
        " decision"
    )

    behind.execute(
        text(
            f"INSERT INTO applications (state, {columns}) SELECT 'granted', {columns}"
            " FROM applications WHERE ticket_id = :t AND kind = 'exclusion' AND state = 'granted'"
        ),
        {"t": ticket.id},
    )

    assert [kind for kind, _ in faults(told)] == ["application"]


def test_an_answer_that_nobody_gave_is_named(told, behind, ticket):
    behind.execute(
        text(
            "INSERT INTO follow_ups (ticket_id, request_key, round, attempt, via, at, department_code,"
            " reached, contacted, solved, satisfied, comment)"
            " SELECT id, 'invented', 1, 9, 'phone', logged_at, lead_code, true, 'yes', 'yes', 5, ''"
            " FROM tickets WHERE id = :t"
        ),
        {"t": ticket.id},
    )

    assert details(told) == ["1/9: no entry"]


def test_words_of_people_are_not_repeated_in_a_fault(told, behind):
    behind.execute(text("UPDATE tickets SET answer = '请拨打 13800000009', address = '灯源路 9 号'"))

    found = details(told)

    assert found
    assert not [one for one in found if "1380000" in one or "灯源路" in one]


def test_every_faulty_ticket_is_found_in_one_pass(told, behind):
    behind.execute(text("UPDATE ticket_events SET actor_name = 'somebody' WHERE seq = 1"))

    found = list(verify(told.work))

    assert {(fault.number, fault.kind, fault.seq) for fault in found} >= {
        (number, "changed", 1) for number in told.numbers
    }
