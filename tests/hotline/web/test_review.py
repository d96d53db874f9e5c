"""What the review desk decides: results, and what departments ask for; never about its own side."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from hotline import clock
from hotline.lifecycle import Action, Status
from hotline.models.application import Application, ApplicationKind, ApplicationState
from hotline.models.deadline import Deadline
from hotline.models.ticket import Closing, Ticket, Urgency
from hotline.models.user import User
from hotline.tickets import applications, review, supervision, timeline
from hotline.tickets import suspension as pausing
from hotline.tickets.paging import PAGE
from hotline.work import Actor, Work
from sla.policy import Stage
from tests.builders import (
    AGENT,
    FOLLOWER,
    HANDLER,
    HOUR,
    LEAD,
    REVIEWER,
    SECOND_REVIEWER,
    a_contacted_ticket,
    a_resolved_ticket,
    a_ticket_to_follow_up,
    an_accepted_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.web.browsing import post, soup

ClientAs = Callable[[Actor], FlaskClient]
UNTIL = date(2026, 12, 1)


def fresh(work: Work, ticket: Ticket) -> Ticket:
    """The ticket as the page left it."""
    work.session.expire_all()
    return work.session.get_one(Ticket, ticket.id)


def application_on(work: Work, ticket: Ticket) -> Application:
    work.session.expire_all()
    return work.session.scalars(select(Application).filter_by(ticket_id=ticket.id)).one()


def resolve_clock(work: Work, ticket: Ticket) -> Deadline:
    work.session.expire_all()
    return work.session.scalars(select(Deadline).filter_by(ticket_id=ticket.id, stage=Stage.RESOLVE)).one()


def details(work: Work, ticket: Ticket, action: Action) -> list[dict[str, object]]:
    """What each entry says, but for how the clocks stood."""
    said = [dict(event.details) for event in timeline.acted(work, ticket, action)]
    for one in said:
        one.pop("clocks", None)
    return said


def an_extension_asked(work: Work, amount: str = "3wd") -> Ticket:
    ticket = a_contacted_ticket(work)
    applications.request_extension(
        by(work, HANDLER), ticket, amount=amount, reason="须搭架检测", text="检测单位后天进场"
    )
    return ticket


def a_suspension_asked(work: Work) -> Ticket:
    ticket = a_contacted_ticket(work)
    pausing.request_suspension(
        by(work, HANDLER), ticket, reason="caller_material", text="等房产证复印件", until=UNTIL
    )
    return ticket


def a_suspended_ticket(work: Work) -> Ticket:
    ticket = a_suspension_asked(work)
    pausing.decide_suspension(by(work, REVIEWER), ticket, granted=True, text="")
    return ticket


def an_exclusion_asked(work: Work) -> Ticket:
    ticket = a_ticket_to_follow_up(work)
    applications.request_exclusion(
        by(work, HANDLER), ticket, reason="要求突破政策", basis="社会保险法第十六条", text="已书面答复"
    )
    return ticket


PAGES = ("result", "extension", "suspension", "exclusion", "resume")
POSTS = {
    "accept": (a_resolved_ticket, {}),
    "send-back": (a_resolved_ticket, {"fault": "unclear", "text": "写清楚换了几盏灯"}),
    "extension": (an_extension_asked, {"decision": "grant"}),
    "suspension": (a_suspension_asked, {"decision": "grant"}),
    "exclusion": (an_exclusion_asked, {"decision": "grant"}),
    "resume": (a_suspended_ticket, {}),
}


# The list


def test_the_desk_opens_the_result_with_the_least_time_left(client_as: ClientAs, work: Work) -> None:
    a_resolved_ticket(by(work, AGENT))
    sooner = a_resolved_ticket(by(work, AGENT, after=-HOUR * 30))
    work.session.commit()

    answer = client_as(REVIEWER).get("/review/")

    assert answer.status_code == 303
    assert answer.location == f"/review/{sooner.number}/result"


def test_each_tab_counts_what_waits_under_it(client_as: ClientAs, work: Work) -> None:
    shown = a_resolved_ticket(work)
    for make in (a_resolved_ticket, an_extension_asked, a_suspension_asked, a_suspended_ticket):
        make(work)
    an_exclusion_asked(work)
    work.session.commit()

    page = soup(client_as(REVIEWER).get(f"/review/{shown.number}/result"))

    tabs = [" ".join(tab.text.split()) for tab in page.select(".kinds a")]
    assert tabs == ["待审核结果2", "延期1", "挂起1", "剔除1", "挂起中1"]


@pytest.mark.parametrize("tab", ["results", "extension", "suspension", "exclusion", "held", "unknown"])
def test_an_empty_tab_says_so(client_as: ClientAs, tab: str) -> None:
    answer = client_as(REVIEWER).get(f"/review/?tab={tab}")

    assert answer.status_code == 200
    assert soup(answer).select_one(".blank h3").text.startswith("没有")  # type: ignore[union-attr]


# Results


def test_a_result_is_shown_beside_the_callers_words_and_the_proof(client_as: ClientAs, work: Work) -> None:
    ticket = a_resolved_ticket(work)
    review.send_back_result(by(work, REVIEWER), ticket, fault="unclear", text="请写明更换数量")
    work.session.commit()

    page = client_as(REVIEWER).get(f"/review/{ticket.number}/result").text

    for words in (ticket.content, "现场更换了两盏灯", "您反映的两盏路灯已修好", "没有附", "已电话说明今晚"):
        assert words in page
    assert "请写明更换数量" in page


def test_an_accepted_result_goes_to_follow_up_and_the_next_one_opens(client_as: ClientAs, work: Work) -> None:
    ticket, following = a_resolved_ticket(work), a_resolved_ticket(work)
    work.session.commit()
    client = client_as(REVIEWER)
    version = ticket.version

    answer = post(
        client, f"/review/{ticket.number}/accept", version=version, next=following.number, note="清楚"
    )

    assert answer.location == f"/review/{following.number}/result"
    assert fresh(work, ticket).status is Status.AWAITING_FOLLOW_UP
    assert details(work, ticket, Action.ACCEPT_RESULT) == [{"note": "清楚"}]
    assert "已转回访台" in client.get(answer.location).text


def test_with_nobody_to_call_an_accepted_result_closes_the_ticket(client_as: ClientAs, work: Work) -> None:
    ticket = a_resolved_ticket(work, anonymous=True)
    work.session.commit()
    client = client_as(REVIEWER)

    before = client.get(f"/review/{ticket.number}/result").text
    answer = post(client, f"/review/{ticket.number}/accept", version=ticket.version)

    assert "通过后直接结案" in before
    assert answer.location == "/review/?tab=results"
    assert fresh(work, ticket).closing is Closing.UNREACHED


def test_a_result_sent_back_lets_the_resolve_clock_run_on(client_as: ClientAs, work: Work) -> None:
    ticket = a_resolved_ticket(work)
    work.session.commit()

    post(
        client_as(REVIEWER),
        f"/review/{ticket.number}/send-back",
        version=ticket.version,
        fault="no_evidence",
        text="请补现场照片",
    )

    assert fresh(work, ticket).status is Status.ACCEPTED
    assert resolve_clock(work, ticket).settled_at is None
    assert details(work, ticket, Action.SEND_BACK_RESULT) == [
        {"fault": "no_evidence", "text": "请补现场照片"}
    ]


def test_what_is_missing_must_be_said_and_what_was_typed_stays(client_as: ClientAs, work: Work) -> None:
    ticket = a_resolved_ticket(work)
    work.session.commit()
    client = client_as(REVIEWER)

    unsaid = post(client, f"/review/{ticket.number}/send-back", fault="unclear", text="")
    unchosen = post(client, f"/review/{ticket.number}/send-back", text="请补现场照片")

    assert (unsaid.status_code, unchosen.status_code) == (422, 422)
    assert soup(unsaid).select_one('input[value="unclear"][checked]')
    assert "请写明缺什么" in soup(unsaid).select_one("#e-text").text  # type: ignore[union-attr]
    assert soup(unchosen).select_one("#f-text").text.strip() == "请补现场照片"  # type: ignore[union-attr]
    assert fresh(work, ticket).status is Status.RESOLVED


# Extensions


def test_an_extension_shows_the_deadline_it_would_give_and_gives_it(client_as: ClientAs, work: Work) -> None:
    ticket = an_extension_asked(work)
    work.session.commit()
    client = client_as(REVIEWER)

    page = soup(client.get(f"/review/{ticket.number}/extension"))
    answer = post(
        client, f"/review/{ticket.number}/extension", version=ticket.version, decision="grant", text="同意"
    )

    # 7 working days from Tuesday 24 November end on Thursday 3 December, 3 more on Tuesday the 8th.
    assert "12-08(周二) 18:00" in page.select_one(".then").text  # type: ignore[union-attr]
    assert answer.status_code == 303
    assert resolve_clock(work, ticket).extension == "3wd"
    assert f"{resolve_clock(work, ticket).due_at:%m-%d %H:%M}" == "12-08 10:00"
    assert application_on(work, ticket).decision == "同意"


def test_a_refusal_needs_a_reason_and_leaves_the_clock_alone(client_as: ClientAs, work: Work) -> None:
    ticket = an_extension_asked(work)
    work.session.commit()
    client = client_as(REVIEWER)
    url = f"/review/{ticket.number}/extension"

    silent = post(client, url, version=ticket.version, decision="refuse")
    refused = post(client, url, version=ticket.version, decision="refuse", text="人手够，请按期办结")

    assert silent.status_code == 422
    assert "请写明理由" in silent.text
    assert refused.status_code == 303
    assert application_on(work, ticket).state is ApplicationState.REFUSED
    assert resolve_clock(work, ticket).extension is None


def test_what_another_reviewer_decided_meanwhile_is_told_with_his_step(
    client_as: ClientAs, work: Work
) -> None:
    ticket = an_extension_asked(work)
    version = ticket.version
    applications.decide_extension(by(work, SECOND_REVIEWER), ticket, granted=True, text="")
    work.session.commit()

    answer = post(
        client_as(REVIEWER),
        f"/review/{ticket.number}/extension",
        version=version,
        decision="refuse",
        text="人手够",
    )

    assert answer.status_code == 409
    assert "second-reviewer 今天 10:00 已同意延期" in answer.text
    assert "可能已由同事审过" in answer.text
    assert application_on(work, ticket).state is ApplicationState.GRANTED


# Suspensions


def test_a_suspension_shows_when_the_clock_would_end_and_pauses_it(client_as: ClientAs, work: Work) -> None:
    ticket = a_suspension_asked(work)
    work.session.commit()
    client = client_as(REVIEWER)

    page = soup(client.get(f"/review/{ticket.number}/suspension"))
    post(client, f"/review/{ticket.number}/suspension", version=ticket.version, decision="grant")

    # What stands still, 6 hours of today and 4 whole days, is given back after Thursday 3 December.
    assert "12-10(周四) 17:00" in page.select_one(".then").text  # type: ignore[union-attr]
    assert "等待诉求人补充材料" in page.text
    suspended = fresh(work, ticket)
    assert (suspended.status, suspended.resume_on) == (Status.SUSPENDED, UNTIL)
    assert resolve_clock(work, ticket).due_at is None


def test_a_suspended_ticket_is_resumed_before_its_day(client_as: ClientAs, work: Work) -> None:
    ticket = a_suspended_ticket(work)
    work.session.commit()

    post(client_as(REVIEWER), f"/review/{ticket.number}/resume", version=ticket.version, note="材料已到")

    resumed = fresh(work, ticket)
    assert (resumed.status, resumed.resume_on) == (Status.ACCEPTED, None)
    assert resolve_clock(work, ticket).due_at is not None
    assert details(work, ticket, Action.RESUME) == [{"note": "材料已到"}]


# Exclusions


def test_it_takes_two_reviewers_to_exclude_a_ticket(client_as: ClientAs, work: Work) -> None:
    ticket = an_exclusion_asked(work)
    work.session.commit()
    first, second = client_as(REVIEWER), client_as(SECOND_REVIEWER)
    url = f"/review/{ticket.number}/exclusion"

    post(first, url, decision="grant")
    between = applications.is_excluded(work, fresh(work, ticket))
    own_page, other_page = soup(first.get(url)), soup(second.get(url))
    again = post(first, url, decision="grant")
    post(second, url, decision="grant")

    assert not between
    assert not own_page.select('button[value="grant"]')
    assert "须由另一位审核员复核" in own_page.text
    assert "reviewer 已同意" in other_page.text
    assert again.status_code == 422
    assert applications.is_excluded(work, fresh(work, ticket))
    assert application_on(work, ticket).state is ApplicationState.GRANTED


# Who may, and what is kept


def test_requests_beyond_the_first_page_are_listed(client_as: ClientAs, work: Work) -> None:
    asked = [an_extension_asked(work) for _ in range(PAGE + 1)]
    work.session.commit()
    client = client_as(REVIEWER)

    first = soup(client.get("/review/?tab=extension", follow_redirects=True))
    following = str(first.select_one('[data-key="]"]')["href"])
    second = soup(client.get(following, follow_redirects=True))

    shown = [line["href"].split("/")[2] for page in (first, second) for line in page.select(".list .line")]
    assert shown == [ticket.number for ticket in asked]
    assert second.select_one('[data-key="]"]') is None


def test_a_page_names_what_no_longer_waits(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()
    client = client_as(REVIEWER)

    answers = [client.get(f"/review/{ticket.number}/{page}") for page in PAGES]

    assert {answer.status_code for answer in answers} == {200}
    assert not any(soup(answer).select(".case form button.btn-primary") for answer in answers)
    assert all(soup(answer).select(".go--none") for answer in answers)


def test_an_unknown_ticket_is_not_there(client_as: ClientAs) -> None:
    client = client_as(REVIEWER)

    assert {client.get(f"/review/20261124000099/{page}").status_code for page in PAGES} == {404}


@pytest.mark.parametrize("actor", [HANDLER, FOLLOWER, AGENT], ids=lambda one: one.name)
def test_only_reviewers_decide(client_as: ClientAs, work: Work, actor: Actor) -> None:
    asked = {action: (make(work), fields) for action, (make, fields) in POSTS.items()}
    work.session.commit()
    before = {action: ticket.status for action, (ticket, _) in asked.items()}
    client = client_as(actor)

    answers = [
        post(client, f"/review/{ticket.number}/{action}", **fields)
        for action, (ticket, fields) in asked.items()
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert {action: fresh(work, ticket).status for action, (ticket, _) in asked.items()} == before


@pytest.mark.parametrize("action", POSTS)
def test_a_form_drawn_before_someone_elses_change_is_refused(
    client_as: ClientAs, work: Work, action: str
) -> None:
    make, fields = POSTS[action]
    ticket = make(work)
    work.session.commit()
    version, status = ticket.version, ticket.status
    supervision.note(by(work, AGENT), ticket, text="诉求人又来电")
    work.session.commit()

    answer = post(client_as(REVIEWER), f"/review/{ticket.number}/{action}", version=version, **fields)

    assert answer.status_code == 409
    assert "agent 今天 10:00 已备注" in answer.text
    assert fresh(work, ticket).status is status


@pytest.mark.parametrize("action", ["accept", "send-back", "extension", "suspension", "exclusion"])
def test_nobody_decides_about_his_own_department(client_as: ClientAs, work: Work, action: str) -> None:
    make, fields = POSTS[action]
    ticket = make(work)
    work.session.execute(update(User).where(User.login == "reviewer").values(department_code=LEAD))
    work.session.commit()
    client = client_as(REVIEWER)
    page = {"accept": "result", "send-back": "result"}.get(action, action)

    shown = soup(client.get(f"/review/{ticket.number}/{page}"))
    answer = post(client, f"/review/{ticket.number}/{action}", **fields)

    assert "须由另一方决定" in shown.select_one(".go--none").text  # type: ignore[union-attr]
    assert answer.status_code == 403
    assert "须由另一方决定" in answer.text


def test_the_note_of_a_stale_form_is_still_there(client_as: ClientAs, work: Work) -> None:
    ticket = an_extension_asked(work)
    work.session.commit()
    version = ticket.version
    supervision.note(by(work, AGENT), ticket, text="诉求人又来电")
    work.session.commit()
    client = client_as(REVIEWER)

    stale = post(
        client, f"/review/{ticket.number}/extension", version=version, decision="refuse", text="人手够"
    )
    form = soup(stale).select_one("form.go--one")
    assert form is not None
    again = post(
        client,
        f"/review/{ticket.number}/extension",
        version=form.select_one('[name="version"]')["value"],  # type: ignore[index]
        decision="refuse",
        text=form.select_one("textarea").text.strip(),  # type: ignore[union-attr]
    )

    assert again.status_code == 303
    assert application_on(work, ticket).decision == "人手够"


def test_an_extension_waits_while_the_ticket_is_suspended(
    client_as: ClientAs, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = an_extension_asked(work)
    pausing.request_suspension(
        by(work, HANDLER), ticket, reason="legal_process", text="进入鉴定", until=UNTIL
    )
    pausing.decide_suspension(by(work, REVIEWER), ticket, granted=True, text="")
    work.session.commit()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))

    page = soup(client_as(REVIEWER).get(f"/review/{ticket.number}/extension"))

    assert "要等它回到办理中" in page.text
    assert application_on_kind(work, ticket, ApplicationKind.EXTENSION).state is ApplicationState.PENDING


def application_on_kind(work: Work, ticket: Ticket, kind: ApplicationKind) -> Application:
    return work.session.scalars(select(Application).filter_by(ticket_id=ticket.id, kind=kind)).one()


def test_what_is_sampled_says_so_before_the_result_is_accepted(client_as: ClientAs, work: Work) -> None:
    ticket = a_resolved_ticket(work, kind="enquiry", urgency=Urgency.NORMAL)
    work.session.commit()

    page = client_as(REVIEWER).get(f"/review/{ticket.number}/result").text

    assert "按 20% 抽取回访" in page


def test_the_actions_of_this_desk_have_their_pages(client_as: ClientAs, work: Work) -> None:
    ticket = an_extension_asked(work)
    work.session.commit()

    rail = soup(client_as(REVIEWER).get(f"/tickets/{ticket.number}")).select(".steps-next a")

    assert f"/review/{ticket.number}/extension" in [link["href"] for link in rail]
