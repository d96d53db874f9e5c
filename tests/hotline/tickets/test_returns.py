"""“Not mine” (退单): on what grounds, signed by whom, how often, and who decides."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline import labels
from hotline.errors import (
    CallerNotContacted,
    IllegalTransition,
    InvalidInput,
    LimitReached,
    NotAllowed,
    NotFound,
)
from hotline.lifecycle import Action, Role, Status
from hotline.models.application import ApplicationKind, ApplicationState
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Urgency
from hotline.tickets import (
    applications,
    deadlines,
    dispatching,
    disputes,
    handling,
    requested,
    returnable,
    returns,
    scorecard,
    timeline,
    worklists,
)
from hotline.tickets.dispatching import Choice
from hotline.tickets.returnable import ReturnRequest
from hotline.tickets.verification import verify
from hotline.work import Actor
from sla.policy import Stage
from tests.builders import (
    A_RESULT,
    AGENT,
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    OTHER_LEADER,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    an_accepted_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import NOT_OURS, NOT_THEIRS

THIRD = "D-GA"
THIRD_HANDLER = Actor("third", frozenset({Role.HANDLER}), None, THIRD)
THIRD_LEADER = replace(THIRD_HANDLER, roles=frozenset({Role.LEADER}))


def ask(work, ticket, actor=LEADER, request=NOT_OURS, after=timedelta()):
    return returns.request_return(by(work, actor, after=after), ticket, request)


def decide(work, ticket, *, granted, actor=DISPATCHER, text="理由"):
    returns.decide_return(by(work, actor), ticket, granted=granted, text=text)


def returned_twice(work):
    """A ticket that two departments gave back and a third holds."""
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(OTHER))
    ask(work, ticket, OTHER_LEADER, NOT_THEIRS)
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(THIRD))
    return ticket


def test_a_return_waits_for_the_dispatch_desk(work):
    ticket = a_dispatched_ticket(work)

    application = ask(work, ticket)

    assert ticket.status is Status.RETURN_REQUESTED
    assert (application.state, application.department_code) == (ApplicationState.PENDING, LEAD)
    assert (application.suggested_code, application.asked_by_id) == (OTHER, LEADER.user_id)


def test_before_signing_there_is_no_window(work):
    ticket = a_dispatched_ticket(work)

    ask(work, ticket, after=5 * DAY)

    assert ticket.status is Status.RETURN_REQUESTED


def test_after_signing_a_return_may_be_asked_for_four_working_hours(work):
    inside, outside = an_accepted_ticket(work), an_accepted_ticket(work)

    ask(work, inside, after=timedelta(hours=6))
    with pytest.raises(LimitReached) as refusal:
        ask(work, outside, after=timedelta(hours=6, minutes=1))

    assert inside.status is Status.RETURN_REQUESTED
    assert (refusal.value.rule, refusal.value.limit) == ("window_closed", "4wh")


def test_the_window_begins_again_with_the_department_that_signs_next(work):
    ticket = an_accepted_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER, after=2 * DAY), ticket, Choice(OTHER))

    ask(work, ticket, OTHER_LEADER, NOT_THEIRS, after=2 * DAY)

    assert ticket.status is Status.RETURN_REQUESTED


@pytest.mark.parametrize(
    ("request_", "fields"),
    [
        (ReturnRequest("", "依据"), {"reason": "choose"}),
        (ReturnRequest("made_up", "依据"), {"reason": "choose"}),
        (
            ReturnRequest("not_our_duty", " "),
            {"basis": "missing_basis", "suggested": "missing_department", "evidence": "missing_evidence"},
        ),
        (ReturnRequest("not_our_duty", "依据", "", "D-NOWHERE", "照片"), {"suggested": "unknown_department"}),
        (ReturnRequest("not_our_duty", "依据", "", LEAD, "照片"), {"suggested": "own_department"}),
    ],
)
def test_a_return_needs_its_grounds(work, request_, fields):
    ticket = a_dispatched_ticket(work)

    with pytest.raises(InvalidInput) as problem:
        ask(work, ticket, request=request_)

    assert problem.value.fields == fields
    assert ticket.status is Status.DISPATCHED


def test_some_grounds_need_neither_basis_nor_evidence(work):
    ticket = a_dispatched_ticket(work)

    ask(work, ticket, request=ReturnRequest("elements_missing", ""))

    assert ticket.status is Status.RETURN_REQUESTED


def strict(work):
    """The same city, where a department asks only once."""
    rules = replace(work.city.returns, once_per_department=True)
    return replace(work, city=replace(work.city, returns=rules))


def test_a_city_may_let_a_department_ask_once_only(work):
    work = strict(work)
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=False)

    with pytest.raises(LimitReached) as refusal:
        ask(work, ticket)

    assert refusal.value.rule == "asked_before"


def test_where_a_department_asks_once_it_may_not_ask_again_when_it_gets_the_ticket_back(work):
    work = strict(work)
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD))

    with pytest.raises(LimitReached):
        ask(work, ticket)


def test_a_department_may_ask_again_on_another_ground(work):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=False)

    ask(work, ticket, request=replace(NOT_OURS, suggested=THIRD))

    assert ticket.status is Status.RETURN_REQUESTED


@pytest.mark.parametrize("asks", [returns.draft_return, returns.request_return])
def test_a_ground_that_was_refused_cannot_be_raised_again(work, asks):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=False)
    actor = HANDLER if asks is returns.draft_return else LEADER

    with pytest.raises(LimitReached) as refusal:
        asks(by(work, actor), ticket, replace(NOT_OURS, basis="换一部法规", text="换一种说法"))

    assert refusal.value.rule == "same_ground"


def test_nor_can_another_department_raise_it(work):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket, request=replace(NOT_OURS, suggested=THIRD))
    decide(work, ticket, granted=False)
    ask(work, ticket, request=ReturnRequest("elements_missing", ""))
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(OTHER))

    with pytest.raises(LimitReached) as refusal:
        ask(work, ticket, OTHER_LEADER, replace(NOT_THEIRS, suggested=THIRD))

    assert refusal.value.rule == "same_ground"


def test_a_ground_that_was_granted_may_be_raised_by_the_next(work):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket, request=ReturnRequest("elements_missing", ""))
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(OTHER))

    ask(work, ticket, OTHER_LEADER, ReturnRequest("elements_missing", ""))

    assert ticket.status is Status.RETURN_REQUESTED


def test_a_line_of_the_catalogue_may_be_cited_instead_of_a_law(work):
    ticket = a_dispatched_ticket(work)
    entry = work.city.catalogue.entries[0]

    application = ask(
        work, ticket, request=replace(NOT_OURS, basis="", entry=f"{work.city.catalogue.version}:{entry.line}")
    )

    assert application.basis == entry.basis
    assert application.entry == f"{work.city.catalogue.version}:{entry.line}"


def test_a_line_that_is_not_in_the_catalogue_cannot_be_cited(work):
    with pytest.raises(InvalidInput) as problem:
        ask(
            work,
            a_dispatched_ticket(work),
            request=replace(NOT_OURS, entry=f"{work.city.catalogue.version}:99999"),
        )

    assert problem.value.fields == {"entry": "choice"}


def test_a_line_of_a_catalogue_that_is_no_longer_in_force_cannot_be_cited(work):
    with pytest.raises(InvalidInput) as problem:
        ask(work, a_dispatched_ticket(work), request=replace(NOT_OURS, entry="0123456789abcdef:2"))

    assert problem.value.fields == {"entry": "catalogue_changed"}


def test_a_handler_cannot_give_a_ticket_back_by_himself(work):
    ticket = a_dispatched_ticket(work)

    with pytest.raises(NotAllowed):
        ask(work, ticket, HANDLER)


def test_a_draft_moves_nothing_until_the_leader_signs_it(work):
    ticket = a_dispatched_ticket(work)

    draft = returns.draft_return(by(work, HANDLER), ticket, NOT_OURS)
    assert (ticket.status, draft.state) == (Status.DISPATCHED, ApplicationState.PENDING)
    assert returnable.returned_by(work, ticket) == []
    signed = ask(work, ticket)

    assert (ticket.status, draft.state) == (Status.RETURN_REQUESTED, ApplicationState.GRANTED)
    assert (draft.asked_by_id, signed.asked_by_id) == (HANDLER.user_id, LEADER.user_id)
    drafted, requested_ = timeline.events_of(work, ticket)[-2:]
    assert (drafted.action, drafted.role) == (Action.DRAFT_RETURN, Role.HANDLER)
    assert (requested_.action, requested_.role) == (Action.REQUEST_RETURN, Role.LEADER)
    assert (requested_.details["draft"], requested_.details["drafted_by"]) == (draft.id, HANDLER.name)
    assert list(verify(work, only=ticket.number)) == []


def test_the_leader_may_word_what_he_signs(work):
    ticket = a_dispatched_ticket(work)
    returns.draft_return(by(work, HANDLER), ticket, NOT_OURS)

    signed = ask(work, ticket, request=replace(NOT_OURS, text="改过的说明"))

    assert signed.text == "改过的说明"
    assert list(verify(work, only=ticket.number)) == []


def test_the_leader_of_another_department_does_not_sign(work):
    ticket = a_dispatched_ticket(work)
    returns.draft_return(by(work, HANDLER), ticket, NOT_OURS)

    with pytest.raises(NotAllowed) as refusal:
        ask(work, ticket, OTHER_LEADER)

    assert refusal.value.reason == "not_lead"


def test_it_is_the_signature_that_must_lie_in_the_window(work):
    ticket = an_accepted_ticket(work)
    returns.draft_return(by(work, HANDLER, after=HOUR), ticket, NOT_OURS)

    with pytest.raises(LimitReached) as refusal:
        ask(work, ticket, after=DAY)

    assert refusal.value.rule == "window_closed"


def test_a_later_draft_takes_the_place_of_the_one_before(work):
    ticket = a_dispatched_ticket(work)
    first = returns.draft_return(by(work, HANDLER), ticket, NOT_OURS)

    second = returns.draft_return(by(work, HANDLER), ticket, replace(NOT_OURS, suggested=THIRD))

    assert (first.state, second.state) == (ApplicationState.REFUSED, ApplicationState.PENDING)
    assert list(verify(work, only=ticket.number)) == []


def test_a_draft_that_is_not_signed_is_no_return(work):
    ticket = a_dispatched_ticket(work)
    draft = returns.draft_return(by(work, HANDLER), ticket, NOT_OURS)

    returns.drop_draft(by(work, LEADER), ticket, text="先去现场")

    assert draft.state is ApplicationState.REFUSED
    ask(work, ticket)  # nor was its ground refused by the desk
    assert list(verify(work, only=ticket.number)) == []


def test_dropping_a_draft_says_why_and_needs_one(work):
    ticket = a_dispatched_ticket(work)
    with pytest.raises(NotFound):
        returns.drop_draft(by(work, LEADER), ticket, text="先去现场")
    returns.draft_return(by(work, HANDLER), ticket, NOT_OURS)

    with pytest.raises(InvalidInput):
        returns.drop_draft(by(work, LEADER), ticket, text=" ")


def test_the_leader_finds_what_waits_for_his_signature(work):
    ticket = a_dispatched_ticket(work)
    a_dispatched_ticket(work)
    returns.draft_return(by(work, HANDLER), ticket, NOT_OURS)

    waiting = worklists.page(by(work, LEADER), worklists.Filter(tab="to_sign")).tickets

    assert waiting == [ticket]
    told = [one.payload for one in work.session.scalars(select(OutboxMessage))][-1]
    assert (told["action"], told["department"]) == (Action.DRAFT_RETURN, LEAD)


def test_a_draft_is_void_when_the_ticket_is_reported_done(work):
    ticket = a_contacted_ticket(work)
    draft = returns.draft_return(by(work, HANDLER), ticket, NOT_OURS)

    handling.resolve(by(work, HANDLER), ticket, A_RESULT)

    assert draft.state is ApplicationState.LAPSED
    assert list(verify(work, only=ticket.number)) == []


def test_only_the_lead_department_asks(work):
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, (OTHER,)))

    with pytest.raises(NotAllowed) as refusal:
        ask(work, ticket, OTHER_LEADER, NOT_THEIRS)

    assert refusal.value.reason == "not_lead"


@pytest.mark.parametrize("accepted", [False, True])
def test_a_refused_return_leaves_the_ticket_where_it_was(work, accepted):
    ticket = an_accepted_ticket(work) if accepted else a_dispatched_ticket(work)
    ask(work, ticket)

    decide(work, ticket, granted=False)

    assert ticket.status is (Status.ACCEPTED if accepted else Status.DISPATCHED)
    assert ticket.lead_code == LEAD


def test_a_refusal_says_why(work):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)

    with pytest.raises(InvalidInput) as problem:
        decide(work, ticket, granted=False, text=" ")

    assert problem.value.fields == {"decision": "say_why"}


def test_a_granted_return_puts_the_ticket_back_on_the_dispatch_desk(work):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)

    decide(work, ticket, granted=True)

    assert (ticket.status, ticket.lead_code) == (Status.LOGGED, None)
    assert "dispatch" in {one.stage for one in deadlines.running(work, ticket)}
    assert ticket.round == 1


def test_while_a_returned_ticket_waits_its_time_is_no_department_s(work):
    ticket = an_accepted_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=True)

    assert whose_resolve(work, ticket) is None

    dispatching.dispatch(by(work, DISPATCHER, after=HOUR), ticket, Choice(OTHER))
    assert whose_resolve(work, ticket) == OTHER


def whose_resolve(work, ticket):
    return next(one for one in deadlines.running(work, ticket) if one.stage is Stage.RESOLVE).department_code


def test_dispatched_again_it_is_the_same_round_and_the_next_hop(work):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=True)

    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(OTHER))

    assert (ticket.round, ticket.hop, ticket.lead_code) == (1, 2, OTHER)


def test_what_else_the_department_had_asked_for_lapses_with_a_granted_return(work):
    ticket = an_accepted_ticket(work)
    applications.request_extension(by(work, HANDLER), ticket, amount="2wd", reason="material", text="待料")
    ask(work, ticket)

    decide(work, ticket, granted=True)

    states = {one.kind: one.state for one in requested.applications_of(work, ticket)}
    assert states == {
        ApplicationKind.EXTENSION: ApplicationState.LAPSED,
        ApplicationKind.RETURN: ApplicationState.GRANTED,
    }


def test_no_one_decides_for_his_own_department(work):
    insider = Actor("insider", frozenset({Role.DISPATCHER, Role.SUPERVISOR}), None, LEAD)
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)

    for granted in (True, False):
        with pytest.raises(NotAllowed) as refusal:
            decide(work, ticket, granted=granted, actor=insider)
        assert refusal.value.reason == "own_side"
    with pytest.raises(NotAllowed):
        disputes.open_dispute(by(work, insider), ticket, text="会商")


def test_who_had_the_ticket_before_is_of_a_side_too(work):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(OTHER))
    ask(work, ticket, OTHER_LEADER, NOT_THEIRS)

    with pytest.raises(NotAllowed):
        decide(work, ticket, granted=True, actor=Actor("x", frozenset({Role.DISPATCHER}), None, LEAD))


def test_a_department_cannot_decide_at_all(work):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)

    with pytest.raises(NotAllowed):
        decide(work, ticket, granted=True, actor=LEADER)


def test_where_nothing_was_asked_nothing_is_decided(work):
    with pytest.raises(IllegalTransition):
        decide(work, a_dispatched_ticket(work), granted=True)


def test_a_returned_ticket_was_not_dispatched_right_the_first_time(work):
    a_dispatched_ticket(work)
    waiting = a_dispatched_ticket(work)
    ask(work, waiting)
    decide(work, waiting, granted=True)
    returned_twice(work)
    a_logged_ticket(work)

    accuracy = scorecard.first_dispatch_accuracy(work, NOW)

    assert (accuracy.numerator, accuracy.denominator) == (1, 3)


def test_a_dispatch_names_departments_that_exist_once_each(work):
    ticket = a_logged_ticket(work)

    for choice, fields in (
        (Choice("D-NOWHERE"), {"lead": "unknown_department"}),
        (Choice(LEAD, ("D-NOWHERE",)), {"assisting": "unknown_department"}),
        (Choice(LEAD, (LEAD,)), {"assisting": "twice"}),
        (Choice(LEAD, (OTHER, OTHER)), {"assisting": "twice"}),
    ):
        with pytest.raises(InvalidInput) as problem:
            dispatching.dispatch(by(work, DISPATCHER), ticket, choice)
        assert problem.value.fields == fields
    assert (ticket.lead_code, ticket.hop) == (None, 0)


STREET = "J0101"


def test_a_bureaus_duty_is_not_pushed_down_to_a_street(work):
    """国办函〔2025〕66号: what the catalogue gives to the district, no dispatcher gives to the street."""
    ticket = a_logged_ticket(work)

    with pytest.raises(InvalidInput) as problem:
        dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(STREET))

    assert problem.value.fields == {"lead": "below_district:城市照明管理规定"}
    assert "依据城市照明管理规定" in labels.problem(problem.value.fields["lead"])
    assert (ticket.lead_code, ticket.hop, ticket.status) == (None, 0, Status.LOGGED)


def test_a_street_may_assist_what_it_may_not_lead(work):
    ticket = a_logged_ticket(work)

    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, (STREET,)))

    assert ticket.lead_code == LEAD


def test_a_street_leads_what_the_catalogue_gives_to_streets(work):
    ticket = a_logged_ticket(work, category="0109", content="楼前空地堆满旧家具。")

    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(STREET))

    assert ticket.lead_code == STREET


def test_a_complaint_about_a_department_is_not_dispatched_to_it(work):
    ticket = a_logged_ticket(work, category="2401", content="市人社局窗口的人互相推诿，跑了三趟没办成。")

    with pytest.raises(InvalidInput) as problem:
        dispatching.dispatch(by(work, DISPATCHER), ticket, Choice("D-RS"))

    assert problem.value.fields == {"lead": "complained_of"}
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice("D-SJ"))


def test_a_dispatch_that_is_refused_leaves_the_ticket_alone(work):
    ticket = a_logged_ticket(work)

    with pytest.raises(NotAllowed):
        dispatching.dispatch(by(work, AGENT), ticket, Choice(LEAD))

    assert (ticket.lead_code, ticket.hop) == (None, 0)


def test_a_dispatch_says_which_rules_were_in_force(work):
    ticket = a_dispatched_ticket(work)

    details = timeline.events_of(work, ticket)[-1].details

    assert details["profile"] == work.city.profile_hash
    assert (details["department"], details["hop"]) == (LEAD, 1)


def test_a_result_needs_a_contact_in_this_round(work):
    ticket = an_accepted_ticket(work)

    with pytest.raises(InvalidInput) as problem:
        handling.resolve(by(work, HANDLER), ticket, A_RESULT)
    assert problem.value.fields == {"contacted": "caller_not_contacted"}

    handling.contact(by(work, HANDLER), ticket, reached=False, note="无人接听")
    with pytest.raises(InvalidInput):
        handling.resolve(by(work, HANDLER), ticket, A_RESULT)


def test_of_an_anonymous_caller_no_contact_is_asked(work):
    ticket = an_accepted_ticket(work, anonymous=True)

    handling.resolve(by(work, HANDLER), ticket, A_RESULT)

    assert ticket.status is Status.RESOLVED


def test_a_result_needs_facts_an_answer_and_an_outcome(work):
    ticket = a_contacted_ticket(work)

    with pytest.raises(InvalidInput) as problem:
        handling.resolve(by(work, HANDLER), ticket, handling.Result("done", " ", ""))

    assert problem.value.fields == {"facts": "missing", "answer": "missing", "outcome": "choose"}


def test_the_public_answer_is_kept_on_the_ticket(work):
    ticket = a_contacted_ticket(work)

    handling.resolve(by(work, HANDLER), ticket, A_RESULT)

    assert ticket.answer == A_RESULT.answer


def test_only_the_department_that_holds_it_acts(work):
    ticket = a_dispatched_ticket(work, urgency=Urgency.URGENT)

    with pytest.raises(NotAllowed) as refusal:
        handling.accept(by(work, OTHER_HANDLER), ticket)

    assert refusal.value.reason == "not_lead"


def test_a_call_by_the_department_before_is_not_a_call_by_the_next(work):
    ticket = an_accepted_ticket(work)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已电话说明不归我单位")
    ask(work, ticket)
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(OTHER))
    handling.accept(by(work, OTHER_HANDLER), ticket)

    with pytest.raises(CallerNotContacted):
        handling.resolve(by(work, OTHER_HANDLER), ticket, A_RESULT)
