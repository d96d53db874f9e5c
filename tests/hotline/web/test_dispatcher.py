"""The dispatch desk: each ticket to whom it belongs, and returns decided with their reasons in sight."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.lifecycle import Action, Status
from hotline.models.application import Application, ApplicationState
from hotline.models.assignment import Assignment, Part
from hotline.models.ticket import CategorySource, Kind, Ticket, Urgency
from hotline.tickets import dispatching, intake, merging, returns, timeline
from hotline.tickets.callers import Identity
from hotline.tickets.paging import PAGE
from hotline.tickets.returnable import ReturnRequest
from hotline.work import SYSTEM, Actor, Work
from tests.builders import (
    AGENT,
    DISPATCHER,
    HANDLER,
    LEAD,
    LEADER,
    OTHER,
    OTHER_LEADER,
    REVIEWER,
    SUPERVISOR,
    a_dispatched_ticket,
    a_logged_ticket,
    by,
)
from tests.hotline.web.browsing import one, post, soup

ClientAs = Callable[[Actor], FlaskClient]
NOT_OURS = ReturnRequest(
    "not_our_duty", basis="“三定”规定第五条", text="灯杆归交通局", suggested=OTHER, evidence="灯杆编号 J-07"
)


def saved(session: Session, ticket: Ticket) -> Ticket:
    session.commit()
    return ticket


def a_returned_ticket(work: Work, session: Session) -> Ticket:
    """A ticket whose department asked to give it back."""
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    return saved(session, ticket)


def parts_of(session: Session, ticket: Ticket) -> dict[str, Part]:
    held = select(Assignment).where(Assignment.ticket_id == ticket.id, Assignment.ended_at.is_(None))
    return {one.department_code: one.part for one in session.scalars(held)}


def test_the_ticket_with_the_least_time_left_is_opened_first(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    a_logged_ticket(work, content="公园草坪该修剪了。", category="0204")
    urgent = saved(session, a_logged_ticket(work, content="线缆垂到人行道。", urgency=Urgency.CRITICAL))

    page = soup(client_as(DISPATCHER).get("/dispatch"))

    assert urgent.number in one(page, ".line[aria-current=true]").text
    assert "线缆垂到人行道" in one(page, "article.case .body").text


def test_the_card_gives_the_reasons_of_the_proposal(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = saved(session, a_logged_ticket(work, address="海澜区潮音街道"))

    card = soup(client_as(DISPATCHER).get(f"/dispatch/{ticket.number}")).select_one("aside.card-of")

    assert card
    assert "条款0204" in card.text.replace(" ", "")
    assert "“潮音街道” → 海澜区潮音街道" in card.text
    assert one(card, "input[name=lead][checked]")["data-key"] == "1"


def test_the_card_says_what_would_tell_two_places_apart(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = saved(session, a_logged_ticket(work, address="云通路"))

    card = one(soup(client_as(DISPATCHER).get(f"/dispatch/{ticket.number}")), "aside.card-of")

    assert "“云通路”不止一处" in card.text
    assert "要问清在云通路的路东还是路西？" in card.text


def test_a_ticket_is_dispatched_to_lead_and_assisting_departments(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket, after = a_logged_ticket(work), a_logged_ticket(work)
    session.commit()
    fields = {
        "lead": LEAD,
        "assisting": ["D-GA"],
        "more": "市交通局",
        "note": "今晚先设警示",
        "next": after.number,
    }

    answer = post(client_as(DISPATCHER), f"/dispatch/{ticket.number}/send", version=ticket.version, **fields)

    session.expire_all()
    assert answer.location == f"/dispatch/{after.number}"
    assert ticket.status is Status.DISPATCHED
    assert parts_of(session, ticket) == {LEAD: Part.LEAD, "D-GA": Part.ASSISTING, OTHER: Part.ASSISTING}


def test_a_department_typed_goes_before_the_proposal_and_the_overruling_is_kept(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = saved(session, a_logged_ticket(work))

    post(client_as(DISPATCHER), f"/dispatch/{ticket.number}/send", lead=LEAD, other="市交通局", offered=LEAD)

    session.expire_all()
    assert ticket.lead_code == OTHER
    assert timeline.acted(work, ticket, Action.DISPATCH)[-1].details["offered"] == LEAD


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "lead"),
        ({"lead": "D-NOBODY"}, "lead"),
        ({"other": "没有的单位"}, "other"),
        ({"lead": LEAD, "more": "没有的单位"}, "more"),
        ({"lead": LEAD, "more": "市城管局"}, "assisting"),
    ],
    ids=["nobody", "unknown lead", "unknown name", "unknown assisting", "twice"],
)
def test_a_dispatch_to_nobody_comes_back_with_the_note(
    client_as: ClientAs, work: Work, session: Session, fields: dict[str, str], field: str
) -> None:
    ticket = saved(session, a_logged_ticket(work))

    answer = post(client_as(DISPATCHER), f"/dispatch/{ticket.number}/send", note="写好的话", **fields)

    session.expire_all()
    assert answer.status_code == 422
    assert soup(answer).select_one(f"#e-{field}")
    assert "写好的话" in one(soup(answer), "#f-note").text
    assert ticket.status is Status.LOGGED


def test_a_form_drawn_before_a_colleagues_change_is_stale(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = saved(session, a_logged_ticket(work))
    version = ticket.version
    client = client_as(DISPATCHER)
    post(client, f"/dispatch/{ticket.number}/correct", urgency="urgent", version=version)

    answer = post(client, f"/dispatch/{ticket.number}/send", lead=LEAD, note="还在", version=version)

    session.expire_all()
    assert answer.status_code == 409
    assert "还在" in answer.text
    assert ticket.status is Status.LOGGED


def test_facts_are_put_right_before_the_dispatch(client_as: ClientAs, work: Work, session: Session) -> None:
    ticket = saved(session, a_logged_ticket(work))
    right = {"category": "0203", "area": "海澜区潮音街道", "kind": "help", "urgency": "urgent"}

    answer = post(client_as(DISPATCHER), f"/dispatch/{ticket.number}/correct", **right, reason="听录音核对")

    session.expire_all()
    assert answer.status_code == 303
    assert (ticket.category_code, ticket.kind, ticket.urgency) == ("0203", Kind.HELP, Urgency.URGENT)
    assert (ticket.area_code, ticket.category_source) == ("990101001", CategorySource.PERSON)


def test_a_correction_that_changes_nothing_is_said_so_and_leaves_the_other_form_alone(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = saved(session, a_logged_ticket(work, address="海澜区潮音街道"))

    answer = post(
        client_as(DISPATCHER), f"/dispatch/{ticket.number}/correct", form="correct", kind=ticket.kind
    )

    page = soup(answer)
    assert answer.status_code == 422
    assert "没有改动" in one(page, "#e-reason").text
    assert page.select_one("input[name=lead][checked]")


def test_a_ticket_that_left_the_desk_offers_no_dispatch(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = saved(session, a_dispatched_ticket(work))
    client = client_as(DISPATCHER)

    assert soup(client.get(f"/dispatch/{ticket.number}")).select_one("#send") is None
    assert post(client, f"/dispatch/{ticket.number}/send", lead=OTHER).status_code == 409


def test_a_granted_return_waits_again_with_the_suggested_department_to_choose(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = a_returned_ticket(work, session)

    answer = post(client_as(DISPATCHER), f"/dispatch/returns/{ticket.number}", granted="1")
    desk = soup(client_as(DISPATCHER).get(answer.location))

    session.expire_all()
    assert ticket.status is Status.LOGGED
    assert desk.select_one(f'input[name=lead][value="{OTHER}"]')
    assert "退过，理由：非本单位职责" in desk.text
    assert "第 2 次派单" in desk.text


def test_a_refused_return_goes_back_with_the_reason(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = a_returned_ticket(work, session)
    client = client_as(DISPATCHER)

    silent = post(client, f"/dispatch/returns/{ticket.number}", granted="0")
    post(client, f"/dispatch/returns/{ticket.number}", granted="0", decision="目录 0204 写明由您单位主办")

    session.expire_all()
    assert silent.status_code == 422
    assert ticket.status is Status.DISPATCHED
    assert session.scalars(select(Application.state)).one() is ApplicationState.REFUSED


def test_the_odds_of_a_return_are_counted_not_made_up(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    client = client_as(DISPATCHER)
    earlier, now = a_returned_ticket(work, session), a_returned_ticket(work, session)

    before = client.get(f"/dispatch/returns/{now.number}").text
    post(client, f"/dispatch/returns/{earlier.number}", granted="1")
    after = client.get(f"/dispatch/returns/{now.number}").text

    assert "近 90 天没有审过的退单" in before
    assert "近 90 天退单已审 1 件，同意 1 件" in after


def test_a_return_beyond_the_first_page_is_listed_and_decided(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    *_, newest = [a_returned_ticket(work, session) for _ in range(PAGE + 1)]
    client = client_as(DISPATCHER)

    first = soup(client.get("/dispatch/returns"))
    second = soup(client.get(str(first.select(".list .line")[-1]["href"])))
    form = one(second, "form.send")
    answer = post(client, str(form["action"]), granted="1")

    assert len(first.select(".list .no")) == PAGE
    assert [one.text for one in second.select(".list .no")] == [newest.number]
    assert answer.status_code == 303
    session.refresh(newest)
    assert newest.status is Status.LOGGED


def test_the_third_return_is_the_arbiters(client_as: ClientAs, work: Work, session: Session) -> None:
    ticket = a_dispatched_ticket(work)
    for actor, lead in ((LEADER, LEAD), (OTHER_LEADER, OTHER)):
        returns.request_return(by(work, actor), ticket, ReturnRequest("elements_missing", basis=""))
        returns.decide_return(by(work, DISPATCHER), ticket, granted=True, text="")
        dispatching.dispatch(
            by(work, DISPATCHER), ticket, dispatching.Choice(OTHER if lead == LEAD else "D-GA")
        )
    returns.request_return(
        by(work, Actor("police", LEADER.roles, None, "D-GA")), ticket, ReturnRequest("elements_missing", "")
    )
    session.commit()
    client = client_as(DISPATCHER)

    page = client.get("/dispatch/returns")
    answer = post(client, f"/dispatch/returns/{ticket.number}", granted="1")

    assert ticket.number not in page.text
    assert answer.status_code == 409
    session.refresh(ticket)
    assert ticket.status is Status.DISPUTED


def test_a_return_that_the_desk_refuses_a_second_time_goes_before_the_arbiter(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER), ticket, granted=False, text="目录写明由你单位主办")
    returns.request_return(by(work, LEADER), ticket, ReturnRequest("elements_missing", ""))
    session.commit()
    client = client_as(DISPATCHER)

    page = client.get(f"/dispatch/returns/{ticket.number}")
    post(client, f"/dispatch/returns/{ticket.number}", granted="0", decision="要素是全的")

    assert "自动转会商" in page.text
    session.refresh(ticket)
    assert ticket.status is Status.DISPUTED


def test_sent_to_and_fro_a_ticket_is_locked_and_the_desk_is_offered_a_dispute(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = a_dispatched_ticket(work)
    for leader, to in ((LEADER, OTHER), (OTHER_LEADER, None)):
        returns.request_return(by(work, leader), ticket, ReturnRequest("elements_missing", ""))
        returns.decide_return(by(work, DISPATCHER), ticket, granted=True, text="")
        if to:
            dispatching.dispatch(by(work, DISPATCHER), ticket, dispatching.Choice(to))
    session.commit()
    client = client_as(DISPATCHER)

    refused = post(client, f"/dispatch/{ticket.number}/send", lead=LEAD)
    way_out = soup(refused).find("a", string="提请会商")
    opened = post(client, str(way_out["href"]), text="两家都退了")

    assert refused.status_code == 422
    assert "不能再派回去" in refused.text
    assert opened.status_code == 303
    session.refresh(ticket)
    assert ticket.status is Status.DISPUTED


def test_possible_duplicates_are_the_callers_open_tickets_and_the_same_matter_nearby(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    place = "海澜区潮音街道"
    ticket = a_logged_ticket(work, address=place)
    same_caller = a_dispatched_ticket(work, category="0101", address="望湖区湖影街道")
    same_matter = a_logged_ticket(work, address=place, identity=Identity(None, "13800000777"))
    stranger = a_logged_ticket(work, category="0101", identity=Identity(None, "13800000778"))
    session.commit()

    page = soup(client_as(DISPATCHER).get(f"/dispatch/{ticket.number}/merge"))

    offered = {box["value"] for box in page.select("input[name=into]")}
    assert offered == {same_caller.number, same_matter.number}
    assert stranger.number not in page.text
    assert "同一诉求人" in page.text


def test_repeats_are_merged_and_taken_apart_again(client_as: ClientAs, work: Work, session: Session) -> None:
    ticket, parent = a_logged_ticket(work), a_dispatched_ticket(work)
    session.commit()
    client = client_as(DISPATCHER)

    merged = post(client, f"/dispatch/{ticket.number}/merge", into=parent.number, reason="同一盏灯")
    session.expire_all()
    status_between = ticket.status
    page = client.get(f"/dispatch/{ticket.number}/unmerge")
    post(client, f"/dispatch/{ticket.number}/unmerge", reason="不是同一盏")

    session.expire_all()
    assert merged.status_code == 303
    assert status_between is Status.MERGED
    assert parent.number in page.text
    assert ticket.status is Status.LOGGED


def test_merging_needs_a_known_ticket_and_a_reason(client_as: ClientAs, work: Work, session: Session) -> None:
    ticket = saved(session, a_logged_ticket(work))

    unknown = post(
        client_as(DISPATCHER), f"/dispatch/{ticket.number}/merge", into="20260101000001", reason="同"
    )
    silent = post(client_as(DISPATCHER), f"/dispatch/{ticket.number}/merge", into=ticket.number)

    assert (unknown.status_code, silent.status_code) == (422, 422)
    assert "没有这个工单号" in unknown.text


def test_what_went_by_the_auto_lane_today_is_listed_with_what_came_back(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    kept, returned = a_logged_ticket(work), a_logged_ticket(work)
    for ticket in (kept, returned):
        dispatching.dispatch(by(work, SYSTEM), ticket, dispatching.Choice(LEAD), auto=True)
    returns.request_return(by(work, LEADER), returned, NOT_OURS)
    by_hand = saved(session, a_dispatched_ticket(work))

    page = client_as(DISPATCHER).get("/dispatch/automatic").text

    assert "今天自动派单 2 件，其中申请退单 1 件" in page
    assert by_hand.number[8:] not in page


@pytest.mark.parametrize("actor", [AGENT, HANDLER, REVIEWER, SUPERVISOR], ids=lambda actor: actor.name)
def test_others_do_not_dispatch(client_as: ClientAs, work: Work, session: Session, actor: Actor) -> None:
    ticket = saved(session, a_logged_ticket(work))
    client = client_as(actor)

    assert client.get("/dispatch").status_code == 403
    assert post(client, f"/dispatch/{ticket.number}/send", lead=LEAD).status_code == 403
    assert post(client, f"/dispatch/{ticket.number}/merge", into="1", reason="x").status_code == 403


def test_an_unknown_number_is_not_there(client_as: ClientAs) -> None:
    client = client_as(DISPATCHER)

    assert client.get("/dispatch/20260101000001").status_code == 404
    assert client.get("/dispatch/returns/20260101000001").status_code == 404


def test_an_empty_desk_says_so_and_leads_on(client_as: ClientAs) -> None:
    client = client_as(DISPATCHER)

    assert "没有待派单的工单" in client.get("/dispatch").text
    assert "没有待审的退单" in client.get("/dispatch/returns").text


def test_the_page_of_a_merged_ticket_says_how_far_the_other_is(client_as: ClientAs, work: Work) -> None:
    parent, ticket = a_logged_ticket(work), a_logged_ticket(work)
    merging.merge(by(work, DISPATCHER), ticket, into=parent.number, reason="同一件事")
    intake.answer(by(work, DISPATCHER), parent, "今晚起已恢复照明。")
    work.session.commit()

    page = soup(client_as(DISPATCHER).get(f"/tickets/{ticket.number}"))

    assert "已结案，今天 10:00" in one(page, ".rail").get_text()


def test_a_merged_ticket_keeps_its_own_row(client_as: ClientAs, work: Work, session: Session) -> None:
    ticket, parent = a_logged_ticket(work), a_logged_ticket(work)
    merging.merge(by(work, DISPATCHER), ticket, into=parent.number, reason="同一件事")
    session.commit()

    desk = client_as(DISPATCHER).get("/dispatch").text

    assert parent.number[8:] in desk
    assert f"/dispatch/{ticket.number}" not in desk


def test_who_was_proposed_to_assist_and_is_chosen_to_lead_does_not_stand_in_his_own_way(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = saved(session, a_logged_ticket(work))

    answer = post(
        client_as(DISPATCHER), f"/dispatch/{ticket.number}/send", lead=LEAD, other="市交通局", assisting=OTHER
    )

    session.expire_all()
    assert answer.status_code == 303
    assert ticket.lead_code == OTHER
