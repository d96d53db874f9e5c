"""What a caller says becomes a ticket: whole, once, and never lost to odd input."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hotline.errors import IllegalTransition, InvalidInput, NotAllowed
from hotline.lifecycle import Action, Status
from hotline.models.caller import Caller
from hotline.models.ticket import CategorySource, Closing, Kind, Ticket
from hotline.tickets import deadlines, handling, intake, numbers, returns, timeline
from hotline.tickets.callers import Identity
from tests.builders import (
    AGENT,
    DISPATCHER,
    HANDLER,
    HOUR,
    LEADER,
    a_call,
    a_dispatched_ticket,
    a_logged_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import NOT_OURS


def log(work, **changes):
    return intake.log(work, a_call(**changes), auto_lane=False)


def test_a_registered_matter_waits_on_the_dispatch_desk(work):
    ticket = log(work).ticket

    assert ticket.status is Status.LOGGED
    assert [clock.stage for clock in deadlines.running(work, ticket)] == ["dispatch"]
    assert (ticket.logged_at, ticket.logged_by_id) == (NOW, AGENT.user_id)


def test_a_double_submit_is_one_ticket(work, session):
    call = a_call()

    first = intake.log(work, call, auto_lane=False)
    second = intake.log(work, call, auto_lane=False)

    assert second.ticket is first.ticket
    assert session.scalar(select(func.count()).select_from(Ticket)) == 1
    assert first.ticket.events == 1


def test_the_retrieval_code_is_shown_once(work):
    call = a_call()

    assert intake.log(work, call, auto_lane=False).code
    assert intake.log(work, call, auto_lane=False).code is None


@pytest.mark.parametrize("blank", ["", "   ", "\n\t", "\x00\x01"])
def test_what_happened_is_required(work, blank):
    with pytest.raises(InvalidInput) as problem:
        log(work, content=blank)

    assert problem.value.fields == {"content": "missing"}


def test_where_is_required(work):
    with pytest.raises(InvalidInput) as problem:
        log(work, address=" ")

    assert problem.value.fields == {"address": "missing_where"}


def test_a_place_that_the_story_names_need_not_be_typed_again(work):
    ticket = log(work, content="灯源路的路灯从周一起就不亮了", address="", area=None).ticket

    assert ticket.address == "灯源路"
    assert ticket.area_code == "990101001"


def test_the_city_by_itself_is_no_place(work):
    with pytest.raises(InvalidInput) as problem:
        log(work, content="滨海市的路灯不亮", address="", area=None)

    assert problem.value.fields == {"address": "missing_where"}


def test_a_chosen_area_says_where(work):
    assert log(work, address="", area="990101").ticket.area_code == "990101"


def test_all_problems_are_named_at_once_in_the_order_of_the_form(work):
    with pytest.raises(InvalidInput) as problem:
        log(work, content="", address="", category="9999")

    assert list(problem.value.fields) == ["content", "address", "category"]


def test_a_category_that_the_city_does_not_know_is_refused(work):
    with pytest.raises(InvalidInput) as problem:
        log(work, category="9999")

    assert problem.value.fields == {"category": "unknown_category"}


def test_an_area_that_the_city_does_not_know_is_refused(work):
    with pytest.raises(InvalidInput) as problem:
        log(work, area="Q99")

    assert problem.value.fields == {"area": "unknown_area"}


def test_who_when_and_what_is_wanted_may_be_missing(work):
    ticket = log(work, occurred="", wish="", identity=Identity(None, None)).ticket

    assert (ticket.occurred, ticket.wish) == ("", "")


def test_a_person_s_choice_of_category_is_remembered_as_one(work):
    assert log(work, category="0204").ticket.category_source is CategorySource.PERSON


def test_the_machine_s_category_is_remembered_as_such(work):
    ticket = log(work, category=None, content="小区门口的路灯不亮").ticket

    assert ticket.category_source in {CategorySource.MODEL, CategorySource.KEYWORDS}


def test_the_place_is_read_from_the_address(work):
    ticket = log(work, address="海澜区潮音街道").ticket

    assert ticket.area_code is not None
    assert work.city.gazetteer.area(ticket.area_code).name == "潮音街道"


def test_a_report_is_confidential_without_being_asked(work):
    assert log(work, kind=Kind.REPORT).ticket.confidential


def test_what_turns_out_to_be_a_report_is_confidential_from_then_on(work):
    ticket = log(work, kind=Kind.COMPLAINT).ticket

    intake.amend(work, ticket, intake.Amendment(kind=Kind.REPORT), reason="其实是举报")
    intake.amend(work, ticket, intake.Amendment(kind=Kind.COMPLAINT), reason="又不是了")

    assert ticket.confidential


def test_a_complaint_is_confidential_only_when_asked(work):
    assert not log(work, kind=Kind.COMPLAINT).ticket.confidential
    assert log(work, kind=Kind.COMPLAINT, confidential=True).ticket.confidential


def test_of_an_anonymous_caller_nothing_is_kept(work, session):
    ticket = log(work, anonymous=True, identity=Identity("王小川", "13800000001")).ticket

    caller = session.get_one(Caller, ticket.caller_id)
    assert ticket.anonymous
    assert not any(
        (caller.name_sealed, caller.phone_sealed, caller.phone_index, caller.name_masked, caller.phone_masked)
    )


def test_two_anonymous_callers_are_not_one(work):
    first, second = (log(work, anonymous=True).ticket for _ in range(2))

    assert first.caller_id != second.caller_id


def test_the_title_is_the_first_sentence(work):
    assert log(work, content="路灯不亮。已经三天了。").ticket.title == "路灯不亮"


def test_a_title_that_was_given_stands(work):
    assert log(work, title="潮音街道路灯。不亮").ticket.title == "潮音街道路灯。不亮"


def test_a_long_first_sentence_is_cut_to_what_a_list_shows(work):
    title = log(work, content="路" * 200).ticket.title

    assert len(title) == intake.TITLE_LENGTH
    assert title.endswith("…")


def test_a_title_has_one_line(work):
    assert "\n" not in log(work, content="路灯\n不亮\r\n三天").ticket.title


@pytest.mark.parametrize(
    "content",
    [
        "灯",
        "？",
        "。。。",
        "😀👨‍👩‍👧‍👦🚧路灯坏了",
        "路燈壞了，請儘快維修。",
        "a" * 3000,
        "<script>alert(1)</script>' OR 1=1 --",
        "١٢٣ العربية עברית",
    ],
)
def test_odd_words_are_registered_as_they_were_said(work, session, content):
    ticket = log(work, content=content).ticket
    session.flush()
    session.refresh(ticket)

    assert ticket.content == content
    assert ticket.title


def test_a_hundred_thousand_characters_are_registered_whole(work, session):
    story = "小区门口的路灯不亮，晚上看不清路。" * 6000

    ticket = log(work, content=story[:100_000]).ticket
    session.flush()
    session.refresh(ticket)

    assert len(ticket.content) == 100_000
    assert len(ticket.title) <= intake.TITLE_LENGTH


def test_control_characters_are_left_out_and_lines_kept(work, session):
    ticket = log(
        work,
        content="路灯\x00不亮\x1b[31m\n第二行\t缩进\x7f",
        address="海澜区\x00潮音街道",
        title="路\x00灯",
        identity=Identity("王\x00小川", "138\x000000 0001"),
    ).ticket
    session.flush()
    session.refresh(ticket)

    assert ticket.content == "路灯不亮[31m\n第二行\t缩进"
    assert (ticket.title, ticket.address) == ("路灯", "海澜区潮音街道")


def test_a_department_registers_nothing(work):
    with pytest.raises(NotAllowed):
        log(by(work, HANDLER))


def test_what_can_be_answered_on_the_line_is_closed_with_the_answer(work):
    ticket = a_logged_ticket(work)

    intake.answer(by(work, AGENT, after=HOUR), ticket, "  请拨打市政维修热线。 ", source="知识库 0204")

    assert (ticket.status, ticket.closing) == (Status.CLOSED, Closing.ANSWERED)
    assert (ticket.answer, ticket.closed_at) == ("请拨打市政维修热线。", NOW + HOUR)
    assert deadlines.running(work, ticket) == []


def test_an_answer_needs_words(work):
    ticket = a_logged_ticket(work)

    with pytest.raises(InvalidInput):
        intake.answer(work, ticket, " ")


def test_what_belongs_elsewhere_is_transferred_with_target_and_mode(work):
    ticket = a_logged_ticket(work)

    intake.transfer(work, ticket, "110", "three_party")

    assert ticket.status is Status.TRANSFERRED
    assert timeline.events_of(work, ticket)[-1].details["target"] == "110"
    assert deadlines.running(work, ticket) == []


@pytest.mark.parametrize(
    ("target", "mode", "field"), [("999", "one_key", "target"), ("petition", "one_key", "mode")]
)
def test_a_transfer_goes_only_where_and_how_the_city_says(work, target, mode, field):
    ticket = a_logged_ticket(work)

    with pytest.raises(InvalidInput) as problem:
        intake.transfer(work, ticket, target, mode)

    assert list(problem.value.fields) == [field]


@pytest.mark.parametrize("end", [Action.ANSWER, Action.TRANSFER])
def test_a_returned_ticket_that_ends_on_the_desk_has_no_clock_left(work, end):
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER), ticket, granted=True, text="")

    if end is Action.ANSWER:
        intake.answer(by(work, DISPATCHER), ticket, "请拨打市政维修热线。")
    else:
        intake.transfer(by(work, DISPATCHER), ticket, "petition", "guidance")

    assert deadlines.running(work, ticket) == []
    assert ticket.next_due_at is None


def test_a_dispatched_ticket_can_no_longer_be_answered_on_the_line(work):
    ticket = a_dispatched_ticket(work)

    with pytest.raises(IllegalTransition):
        intake.answer(work, ticket, "请拨打市政维修热线。")


def test_facts_are_put_right_with_what_they_were_before(work):
    ticket = a_logged_ticket(work)

    intake.amend(work, ticket, intake.Amendment(kind=Kind.HELP, address="潮音街道 5 号"), reason="记错")

    assert (ticket.kind, ticket.address) == (Kind.HELP, "潮音街道 5 号")
    assert timeline.events_of(work, ticket)[-1].details["changed"] == {
        "kind": ["complaint", "help"],
        "address": ["海澜区潮音街道", "潮音街道 5 号"],
    }


def test_the_caller_s_words_are_never_rewritten(work):
    ticket = a_logged_ticket(work)
    said = ticket.content

    intake.amend(work, ticket, intake.Amendment(addition="另一盏也不亮"), reason="诉求人补充")

    assert ticket.content == said
    assert timeline.events_of(work, ticket)[-1].details["addition"] == "另一盏也不亮"


def test_a_category_put_right_is_a_person_s_choice(work):
    ticket = log(work, category=None, content="路灯不亮").ticket
    other = "0101" if ticket.category_code != "0101" else "0102"

    intake.amend(work, ticket, intake.Amendment(category=other), reason="分类有误")

    assert ticket.category_source is CategorySource.PERSON


def test_an_amendment_that_changes_nothing_is_refused(work):
    ticket = a_logged_ticket(work)

    with pytest.raises(InvalidInput) as problem:
        intake.amend(work, ticket, intake.Amendment(kind=ticket.kind), reason="")

    assert problem.value.fields == {"reason": "nothing_changed"}


@pytest.mark.parametrize(
    ("change", "field"),
    [(intake.Amendment(category="9999"), "category"), (intake.Amendment(area="Q99"), "area")],
)
def test_an_amendment_names_only_what_the_city_knows(work, change, field):
    ticket = a_logged_ticket(work)

    with pytest.raises(InvalidInput) as problem:
        intake.amend(work, ticket, change, reason="改")

    assert list(problem.value.fields) == [field]


def test_a_number_is_the_local_day_and_a_serial(work):
    assert log(work).ticket.number == "20261124000001"
    assert log(work).ticket.number == "20261124000002"


def test_serials_begin_again_at_local_midnight(work):
    log(work)
    before = by(work, AGENT, after=timedelta(hours=13, minutes=59))
    after = by(work, AGENT, after=timedelta(hours=14))

    assert log(before).ticket.number == "20261124000002"
    assert log(after).ticket.number == "20261125000001"


def test_a_retrieval_code_has_six_characters_that_cannot_be_mistaken():
    for _ in range(200):
        assert re.fullmatch("[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{6}", numbers.new_code())


def test_a_code_opens_its_own_ticket_only_however_it_is_typed(work):
    first, second = log(work), log(work)

    assert numbers.is_open_to(work, first.ticket.number, f" {first.code.lower()} ")
    assert not numbers.is_open_to(work, second.ticket.number, first.code)
    assert not numbers.is_open_to(work, first.ticket.number, "")


def test_the_code_itself_is_stored_nowhere(work, session):
    logged = log(work)

    assert logged.code not in logged.ticket.retrieval_hash
    assert logged.code not in str(timeline.events_of(work, logged.ticket)[0].details)


def test_until_a_model_is_trained_nothing_goes_by_itself(work):
    assert work.city.classifier is None

    ticket = intake.log(work, a_call(), auto_lane=True).ticket

    assert ticket.status is Status.LOGGED


def test_the_ticket_goes_on_from_intake(work):
    ticket = a_dispatched_ticket(work)

    handling.accept(by(work, HANDLER), ticket)

    assert ticket.status is Status.ACCEPTED
