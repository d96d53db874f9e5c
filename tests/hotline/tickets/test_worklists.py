"""Who sees which tickets, in which order, and that counts, tabs and pages never disagree."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.errors import ChangedByAnother, NotFound
from hotline.lifecycle import Action, Role, Status
from hotline.models.ticket import Kind, Urgency
from hotline.tickets import (
    dispatching,
    disputes,
    handling,
    joint,
    ledger,
    returns,
    review,
    supervision,
    suspension,
    worklists,
)
from hotline.tickets.callers import Identity
from hotline.tickets.dispatching import Choice
from hotline.tickets.worklists import Filter
from hotline.work import Actor
from sla.policy import Stage
from tests.builders import (
    A_RESULT,
    ADMIN,
    AGENT,
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    REVIEWER,
    SUPERVISOR,
    a_dispatched_ticket,
    a_logged_ticket,
    an_accepted_ticket,
    by,
)
from tests.hotline.tickets.deeds import NOT_OURS, in_days, with_target

THIRD_HANDLER = Actor("third", frozenset({Role.HANDLER}), None, "D-GA")


def test_the_hotline_s_desks_see_every_ticket(work):
    ticket = a_dispatched_ticket(work)

    for actor in (AGENT, DISPATCHER, SUPERVISOR, ADMIN):
        assert worklists.ticket_for(by(work, actor), ticket.number) is ticket


def test_a_department_sees_its_own_tickets_only(work):
    mine, theirs, nobodys = (
        a_dispatched_ticket(work),
        a_dispatched_ticket(work, lead=OTHER),
        a_logged_ticket(work),
    )
    handler = by(work, HANDLER)

    assert worklists.ticket_for(handler, mine.number) is mine
    for other in (theirs, nobodys):
        with pytest.raises(NotFound):
            worklists.ticket_for(handler, other.number)
    assert worklists.page(handler, Filter()).tickets == [mine]


def test_a_ticket_of_another_and_one_that_does_not_exist_are_told_apart_by_nobody(work):
    theirs = a_dispatched_ticket(work, lead=OTHER)
    handler = by(work, HANDLER)

    messages = []
    for number in (theirs.number, "20261124999999"):
        with pytest.raises(NotFound) as refusal:
            worklists.ticket_for(handler, number)
        messages.append(str(refusal.value).replace(number, ""))

    assert messages[0] == messages[1]


def test_an_assisting_department_sees_the_ticket_and_owes_its_opinion(work):
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, (OTHER,)))
    assisting = by(work, OTHER_HANDLER)
    assert worklists.page(assisting, Filter(tab="assisting")).tickets == [ticket]
    assert worklists.page(by(work, HANDLER), Filter(tab="assisting")).tickets == []

    joint.assist(assisting, ticket, opinion="可配合")

    assert worklists.page(assisting, Filter(tab="assisting")).tickets == []
    assert worklists.ticket_for(assisting, ticket.number) is ticket


def test_an_opinion_is_owed_only_while_it_can_still_be_given(work):
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, (OTHER,)))
    handler, assisting = by(work, HANDLER), by(work, OTHER_HANDLER)
    handling.accept(handler, ticket)
    handling.contact(handler, ticket, reached=True, note="已说明今晚到场")

    handling.resolve(handler, ticket, replace(A_RESULT, without="已当面商定"))

    for tab in ("assisting", "to_act"):
        assert worklists.page(assisting, Filter(tab=tab)).tickets == []
    assert worklists.counts(assisting, ["assisting", "to_act"]) == {"assisting": 0, "to_act": 0}

    review.send_back_result(by(work, REVIEWER), ticket, fault="no_evidence", text="请补照片")

    assert worklists.page(assisting, Filter(tab="assisting")).tickets == [ticket]


def test_what_has_no_running_clock_stands_last(work):
    suspended, praised, running = (
        an_accepted_ticket(work),
        a_dispatched_ticket(work, kind=Kind.PRAISE),
        a_dispatched_ticket(work),
    )
    suspension.request_suspension(
        by(work, HANDLER), suspended, reason="outside_event", text="等天晴", until=in_days(work, 3)
    )
    suspension.decide_suspension(by(work, REVIEWER), suspended, granted=True, text="")

    first = worklists.page(by(work, HANDLER), Filter(tab="open"), size=2)
    rest = worklists.page(by(work, HANDLER), Filter(tab="open"), size=2, after=first.after)

    assert [*first.tickets, *rest.tickets] == [running, suspended, praised]


@pytest.mark.parametrize(("allowance", "first"), [("none", "led"), ("1h", "assisted")])
def test_a_department_s_own_clocks_put_its_list_in_order(work, allowance, first):
    """The clock of the lead is not that of the assisting department, which shows none of it."""
    assisted = a_logged_ticket(work, urgency=Urgency.URGENT)
    in_city = with_target(work, Stage.ASSIST, allowance)
    dispatching.dispatch(by(in_city, DISPATCHER), assisted, Choice(OTHER, (LEAD,)))
    led = a_dispatched_ticket(work)
    tickets = {"led": led, "assisted": assisted}
    handler = by(work, HANDLER)

    begin = worklists.page(handler, Filter(tab="to_act"), size=1)
    rest = worklists.page(handler, Filter(tab="to_act"), size=1, after=begin.after)

    assert [*begin.tickets, *rest.tickets] == [tickets.pop(first), *tickets.values()]
    assert rest.after is None


def test_a_department_that_gave_a_ticket_back_may_look_but_has_it_no_longer_on_its_list(work):
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER), ticket, granted=True, text="")
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(OTHER))

    assert worklists.ticket_for(by(work, HANDLER), ticket.number) is ticket
    assert worklists.page(by(work, HANDLER), Filter()).tickets == []
    assert worklists.page(by(work, OTHER_HANDLER), Filter()).tickets == [ticket]


def test_a_provisional_department_sees_what_it_works_on(work):
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    disputes.open_dispute(by(work, SUPERVISOR), ticket, text="会商")

    with pytest.raises(NotFound):
        worklists.ticket_for(by(work, THIRD_HANDLER), ticket.number)
    disputes.name_provisional(by(work, SUPERVISOR), ticket, department="D-GA")

    assert worklists.ticket_for(by(work, THIRD_HANDLER), ticket.number) is ticket


def test_a_form_of_an_old_version_fails_at_the_first_change(work, session):
    ticket = a_dispatched_ticket(work)
    session.flush()
    found = worklists.ticket_for(by(work, HANDLER), ticket.number, version=ticket.version - 1)

    with pytest.raises(ChangedByAnother):
        handling.accept(by(work, HANDLER), found)


def test_tickets_due_at_the_same_moment_are_paged_one_by_one(work):
    tickets = [a_dispatched_ticket(work) for _ in range(7)]

    first = worklists.page(work, Filter(), size=4)
    rest = worklists.page(work, Filter(), size=4, after=first.after)

    assert first.tickets + rest.tickets == tickets
    assert rest.after is None


@pytest.mark.parametrize(
    "after", ["", "nonsense", "|", "|x", "2026|5", "2026-11-24T10:00:00|3", "|" + "9" * 40]
)
def test_a_broken_key_begins_at_the_first_page(work, after):
    ticket = a_dispatched_ticket(work)

    assert worklists.page(work, Filter(), after=after).tickets == [ticket]


def test_filters_find_what_they_name(work):
    critical = a_logged_ticket(work, urgency=Urgency.CRITICAL, category="0101", title="燃气泄漏")
    usual = a_dispatched_ticket(work)

    def found(**narrowed):
        return [ticket.number for ticket in worklists.page(work, Filter(**narrowed)).tickets]

    assert found(urgency="critical") == found(category="01") == found(words="燃气") == [critical.number]
    assert found(lead=LEAD) == found(status=Status.DISPATCHED) == found(category="0204") == [usual.number]
    assert found(words=critical.number) == [critical.number]
    assert found(area=usual.area_code) == found(area="990101") == sorted([critical.number, usual.number])
    assert found(words="燃气 泄漏") == [critical.number]
    assert found(words="燃气 路灯") == []


def test_a_list_of_one_caller_holds_what_he_called_about(work):
    mine = a_dispatched_ticket(work)
    a_dispatched_ticket(work, identity=Identity("李四", "13900000002"))

    assert worklists.page(work, Filter(caller=mine.caller_id)).tickets == [mine]


def test_signs_of_the_search_language_are_only_signs(work):
    a_logged_ticket(work, title="打折 100% 的路灯")
    a_logged_ticket(work, title="打折 1000 的路灯")

    assert len(worklists.page(work, Filter(words="100%")).tickets) == 1


def test_a_list_of_one_day_holds_what_was_registered_that_day(work):
    today, tomorrow = a_logged_ticket(work), a_logged_ticket(by(work, AGENT, after=DAY))

    assert worklists.page(work, Filter(until=work.now + HOUR)).tickets == [today]
    assert worklists.page(work, Filter(since=work.now + HOUR)).tickets == [tomorrow]
    assert worklists.page(work, Filter(since=work.now)).tickets == [today, tomorrow]


def test_overdue_begins_when_the_time_has_run_out(work):
    ticket = a_logged_ticket(work)
    at_the_end = replace(work, now=ticket.next_due_at)

    assert worklists.counts(at_the_end, ["overdue", "today"]) == {"overdue": 0, "today": 1}
    assert worklists.counts(by(at_the_end, AGENT, after=timedelta(seconds=1)), ["overdue"]) == {"overdue": 1}


def test_a_caller_s_tickets_are_shown_open_ones_first(work):
    gone, open_ = a_logged_ticket(work), a_logged_ticket(work)
    supervision.withdraw(by(work, AGENT), gone, reason="已解决")
    newest = a_logged_ticket(by(work, AGENT, after=HOUR))

    assert worklists.tickets_of_caller(work, gone.caller_id) == [newest, open_, gone]
    assert worklists.tickets_of_caller(by(work, HANDLER), gone.caller_id) == []


def test_the_mark_of_a_list_changes_with_every_ticket_on_it(work, session):
    ticket = a_dispatched_ticket(work)
    session.flush()
    before = worklists.stamp(by(work, HANDLER))
    other = worklists.stamp(by(work, OTHER_HANDLER))

    ledger.record(by(work, AGENT, after=HOUR), ticket, Action.URGE)
    session.flush()

    assert worklists.stamp(by(work, HANDLER)) != before
    assert worklists.stamp(by(work, OTHER_HANDLER)) == other


def test_the_mark_of_the_whole_city_changes_with_every_ticket(work, session):
    ticket = a_dispatched_ticket(work)
    session.flush()
    before = worklists.stamp(by(work, DISPATCHER))
    assert worklists.stamp(by(work, DISPATCHER)) == before

    ledger.record(by(work, AGENT, after=HOUR), ticket, Action.URGE)
    session.flush()

    assert worklists.stamp(by(work, DISPATCHER)) != before
