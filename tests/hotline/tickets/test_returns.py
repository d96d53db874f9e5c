"""“Not mine” (退单): on what grounds, how often, who decides, and who rules in the end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline import labels
from hotline.errors import CallerNotContacted, IllegalTransition, InvalidInput, LimitReached, NotAllowed
from hotline.lifecycle import Role, Status
from hotline.models.application import ApplicationKind, ApplicationState
from hotline.models.ticket import Urgency
from hotline.tickets import (
    applications,
    deadlines,
    dispatching,
    handling,
    requested,
    scorecard,
    supervision,
    timeline,
)
from hotline.tickets.applications import ReturnRequest
from hotline.tickets.dispatching import Choice
from hotline.tickets.scorecard import Rate
from hotline.work import Actor
from sla.policy import ResolveStart, Stage
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
    SUPERVISOR,
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


def ask(work, ticket, actor=HANDLER, request=NOT_OURS, after=timedelta()):
    return dispatching.request_return(by(work, actor, after=after), ticket, request)


def decide(work, ticket, *, granted, actor=DISPATCHER, text="理由"):
    dispatching.decide_return(by(work, actor), ticket, granted=granted, text=text)


def returned_twice(work):
    """A ticket that two departments gave back and a third holds."""
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(OTHER))
    ask(work, ticket, OTHER_HANDLER, NOT_THEIRS)
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(THIRD))
    return ticket


def disputed(work):
    ticket = returned_twice(work)
    ask(work, ticket, THIRD_HANDLER, NOT_THEIRS)
    supervision.open_dispute(by(work, SUPERVISOR), ticket, text="三家都不认")
    return ticket


def test_a_return_waits_for_the_dispatch_desk(work):
    ticket = a_dispatched_ticket(work)

    application = ask(work, ticket)

    assert ticket.status is Status.RETURN_REQUESTED
    assert (application.state, application.department_code) == (ApplicationState.PENDING, LEAD)
    assert (application.suggested_code, application.asked_by_id) == (OTHER, HANDLER.user_id)


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

    ask(work, ticket, OTHER_HANDLER, NOT_THEIRS, after=2 * DAY)

    assert ticket.status is Status.RETURN_REQUESTED


@pytest.mark.parametrize(
    ("request_", "fields"),
    [
        (ReturnRequest("", "依据"), {"reason": "choose"}),
        (ReturnRequest("made_up", "依据"), {"reason": "choose"}),
        (
            ReturnRequest("not_our_duty", " "),
            {"basis": "missing_basis", "suggested": "missing_department"},
        ),
        (ReturnRequest("not_our_duty", "依据", "", "D-NOWHERE"), {"suggested": "unknown_department"}),
        (ReturnRequest("not_our_duty", "依据", "", LEAD), {"suggested": "own_department"}),
    ],
)
def test_a_return_needs_its_grounds(work, request_, fields):
    ticket = a_dispatched_ticket(work)

    with pytest.raises(InvalidInput) as problem:
        ask(work, ticket, request=request_)

    assert problem.value.fields == fields
    assert ticket.status is Status.DISPATCHED


def test_some_grounds_need_no_basis(work):
    ticket = a_dispatched_ticket(work)

    ask(work, ticket, request=ReturnRequest("duplicate", ""))

    assert ticket.status is Status.RETURN_REQUESTED


def test_a_department_may_ask_once_only(work):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=False)

    with pytest.raises(LimitReached) as refusal:
        ask(work, ticket)

    assert refusal.value.rule == "asked_before"


def test_a_department_that_gets_it_back_may_not_ask_again(work):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD))

    with pytest.raises(LimitReached):
        ask(work, ticket)


def test_a_city_may_allow_a_department_to_ask_again(work):
    work = replace(
        work, city=replace(work.city, returns=replace(work.city.returns, once_per_department=False))
    )
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=False)

    ask(work, ticket)

    assert ticket.status is Status.RETURN_REQUESTED


def test_only_the_lead_department_asks(work):
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, (OTHER,)))

    with pytest.raises(NotAllowed) as refusal:
        ask(work, ticket, OTHER_HANDLER, NOT_THEIRS)

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


def test_a_ruling_that_confirms_the_first_department_leaves_its_dispatch_right(work):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    supervision.open_dispute(by(work, SUPERVISOR), ticket, text="两家都说不归自己")

    supervision.designate(by(work, SUPERVISOR), ticket, department=LEAD, text="职责清楚")

    assert scorecard.first_dispatch_accuracy(work, NOW - DAY) == Rate(1, 1)


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
        supervision.open_dispute(by(work, insider), ticket, text="会商")


def test_who_had_the_ticket_before_is_of_a_side_too(work):
    ticket = a_dispatched_ticket(work)
    ask(work, ticket)
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(OTHER))
    ask(work, ticket, OTHER_HANDLER, NOT_THEIRS)

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


def test_the_third_return_is_not_the_desk_s_to_grant(work):
    ticket = returned_twice(work)
    ask(work, ticket, THIRD_HANDLER, NOT_THEIRS)

    with pytest.raises(LimitReached) as refusal:
        decide(work, ticket, granted=True)

    assert (refusal.value.rule, refusal.value.limit) == ("for_arbiter", 3)


def test_the_third_return_goes_before_the_arbiter(work):
    ticket = disputed(work)

    assert ticket.status is Status.DISPUTED
    assert "resolve" in {one.stage for one in deadlines.running(work, ticket)}


def test_while_the_dispute_lasts_nobody_handles_it(work):
    ticket = disputed(work)

    for actor in (HANDLER, OTHER_HANDLER, THIRD_HANDLER, Actor("x", frozenset({Role.HANDLER}))):
        with pytest.raises(NotAllowed):
            handling.contact(by(work, actor), ticket, reached=True, note="已联系")


def test_the_provisional_department_works_on_while_the_dispute_lasts(work):
    ticket = disputed(work)
    supervision.name_provisional(by(work, SUPERVISOR), ticket, department=OTHER)

    handling.contact(by(work, OTHER_HANDLER), ticket, reached=True, note="先行到场")
    handling.hand_down(by(work, OTHER_HANDLER), ticket, to="二大队")

    assert "contact" not in {one.stage for one in deadlines.running(work, ticket)}
    with pytest.raises(IllegalTransition):
        handling.resolve(by(work, OTHER_HANDLER), ticket, A_RESULT)


def test_another_provisional_department_takes_the_place_of_the_first(work):
    ticket = disputed(work)
    supervision.name_provisional(by(work, SUPERVISOR), ticket, department=OTHER)
    supervision.name_provisional(by(work, SUPERVISOR), ticket, department=LEAD)

    handling.contact(by(work, HANDLER), ticket, reached=True, note="到场")
    with pytest.raises(NotAllowed):
        handling.contact(by(work, OTHER_HANDLER), ticket, reached=True, note="到场")


def test_a_ruling_is_final(work):
    ticket = disputed(work)

    supervision.designate(by(work, SUPERVISOR), ticket, department="D-ZJ", text="按职责清单")

    assert (ticket.status, ticket.lead_code, ticket.designated) == (Status.DISPATCHED, "D-ZJ", True)
    with pytest.raises(LimitReached) as refusal:
        ask(work, ticket, Actor("z", frozenset({Role.HANDLER}), None, "D-ZJ"), NOT_THEIRS)
    assert refusal.value.rule == "designated"


def test_the_provisional_department_once_designated_goes_on_as_accepted(work):
    ticket = disputed(work)
    supervision.name_provisional(by(work, SUPERVISOR), ticket, department=OTHER)
    handling.contact(by(work, OTHER_HANDLER, after=HOUR), ticket, reached=True, note="先行到场")

    supervision.designate(by(work, SUPERVISOR, after=2 * HOUR), ticket, department=OTHER, text="按产权")

    assert (ticket.status, ticket.lead_code) == (Status.ACCEPTED, OTHER)
    assert {one.stage for one in deadlines.running(work, ticket)} == {"resolve"}
    handling.resolve(by(work, OTHER_HANDLER, after=3 * HOUR), ticket, A_RESULT)
    assert ticket.status is Status.RESOLVED


def test_who_goes_on_as_accepted_gets_the_clock_that_acceptance_starts(work):
    policy = work.city.policy
    rules = replace(policy.rules, resolve_starts=ResolveStart.ACCEPT)
    work = replace(work, city=replace(work.city, policy=replace(policy, rules=rules)))
    ticket = disputed(work)
    supervision.name_provisional(by(work, SUPERVISOR), ticket, department=OTHER)

    supervision.designate(by(work, SUPERVISOR, after=HOUR), ticket, department=OTHER, text="按产权")

    assert [one.started_at for one in deadlines.running(work, ticket) if one.stage == "resolve"] == [
        NOW + HOUR
    ]


def test_a_call_by_the_department_before_is_not_a_call_by_the_next(work):
    ticket = an_accepted_ticket(work)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已电话说明不归我单位")
    ask(work, ticket)
    decide(work, ticket, granted=True)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(OTHER))
    handling.accept(by(work, OTHER_HANDLER), ticket)

    with pytest.raises(CallerNotContacted):
        handling.resolve(by(work, OTHER_HANDLER), ticket, A_RESULT)


def test_a_ruling_keeps_the_promised_date(work):
    ticket = disputed(work)

    supervision.designate(by(work, SUPERVISOR, after=DAY), ticket, department=OTHER, text="按产权")

    resolve = [one for one in deadlines.all_of(work, ticket) if one.stage == "resolve"]
    assert [one.started_at for one in resolve] == [NOW]
    assert resolve[0].department_code == OTHER


def test_a_ruling_says_why_and_names_a_department_that_exists(work):
    ticket = disputed(work)

    with pytest.raises(InvalidInput):
        supervision.designate(by(work, SUPERVISOR), ticket, department=OTHER, text="")
    with pytest.raises(InvalidInput):
        supervision.designate(by(work, SUPERVISOR), ticket, department="D-NOWHERE", text="按产权")
    with pytest.raises(InvalidInput):
        supervision.name_provisional(by(work, SUPERVISOR), ticket, department="D-NOWHERE")


def test_a_disputed_return_is_decided_by_the_ruling(work):
    ticket = disputed(work)

    assert requested.waiting_applications(work, ApplicationKind.RETURN).waiting == []
    assert requested.applications_of(work, ticket)[-1].state is ApplicationState.LAPSED


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


def test_only_a_ruling_goes_below_the_minimum_level(work):
    ticket = disputed(work)

    supervision.designate(by(work, SUPERVISOR), ticket, department=STREET, text="会商定由街道办理")

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
