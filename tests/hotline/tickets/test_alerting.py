"""The ladder at work: each rung once, on its conditions, told to whom it names; the ledger stays quiet."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from hotline.lifecycle import Action, Role
from hotline.models.alert import Alert, AlertDelivery, Severity
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket, Urgency
from hotline.tickets import alerting, deadlines, handling, supervision, timeline
from hotline.tickets.addressees import Addressee, people_of
from hotline.tickets.verification import verify
from hotline.work import Work
from sla import Stage
from sla.ladders import parse
from sla.rungs import By
from tests.builders import (
    AGENT,
    DAY,
    DISTRICT,
    DISTRICT_HANDLER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    SUPERVISOR,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import sweep

RUNG = {"name": "再督促", "stages": "resolve", "after": "1wd", "tell": ["handler"]}


def under(work: Work, *rungs: dict[str, Any], **more: Any) -> Work:
    """The same work in a city with these rungs; a key set to None is left out."""
    rows = [{key: value for key, value in (RUNG | rung).items() if value is not None} for rung in rungs]
    ladder = parse({"left_share": 0.25, "rung": rows, **more})
    return replace(work, city=replace(work.city, ladder=ladder))


def rang(work: Work, ticket: Ticket, stage: Stage = Stage.RESOLVE) -> list[str]:
    found = select(Alert.rung).join(Deadline, Deadline.id == Alert.deadline_id)
    return list(
        work.session.scalars(
            found.where(Alert.ticket_id == ticket.id, Deadline.stage == stage).order_by(Alert.id)
        )
    )


def told(work: Work, ticket: Ticket, rung: str) -> set[tuple[str | None, str | None, By]]:
    found = select(AlertDelivery).join(Alert, Alert.id == AlertDelivery.alert_id)
    rows = work.session.scalars(found.where(Alert.ticket_id == ticket.id, Alert.rung == rung))
    return {(row.department_code, row.role, row.channel) for row in rows}


def due_of(work: Work, ticket: Ticket) -> datetime:
    [clock] = [one for one in deadlines.running(work, ticket) if one.stage is Stage.RESOLVE]
    assert clock.due_at is not None
    return clock.due_at


def at(work: Work, moment: datetime) -> Work:
    return replace(work, now=moment)


def test_each_rung_rings_once_at_its_moment(work: Work) -> None:
    city = under(work, {}, {"name": "通报", "after": "5wd"})
    ticket = a_contacted_ticket(city)
    due = due_of(city, ticket)

    for hours in range(0, 24 * 30, 6):
        sweep(by(city, AGENT, after=hours * HOUR))

    assert rang(city, ticket) == ["yellow", "red", "再督促", "通报"]
    fired = dict(
        city.session.execute(select(Alert.rung, Alert.fired_at).where(Alert.ticket_id == ticket.id)).all()
    )
    assert due + DAY <= fired["再督促"] < due + DAY + 6 * HOUR
    assert due + 7 * DAY <= fired["通报"] < due + 7 * DAY + 6 * HOUR


def test_the_ledger_hears_of_one_warning_and_one_breach_alone(work: Work) -> None:
    city = under(work, {}, {"name": "通报", "after": "5wd"})
    ticket = a_contacted_ticket(city)

    for days in range(30):
        sweep(by(city, AGENT, after=days * DAY))

    told_of = [entry.action for entry in timeline.events_of(city, ticket) if entry.role is Role.SYSTEM]
    assert told_of == [Action.WARN, Action.BREACH]


def test_what_was_slept_through_rings_afterwards_but_for_the_warnings(work: Work) -> None:
    city = under(work, {"name": "早提醒", "after": None, "left": "2wd"}, {})
    ticket = a_contacted_ticket(city)

    sweep(at(city, due_of(city, ticket) + 30 * DAY))

    assert rang(city, ticket) == ["red", "再督促"]


def test_a_settled_clock_rings_no_more(work: Work) -> None:
    city = under(work, {})
    ticket = a_contacted_ticket(city)
    sweep(at(city, due_of(city, ticket)))

    supervision.withdraw(at(by(city, AGENT), due_of(city, ticket) + HOUR), ticket, reason="已自行解决")
    sweep(by(city, AGENT, after=40 * DAY))

    assert rang(city, ticket) == ["red"]


def test_a_condition_is_asked_when_the_moment_comes(work: Work) -> None:
    city = under(work, {"when": "never_contacted"})
    called, silent = a_contacted_ticket(city), a_dispatched_ticket(city)
    handling.accept(by(city, HANDLER), silent)

    sweep(by(city, AGENT, after=20 * DAY))

    assert "再督促" in rang(city, silent)
    assert "再督促" not in rang(city, called)


def test_who_explains_the_delay_is_spared(work: Work) -> None:
    city = under(work, {"when": "unexplained"})
    explained, silent = a_contacted_ticket(city), a_contacted_ticket(city)
    for ticket in (explained, silent):
        sweep(at(city, due_of(city, ticket)))
    supervision.note(
        at(by(city, HANDLER), due_of(city, explained) + HOUR), explained, text="管材缺货，周五到"
    )
    # A word of the hotline is no explanation of the department's.
    supervision.note(at(by(city, AGENT), due_of(city, silent) + HOUR), silent, text="来电人又问")

    sweep(by(city, AGENT, after=20 * DAY))

    assert "再督促" not in rang(city, explained)
    assert "再督促" in rang(city, silent)


def test_a_condition_that_comes_true_after_the_moment_rings_at_once(work: Work) -> None:
    city = under(work, {"urged_from": 2})
    ticket = a_contacted_ticket(city)
    late = due_of(city, ticket) + 2 * DAY
    sweep(at(city, late))
    assert "再督促" not in rang(city, ticket)

    for hours in (1, 2):
        supervision.urge(at(by(city, SUPERVISOR), late + hours * HOUR), ticket)
        sweep(at(city, late + hours * HOUR))

    assert rang(city, ticket)[-1] == "再督促"
    [alert] = city.session.scalars(select(Alert).where(Alert.rung == "再督促")).all()
    assert alert.fired_at == late + 2 * HOUR


def test_a_rung_of_conditions_alone_needs_no_deadline(work: Work) -> None:
    city = under(work, {"after": None, "urged_from": 2})
    ticket = a_contacted_ticket(city)

    for hours in (1, 2, 3):
        supervision.urge(by(city, SUPERVISOR, after=hours * HOUR), ticket)
        sweep(by(city, AGENT, after=hours * HOUR))

    assert rang(city, ticket) == ["再督促"]
    [alert] = city.session.scalars(select(Alert).where(Alert.rung == "再督促")).all()
    assert (alert.fired_at, alert.severity) == (NOW + 2 * HOUR, Severity.NEAR)


def test_a_rung_tells_whom_it_names_each_by_its_channels(work: Work) -> None:
    city = under(
        work,
        {"tell": ["handler", "leader", "supervisor", "level_above"], "by": ["inbox", "sms", "wecom"]},
    )
    ticket = a_dispatched_ticket(city, lead=DISTRICT)
    handling.accept(by(city, DISTRICT_HANDLER), ticket)
    parent = city.city.departments[DISTRICT].parent

    sweep(by(city, AGENT, after=20 * DAY))

    people = {(DISTRICT, None), (DISTRICT, "leader"), (None, "supervisor"), (parent, None)}
    by_each = {(department, role, channel) for department, role in people for channel in (By.INBOX, By.SMS)}
    # A group has one address: it is told once, whoever is meant.
    assert told(city, ticket, "再督促") == by_each | {(None, None, By.WECOM)}


def test_a_desk_hears_of_its_own_clock(work: Work) -> None:
    city = under(work, red=[{"stage": "dispatch", "tell": ["desk", "supervisor"]}])
    ticket = a_logged_ticket(city)

    sweep(by(city, AGENT, after=5 * DAY))

    roles = {role for _, role, _ in told(city, ticket, "red")}
    assert roles == {Role.DISPATCHER, Role.SUPERVISOR}


def test_what_goes_by_digest_alone_promises_no_line_of_its_own(work: Work) -> None:
    city = under(work, yellow=[{"stage": "resolve", "left": "1wd", "tell": "handler", "by": "digest"}])
    days, hours = a_contacted_ticket(city), a_contacted_ticket(city, urgency=Urgency.URGENT)

    for ticket in (hours, days):
        sweep(at(city, due_of(city, ticket) - HOUR))

    assert rang(city, days) == ["yellow"]
    assert told(city, days, "yellow") == set()
    assert told(city, hours, "yellow") == {(LEAD, None, By.INBOX)}


def test_a_department_without_a_leader_is_told_as_a_whole(work: Work) -> None:
    assert [user.name for user in people_of(work, Addressee(LEAD, Role.LEADER))] == [LEADER.name]
    assert [user.name for user in people_of(work, Addressee(DISTRICT, Role.LEADER))] == [
        DISTRICT_HANDLER.name
    ]


@pytest.mark.parametrize("days", [0, 2, 9, 15, 40])
def test_rungs_leave_the_ledger_provable(work: Work, days: int) -> None:
    city = under(work, {}, {"name": "催办两次", "after": "2wd", "urged_from": 2})
    ticket = a_contacted_ticket(city)
    for day in range(days):
        sweep(by(city, AGENT, after=day * DAY))
    supervision.urge(by(city, SUPERVISOR, after=days * DAY), ticket)
    city.session.flush()

    assert list(verify(by(city, AGENT, after=days * DAY), only=ticket.number)) == []


def test_a_rung_that_is_passed_over_is_named(work: Work) -> None:
    city = under(work, {}, {"name": "通报", "after": "5wd"})
    ticket = a_contacted_ticket(city)
    later = at(city, due_of(city, ticket) + 2 * DAY)
    sweep(later)
    [clock] = [one for one in deadlines.running(later, ticket) if one.stage is Stage.RESOLVE]
    clock.alert_at = None
    city.session.flush()

    assert [fault.kind for fault in verify(later, only=ticket.number)] == ["clock"]


def test_an_archive_is_entered_without_telling_anybody(work: Work) -> None:
    city = under(work, {})
    ticket = a_contacted_ticket(city)

    sweep(replace(by(city, AGENT, after=20 * DAY), silent=True))

    assert "再督促" in rang(city, ticket)
    assert city.session.scalars(select(AlertDelivery)).all() == []


def test_claimed_clocks_are_those_that_waited_longest(work: Work) -> None:
    first, second = a_dispatched_ticket(work, urgency=Urgency.URGENT), a_dispatched_ticket(work)
    later = by(work, AGENT, after=20 * DAY)

    claimed = alerting.claim_due(later, most=3)

    assert claimed == alerting.due_ids(later, most=3)
    whose = [work.session.get_one(Deadline, one).ticket_id for one in claimed]
    assert whose[0] == first.id
    assert {first.id, second.id} >= set(whose)
