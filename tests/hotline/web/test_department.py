"""What a department does from its pile: nothing else, nothing of another's, nothing twice."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.lifecycle import Action, Status
from hotline.models.application import Application, ApplicationKind, ApplicationState
from hotline.models.assignment import Assignment, Part
from hotline.models.ticket import Ticket, Urgency
from hotline.tickets import (
    applications,
    dispatching,
    handling,
    returns,
    review,
    supervision,
    timeline,
    track_record,
)
from hotline.tickets import suspension as pausing
from hotline.tickets.returnable import ReturnRequest
from hotline.work import Actor, Work
from tests.builders import (
    DISPATCHER,
    HANDLER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    REVIEWER,
    SUPERVISOR,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    an_accepted_ticket,
    by,
)
from tests.hotline.web.browsing import post, soup

ClientAs = Callable[[Actor], FlaskClient]
WHY_NOT_MINE = {
    "evidence": "现场照片 2 张",
    "reason": "not_our_duty",
    "basis": "权责清单 CG-0142",
    "suggested": "市交通局",
    "text": "是车行道",
}
RESULT = {
    "outcome": "solved",
    "facts": "现场更换了两盏灯的灯头。",
    "answer": "您反映的路灯已修好，今晚起正常照明。",
    "basis": "城市照明管理规定第二十条",
    "evidence": "现场照片 3 张",
    "signed_by": "郑立",
}


def url(ticket: Ticket, action: str) -> str:
    return f"/department/tickets/{ticket.number}/{action}"


def events(work: Work, ticket: Ticket, action: Action) -> list[dict[str, object]]:
    """What each entry says, but for how the clocks stood."""
    said = [dict(event.details) for event in timeline.acted(work, ticket, action)]
    for one in said:
        one.pop("clocks", None)
    return said


def asked_for(session: Session, ticket: Ticket, kind: ApplicationKind) -> Application:
    return session.scalars(select(Application).filter_by(ticket_id=ticket.id, kind=kind)).one()


def assisted_ticket(work: Work) -> Ticket:
    """A ticket that another department leads and ours assists in."""
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, dispatching.Choice(OTHER, (LEAD,)))
    return ticket


def numbers_in(client: FlaskClient, address: str) -> list[str]:
    rows = soup(client.get(address)).select("tr[data-line]")
    return [str(row["id"]).removeprefix("t-") for row in rows]


# ------------------------------------------------------------------ the pile


def test_the_pile_shows_what_needs_the_department_now_the_least_time_first(
    client_as: ClientAs, work: Work
) -> None:
    slow = a_dispatched_ticket(work)
    urgent = a_dispatched_ticket(work, urgency=Urgency.URGENT)
    a_resolved_ticket(work)
    a_dispatched_ticket(work, lead=OTHER)
    work.session.commit()

    assert numbers_in(client_as(HANDLER), "/department") == [urgent.number, slow.number]


@pytest.mark.parametrize(
    ("tab", "count"),
    [
        ("to_act", 4),
        ("to_accept", 2),
        ("in_hand", 1),
        ("assisting", 1),
        ("returning", 1),
        ("held", 1),
        ("supervised", 1),
        ("overdue", 0),
        ("open", 6),
    ],
)
def test_each_tab_says_how_many_it_holds_and_holds_them(
    client_as: ClientAs, work: Work, tab: str, count: int
) -> None:
    a_dispatched_ticket(work)
    supervision.supervise(by(work, SUPERVISOR), a_dispatched_ticket(work), text="两天没有签收")
    an_accepted_ticket(work)
    assisted_ticket(work)
    returned = a_dispatched_ticket(work)
    grounds = ReturnRequest("not_our_duty", "权责清单", "", OTHER, "现场照片 2 张")
    returns.request_return(by(work, LEADER), returned, grounds)
    held = an_accepted_ticket(work)
    pausing.request_suspension(
        by(work, HANDLER), held, reason="caller_material", text="等照片", until=date(2026, 11, 27)
    )
    pausing.decide_suspension(by(work, REVIEWER), held, granted=True, text="")
    work.session.commit()

    page = soup(client_as(HANDLER).get(f"/department?tab={tab}"))

    shown = page.select_one("#pile-tabs [aria-current] .count")
    assert (int(shown.text) if shown else 0) == count
    assert len(page.select("tr[data-line]")) == count


def test_an_assisting_department_gives_its_opinion_but_cannot_accept(client_as: ClientAs, work: Work) -> None:
    assisted_ticket(work)
    work.session.commit()

    page = soup(client_as(HANDLER).get("/department"))

    assert "协办，主办 市交通局" in page.select_one("tr[data-line]").text  # type: ignore[union-attr]
    assert not page.select('input[name="numbers"]')
    assert {one.text.split()[0] for one in page.select("td.c7 a")} == {"协办意见", "非本单位职责"}


def test_the_pile_can_be_narrowed_by_urgency_matter_and_words(client_as: ClientAs, work: Work) -> None:
    lamp = a_dispatched_ticket(work, urgency=Urgency.URGENT)
    smoke = a_dispatched_ticket(work, category="0301", content="烧烤店油烟直排，晚上不敢开窗，要求查处。")
    work.session.commit()
    client = client_as(HANDLER)

    assert numbers_in(client, "/department?urgency=urgent") == [lamp.number]
    assert numbers_in(client, "/department?group=03") == [smoke.number]
    assert numbers_in(client, f"/department?q={smoke.title[:4]}") == [smoke.number]
    assert "不限“没有这样的标题”" in client.get("/department?q=没有这样的标题").text


def test_what_the_address_asks_wrongly_counts_as_not_asked(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    work.session.commit()

    wrong = "/department?tab=nothing&urgency=x&group=zz&after=broken"

    assert numbers_in(client_as(HANDLER), wrong) == [ticket.number]


def test_a_long_pile_is_paged_by_its_last_row(
    client_as: ClientAs, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.tickets.worklists.page.__kwdefaults__", {"after": None, "size": 2})
    expected = [a_dispatched_ticket(work).number for _ in range(3)]
    work.session.commit()
    client = client_as(HANDLER)

    first = soup(client.get("/department"))
    beyond = str(first.select_one('a[rel="next"]')["href"])  # type: ignore[index]

    assert [str(row["id"])[2:] for row in first.select("tr[data-line]")] == expected[:2]
    assert numbers_in(client, beyond) == expected[2:]


def test_an_empty_pile_says_when_the_last_ticket_was_accepted(client_as: ClientAs, work: Work) -> None:
    an_accepted_ticket(work)
    work.session.commit()

    page = client_as(HANDLER).get("/department?tab=to_accept").text

    assert "没有待签收的工单" in page
    assert "最近一件 今天 10:00 签收" in page


def test_a_poll_brings_nothing_until_something_changed(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    work.session.commit()
    client = client_as(HANDLER)

    def poll(tag: str = "") -> tuple[int, str, str]:
        answer = client.get("/department", headers={"HX-Request": "true", "If-None-Match": tag})
        return answer.status_code, answer.headers["ETag"], answer.text

    _, tag, part = poll()
    unchanged, _, _ = poll(tag)
    supervision.urge(by(work, SUPERVISOR, after=timedelta(seconds=1)), ticket, text="又来电")
    work.session.commit()
    changed, _, anew = poll(tag)

    assert (unchanged, changed) == (304, 200)
    assert "<html" not in part
    assert "催办 1 次" in anew


@pytest.mark.parametrize("actor", [REVIEWER, DISPATCHER, SUPERVISOR])
def test_the_pile_is_no_page_of_the_hotlines_own_desks(client_as: ClientAs, actor: Actor) -> None:
    assert client_as(actor).get("/department").status_code == 403


# ------------------------------------------------------------------ accept


def test_accepting_from_the_pile_leads_to_the_next_row(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    work.session.commit()
    client = client_as(HANDLER)

    answer = post(
        client,
        url(ticket, "accept"),
        version=ticket.version,
        back="/department?tab=to_accept",
        next="20261124000009",
    )

    work.session.refresh(ticket)
    assert answer.location == "/department?tab=to_accept#t-20261124000009"
    assert ticket.status is Status.ACCEPTED
    assert "首次联系 11-25(周三) 18:00 前" in client.get("/department").text


def test_the_way_back_never_leads_to_another_site(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    work.session.commit()

    answer = post(client_as(HANDLER), url(ticket, "accept"), back="//example.org/x")

    assert answer.location == f"/tickets/{ticket.number}"


def test_a_batch_accepts_each_on_its_own_and_says_what_became_of_each(
    client_as: ClientAs, work: Work
) -> None:
    fresh = [a_dispatched_ticket(work) for _ in range(2)]
    taken, foreign = an_accepted_ticket(work), a_dispatched_ticket(work, lead=OTHER)
    work.session.commit()
    client = client_as(HANDLER)

    selected = [one.number for one in (*fresh, taken, foreign)]
    post(client, "/department/accept", numbers=selected, back="/department?tab=to_accept")
    said = soup(client.get("/department")).select_one("#strips").text  # type: ignore[union-attr]

    for ticket in (*fresh, foreign):
        work.session.refresh(ticket)
    assert [one.status for one in fresh] == [Status.ACCEPTED, Status.ACCEPTED]
    assert foreign.status is Status.DISPATCHED
    assert "已签收 2 件，2 件未成" in said
    assert f"已被同事签收（{taken.number}）" in said
    assert f"不归您看（{foreign.number}）" in said


def test_a_batch_of_nothing_asks_for_a_selection(client_as: ClientAs) -> None:
    client = client_as(HANDLER)

    post(client, "/department/accept")

    assert "还没有选中工单" in client.get("/department").text


# ------------------------------------------------------------------ handling


def test_a_call_that_got_through_is_noted(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()

    answer = post(
        client_as(HANDLER),
        url(ticket, "contact"),
        version=ticket.version,
        reached="yes",
        note="约周三上午到场",
    )

    assert answer.location == f"/tickets/{ticket.number}"
    assert events(work, ticket, Action.CONTACT) == [{"reached": True, "note": "约周三上午到场"}]


def test_a_call_that_did_not_get_through_leaves_the_clock_running(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()
    client = client_as(LEADER)

    post(client, url(ticket, "contact"), version=ticket.version, reached="no", note="两次无人接听")

    assert not handling.contacted(work, ticket)
    assert "未接通。时限照走" in client.get("/department").text


def test_handing_down_names_who_does_it_and_is_offered_again(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()
    client = client_as(HANDLER)

    post(client, url(ticket, "hand-down"), version=ticket.version, to="市容科 王工", note="今天回话")

    part = work.session.scalars(select(Assignment).filter_by(ticket_id=ticket.id, part=Part.LEAD)).one()
    assert part.handed_to == "市容科 王工"
    assert "已派给 市容科 王工" in client.get("/department").text
    assert '<option value="市容科 王工">' in client.get(url(ticket, "hand-down")).text


def test_an_opinion_goes_to_the_lead_and_ends_the_assisting_part(client_as: ClientAs, work: Work) -> None:
    ticket = assisted_ticket(work)
    work.session.commit()
    client = client_as(HANDLER)

    post(client, url(ticket, "assist"), version=ticket.version, opinion="路口不在绿化范围，建议由交通处置")

    assert events(work, ticket, Action.ASSIST) == [{"opinion": "路口不在绿化范围，建议由交通处置"}]
    assert numbers_in(client, "/department?tab=assisting") == []
    assert client.get(url(ticket, "assist")).status_code == 403


def test_a_result_is_filed_with_all_it_says(client_as: ClientAs, work: Work) -> None:
    ticket = a_contacted_ticket(work)
    work.session.commit()

    post(client_as(HANDLER), url(ticket, "resolve"), version=ticket.version, **RESULT)

    work.session.refresh(ticket)
    assert ticket.status is Status.RESOLVED
    assert ticket.answer == RESULT["answer"]
    assert events(work, ticket, Action.RESOLVE) == [RESULT]


def test_a_result_without_a_call_is_refused_the_text_kept(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()
    client = client_as(HANDLER)

    warned = client.get(url(ticket, "resolve")).text
    answer = post(client, url(ticket, "resolve"), version=ticket.version, **RESULT)

    assert "先记录联系" in warned
    assert answer.status_code == 422
    assert RESULT["answer"] in answer.text
    assert "还没有联系上诉求人" in answer.text


def test_a_leader_signs_with_his_own_name(client_as: ClientAs, work: Work) -> None:
    ticket = a_contacted_ticket(work)
    work.session.commit()

    field = soup(client_as(LEADER).get(url(ticket, "resolve"))).select_one('[name="signed_by"]')

    assert field is not None
    assert field["value"] == LEADER.name


# ------------------------------------------------------------------ requests


def test_a_return_is_asked_for_by_the_name_of_the_other_department(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()

    post(client_as(LEADER), url(ticket, "return"), version=ticket.version, **WHY_NOT_MINE)

    request = asked_for(work.session, ticket, ApplicationKind.RETURN)
    work.session.refresh(ticket)
    assert ticket.status is Status.RETURN_REQUESTED
    assert (request.reason, request.suggested_code, request.text) == ("not_our_duty", OTHER, "是车行道")
    assert request.evidence == "现场照片 2 张"


def test_what_a_handler_drafts_waits_in_the_leaders_pile_and_is_signed_there(
    client_as: ClientAs, work: Work
) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()

    post(client_as(HANDLER), url(ticket, "return/draft"), version=ticket.version, **WHY_NOT_MINE)
    work.session.refresh(ticket)
    drafted = ticket.status
    leader = client_as(LEADER)
    pile = soup(leader.get("/department?tab=to_sign"))
    form = soup(leader.get(url(ticket, "return")))
    post(leader, url(ticket, "return"), version=ticket.version, **WHY_NOT_MINE)

    work.session.refresh(ticket)
    assert drafted is Status.ACCEPTED
    assert "退单等分管负责人签发" in pile.select_one("tr[data-line]").text
    assert pile.select_one("tr[data-line] a.btn")["href"].startswith(url(ticket, "return"))
    assert form.select_one("#f-text").text.strip() == "是车行道"
    assert form.select_one("#f-suggested")["value"] == work.city.departments[OTHER].name
    assert ticket.status is Status.RETURN_REQUESTED


def test_the_odds_of_a_return_are_shown_before_it_is_sent(client_as: ClientAs, work: Work) -> None:
    few = track_record.LEAST
    for place in range(few):
        before = a_dispatched_ticket(work)
        returns.request_return(
            by(work, LEADER), before, ReturnRequest("other", "权责清单", "", OTHER, "照片")
        )
        returns.decide_return(by(work, DISPATCHER), before, granted=place < 2, text="目录写明由你单位办")
    ticket = a_dispatched_ticket(work)
    work.session.commit()

    page = soup(client_as(LEADER).get(url(ticket, "return")))

    said = {one["data-odds"]: " ".join(one.dd.text.split()) for one in page.select("[data-odds]")}
    assert said["other"].startswith(f"2 ÷ {few} 件 本单位这类事")
    assert said["duplicate"] == f"不满 {few} 件，说不准"
    assert "办结时限照走" in page.text


def test_the_window_of_a_return_is_said_before_anything_is_typed(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()

    page = client_as(LEADER).get(url(ticket, "return")).text

    assert "退单窗口剩 4小时" in page
    assert "办结时限照走" in page
    assert "本件第 1 次退单。满 3 次退单或 2 次驳回，自动转会商" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": ""}, "这一项还没有选"),
        ({"basis": ""}, "须写明依据"),
        ({"suggested": ""}, "须写明应由哪个单位办"),
        ({"suggested": "没有这个局"}, "没有这个承办单位"),
        ({"suggested": "市城管局"}, "这是您自己的单位"),
        ({"basis": "依" * 201}, "最多 200 字"),
    ],
)
def test_a_return_without_grounds_comes_back_with_what_was_typed(
    client_as: ClientAs, work: Work, changes: dict[str, str], said: str
) -> None:
    ticket = a_dispatched_ticket(work)
    work.session.commit()

    answer = post(
        client_as(LEADER), url(ticket, "return"), version=ticket.version, **{**WHY_NOT_MINE, **changes}
    )

    work.session.refresh(ticket)
    assert answer.status_code == 422
    assert said in answer.text
    assert "是车行道" in answer.text
    assert ticket.status is Status.DISPATCHED


def test_a_return_after_its_window_is_refused_before_anyone_types(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(by(work, HANDLER, after=-24 * HOUR))
    handling.accept(by(work, HANDLER, after=-23 * HOUR), ticket)
    work.session.commit()

    answer = client_as(LEADER).get(url(ticket, "return"))
    page = soup(answer)

    assert "签收已超过 4 工作小时" in page.text
    assert not page.select("main form")


def test_an_extension_offers_the_real_new_deadlines(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()
    client = client_as(HANDLER)

    offered = soup(client.get(url(ticket, "extension"))).select('[name="amount"] option')
    post(
        client,
        url(ticket, "extension"),
        version=ticket.version,
        amount="3wd",
        reason="配件未到",
        text="已围挡，等配件",
    )

    assert [one.text for one in offered][1:4:2] == [
        "延长 1 个工作日，到 12-04(周五) 18:00",
        "延长 3 个工作日，到 12-08(周二) 18:00",
    ]
    assert len(offered) == 8
    assert asked_for(work.session, ticket, ApplicationKind.EXTENSION).amount == "3wd"


def test_the_deadline_of_a_granted_extension_is_the_one_that_was_offered(
    client_as: ClientAs, work: Work
) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()
    offered = client_as(HANDLER).get(url(ticket, "extension")).text

    applications.request_extension(by(work, HANDLER), ticket, amount="7wd", reason="配件未到", text="等配件")
    applications.decide_extension(by(work, REVIEWER), ticket, granted=True, text="")
    work.session.commit()

    assert "延长 7 个工作日，到 12-14(周一) 18:00" in offered
    assert "12-14(周一) 18:00" in client_as(HANDLER).get(url(ticket, "contact")).text


@pytest.mark.parametrize("amount", ["8wd", "3h", "soon", ""])
def test_an_extension_beyond_the_cap_is_refused_the_text_kept(
    client_as: ClientAs, work: Work, amount: str
) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()

    answer = post(
        client_as(HANDLER),
        url(ticket, "extension"),
        version=ticket.version,
        amount=amount,
        reason="配件未到",
        text="已围挡，等配件",
    )

    assert answer.status_code == 422
    assert "已围挡，等配件" in answer.text
    assert not events(work, ticket, Action.REQUEST_EXTENSION)


def test_an_extension_cannot_be_asked_for_when_the_time_is_up(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(by(work, HANDLER, after=-timedelta(days=30)))
    handling.accept(by(work, HANDLER, after=-timedelta(days=29)), ticket)
    work.session.commit()

    assert "办结时限已过" in client_as(HANDLER).get(url(ticket, "extension")).text


def test_a_suspension_says_how_long_it_may_last(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()
    client = client_as(HANDLER)

    page = client.get(url(ticket, "suspension")).text
    post(
        client,
        url(ticket, "suspension"),
        version=ticket.version,
        reason="caller_material",
        until="2026-11-27",
        text="等诉求人补照片",
    )

    assert "最晚 12-15(周二)" in page
    assert asked_for(work.session, ticket, ApplicationKind.SUSPENSION).until == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-11-24", "请选今天以后的日期"),
        ("2027-11-24", "挂起累计最多 15 个工作日"),
        ("1900-01-01", "日期须在 2000 年到 2099 年之间"),
        ("下周", "日期写法不对"),
        ("", "请选今天以后的日期"),
    ],
)
def test_a_suspension_until_a_wrong_day_is_refused_the_text_kept(
    client_as: ClientAs, work: Work, until: str, said: str
) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()

    answer = post(
        client_as(HANDLER),
        url(ticket, "suspension"),
        version=ticket.version,
        reason="caller_material",
        until=until,
        text="等诉求人补照片",
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert "等诉求人补照片" in answer.text


def test_an_exclusion_waits_for_the_reviewers(client_as: ClientAs, work: Work) -> None:
    ticket = a_resolved_ticket(work)
    work.session.commit()

    post(
        client_as(LEADER),
        url(ticket, "exclusion"),
        version=ticket.version,
        reason="诉求于法无据",
        basis="考核办法第九条",
        text="已书面告知",
    )

    request = asked_for(work.session, ticket, ApplicationKind.EXCLUSION)
    assert (request.state, request.basis) == (ApplicationState.PENDING, "考核办法第九条")


# ------------------------------------------------------------------ who, and when

FORMS: dict[str, dict[str, str]] = {
    "accept": {},
    "contact": {"reached": "yes", "note": "已约时间"},
    "hand-down": {"to": "市容科"},
    "assist": {"opinion": "同意"},
    "resolve": RESULT,
    "return/draft": WHY_NOT_MINE,
    "extension": {"amount": "1wd", "reason": "配件", "text": "等配件"},
    "suspension": {"reason": "caller_material", "until": "2026-11-27", "text": "等照片"},
    "exclusion": {"reason": "无据", "basis": "办法", "text": "已告知"},
}


@pytest.mark.parametrize("action", FORMS)
def test_another_departments_ticket_is_not_there(client_as: ClientAs, work: Work, action: str) -> None:
    ticket = a_contacted_ticket(work)
    work.session.commit()

    answer = post(client_as(OTHER_HANDLER), url(ticket, action), **FORMS[action])

    assert answer.status_code == 404


@pytest.mark.parametrize("action", FORMS)
def test_the_hotlines_own_people_do_not_act_for_a_department(
    client_as: ClientAs, work: Work, action: str
) -> None:
    ticket = a_contacted_ticket(work)
    work.session.commit()
    seen = len(timeline.events_of(work, ticket))

    answer = post(client_as(REVIEWER), url(ticket, action), **FORMS[action])

    assert answer.status_code == 403
    assert len(timeline.events_of(work, ticket)) == seen


@pytest.mark.parametrize("action", sorted(set(FORMS) - {"accept", "assist", "exclusion"}))
def test_a_form_drawn_before_anothers_change_comes_back_with_what_was_typed(
    client_as: ClientAs, work: Work, action: str
) -> None:
    ticket = a_contacted_ticket(work)
    work.session.commit()
    drawn = ticket.version
    supervision.urge(by(work, SUPERVISOR), ticket, text="又来电")
    work.session.commit()

    answer = post(client_as(HANDLER), url(ticket, action), version=drawn, **FORMS[action])

    assert answer.status_code == 409
    assert f"{SUPERVISOR.name} 今天 10:00 已催办" in answer.text
    assert list(FORMS[action].values())[-1] in answer.text


def test_accepting_what_another_changed_meanwhile_is_a_conflict(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    work.session.commit()
    drawn = ticket.version
    supervision.urge(by(work, SUPERVISOR), ticket, text="又来电")
    work.session.commit()

    assert post(client_as(HANDLER), url(ticket, "accept"), version=drawn).status_code == 409


@pytest.mark.parametrize("action", ["contact", "resolve", "extension", "suspension", "hand-down"])
def test_a_form_that_would_come_too_early_is_not_drawn(client_as: ClientAs, work: Work, action: str) -> None:
    ticket = a_dispatched_ticket(work)
    work.session.commit()

    answer = client_as(HANDLER).get(url(ticket, action))

    assert answer.status_code == 409
    assert "待签收" in answer.text


@pytest.mark.parametrize("action", ["resolve", "contact", "return/draft"])
def test_only_the_lead_department_acts(client_as: ClientAs, work: Work, action: str) -> None:
    ticket = assisted_ticket(work)
    handling.accept(by(work, OTHER_HANDLER), ticket)
    work.session.commit()
    client = client_as(HANDLER)

    drawn = client.get(url(ticket, action))
    sent = post(client, url(ticket, action), version=ticket.version, **FORMS[action])

    assert (drawn.status_code, sent.status_code) == (403, 403)
    assert "只有主办单位能办这一步" in sent.text


def test_a_result_sent_back_can_be_filed_again(client_as: ClientAs, work: Work) -> None:
    ticket = a_resolved_ticket(work)
    review.send_back_result(by(work, REVIEWER), ticket, fault="unclear", text="写明哪天修的")
    work.session.commit()

    post(client_as(HANDLER), url(ticket, "resolve"), version=ticket.version, **RESULT)

    work.session.refresh(ticket)
    assert ticket.status is Status.RESOLVED


@pytest.mark.parametrize("text", ["修", "修" * 5001, "修好了🔦\x07\u202e", "維修完畢"])
def test_any_text_is_taken_or_comes_back_whole(client_as: ClientAs, work: Work, text: str) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()

    answer = post(
        client_as(HANDLER), url(ticket, "contact"), version=ticket.version, reached="yes", note=text
    )

    assert answer.status_code == (422 if len(text) > 5000 else 303)
    kept = json.dumps(events(work, ticket, Action.CONTACT), ensure_ascii=False) + answer.text
    assert text[:3] in kept
