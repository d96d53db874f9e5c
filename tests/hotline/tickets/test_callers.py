"""Callers: found by their number, shown masked, opened for a purpose and on the record."""

import pytest
from sqlalchemy import select

from hotline.errors import InvalidInput, NotAllowed
from hotline.lifecycle import Action
from hotline.models.caller import Caller
from hotline.models.draft import Draft
from hotline.tickets import callers, deadlines, dispatching, drafts, handling, timeline
from hotline.tickets.callers import Identity
from sla.policy import Stage
from tests.builders import (
    A_RESULT,
    AGENT,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    OTHER_LEADER,
    PHONE,
    SUPERVISOR,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    a_ticket_to_follow_up,
    an_accepted_ticket,
    by,
)
from tests.hotline.tickets.deeds import DEEDS


def test_a_number_that_calls_again_is_the_same_caller(work):
    first = callers.remember(work, Identity("王小川", "138 0000 0001"))
    work.session.flush()

    assert callers.remember(work, Identity(None, "138-0000-0001")) is first


@pytest.mark.parametrize(
    "typed",
    [
        "13800000001",
        "138 0000 0001",
        "138-0000-0001",
        "１３８０００００００１",
        "(138)00000001",
    ],
)
def test_a_number_is_one_number_however_it_is_typed(typed):
    assert callers.phone_digits(typed) == "13800000001"


@pytest.mark.parametrize("typed", ["1234", "没有电话", "138x0000001", "1" * 21, "٠١٢٣٤٥٦"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(InvalidInput) as problem:
        callers.phone_digits(typed)

    assert problem.value.fields == {"phone": "phone"}


@pytest.mark.parametrize("typed", ["", "  ", "-"])
def test_no_number_is_no_number(typed):
    assert callers.phone_digits(typed) is None


def test_callers_without_a_number_are_never_confounded(work):
    first = callers.remember(work, Identity("王小川", None))
    work.session.flush()

    assert callers.remember(work, Identity("王小川", None)) is not first


def test_what_identifies_is_sealed_in_the_database(work, session):
    callers.remember(work, Identity("王小川", "13800000001"))
    session.flush()

    row = session.execute(select(Caller.__table__)).one()

    assert "13800000001" not in str(tuple(row))
    assert "小川" not in str(tuple(row))
    assert (row.name_masked, row.phone_masked) == ("王**", "138****0001")


@pytest.mark.parametrize(
    ("name", "masked"), [("王", "*"), ("王川", "王*"), ("欧阳小川明月", "欧***"), ("滨海有限公司", "滨***")]
)
def test_a_masked_name_keeps_the_surname(name, masked):
    assert callers.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"), [("13800000001", "138****0001"), ("88001234", "******34"), ("12345", "***45")]
)
def test_a_masked_number_cannot_be_called(phone, masked):
    assert callers.mask_phone(phone) == masked


def test_a_caller_is_shown_for_a_purpose_and_on_the_record(work):
    ticket = a_dispatched_ticket(work)

    identity = callers.reveal(by(work, HANDLER, after=HOUR), ticket, " 回拨核实地址 ")

    assert identity == Identity("王小川", "13800000001")
    entry = timeline.events_of(work, ticket)[-1]
    assert (entry.action, entry.actor_id) == (Action.REVEAL, HANDLER.user_id)
    assert entry.details == {"purpose": "回拨核实地址", "caller": ticket.caller_id}


def test_without_a_purpose_nothing_is_shown(work):
    ticket = a_dispatched_ticket(work)

    with pytest.raises(InvalidInput):
        callers.reveal(by(work, HANDLER), ticket, "  ")


def test_of_an_anonymous_caller_there_is_nothing_to_show(work):
    ticket = a_dispatched_ticket(work, anonymous=True)

    assert callers.reveal(by(work, HANDLER), ticket, "回拨") == Identity(None, None)


def test_a_draft_survives_as_it_was_typed(work):
    drafts.save(work, "call-1", {"content": "半句", "phone": "138"})
    drafts.save(by(work, AGENT, after=HOUR), "call-1", {"content": "半句话\n第二行", "phone": "不对"})

    assert drafts.latest(work) == ("call-1", {"content": "半句话\n第二行", "phone": "不对"})


def test_a_draft_is_its_agent_s_own(work):
    drafts.save(work, "call-1", {"content": "半句"})

    assert drafts.latest(by(work, DISPATCHER)) is None


def test_a_draft_shows_nothing_of_the_caller_in_the_database(work, session):
    drafts.save(work, "call-1", {"phone": "13800000001"})
    session.flush()

    assert b"138" not in session.scalars(select(Draft.fields_sealed)).one()


def test_the_newest_draft_comes_back_first(work):
    drafts.save(work, "call-1", {"content": "一"})
    drafts.save(by(work, AGENT, after=HOUR), "call-2", {"content": "二"})

    assert drafts.latest(work) == ("call-2", {"content": "二"})


def test_a_registered_call_leaves_no_draft(work):
    drafts.save(work, "call-1", {"content": "一"})

    drafts.discard(work, "call-1")

    assert drafts.latest(work) is None


def test_the_department_of_a_confidential_ticket_never_learns_who_called(work):
    ticket = an_accepted_ticket(work, confidential=True)

    with pytest.raises(NotAllowed) as refusal:
        callers.reveal(by(work, HANDLER), ticket, "联系诉求人")

    assert refusal.value.reason == "confidential"
    assert callers.reveal(by(work, AGENT), ticket, "代承办单位转问").phone == PHONE


def returned(work):
    """A ticket that its department gave back."""
    ticket = a_dispatched_ticket(work)
    DEEDS[Action.REQUEST_RETURN](by(work, LEADER), ticket)
    DEEDS[Action.GRANT_RETURN](by(work, DISPATCHER), ticket)
    return ticket


def given_to_another(work):
    ticket = returned(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, dispatching.Choice(OTHER))
    return ticket


def closed(work):
    ticket = a_ticket_to_follow_up(work)
    DEEDS[Action.CLOSE](by(work, FOLLOWER), ticket)
    return ticket


@pytest.mark.parametrize("build", [returned, given_to_another, closed])
def test_a_department_whose_part_is_over_no_longer_learns_who_called(work, build):
    ticket = build(work)

    with pytest.raises(NotAllowed) as refusal:
        callers.reveal(by(work, HANDLER), ticket, "再联系一次")

    assert refusal.value.reason == "part_over"
    assert timeline.acted(work, ticket, Action.REVEAL) == []
    assert callers.reveal(by(work, AGENT), ticket, "代承办单位转问").phone == PHONE


def assisted(work):
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, dispatching.Choice(OTHER, (LEAD,)))
    return ticket


def worked_on_in_dispute(work):
    ticket = a_dispatched_ticket(work, lead=OTHER)
    DEEDS[Action.REQUEST_RETURN](by(work, OTHER_LEADER), ticket)
    DEEDS[Action.OPEN_DISPUTE](by(work, SUPERVISOR), ticket)
    DEEDS[Action.NAME_PROVISIONAL](by(work, SUPERVISOR), ticket)
    return ticket


@pytest.mark.parametrize("build", [an_accepted_ticket, a_resolved_ticket, assisted, worked_on_in_dispute])
def test_a_department_that_has_part_in_an_open_ticket_learns_who_called(work, build):
    assert callers.reveal(by(work, HANDLER), build(work), "上门前约时间").phone == PHONE


def test_a_department_that_knows_nobody_to_call_is_not_timed_for_calling(work):
    ticket = an_accepted_ticket(work, confidential=True)

    handling.resolve(by(work, HANDLER), ticket, A_RESULT)

    assert Stage.CONTACT not in {clock.stage for clock in deadlines.all_of(work, ticket)}
