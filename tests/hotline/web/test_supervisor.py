"""What the supervisor sees adds up to lists, and what he orders and rules happens."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from bs4 import Tag
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline import runtime
from hotline.lifecycle import Action, Status
from hotline.models.application import Application, ApplicationState
from hotline.models.assignment import Assignment, Part
from hotline.models.follow_up import Contacted, Solved
from hotline.models.ticket import Closing, Ticket
from hotline.tickets import (
    dispatching,
    disputes,
    followup,
    handling,
    returns,
    review,
    supervision,
    timeline,
)
from hotline.tickets.catalogues import versions as catalogues
from hotline.tickets.followup import Answers
from hotline.tickets.returnable import ReturnRequest
from hotline.work import Actor, Work
from tests.builders import (
    A_RESULT,
    ADMIN,
    AGENT,
    DAY,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    LEAD,
    LEADER,
    OTHER,
    OTHER_LEADER,
    REVIEWER,
    SECOND_REVIEWER,
    SUPERVISOR,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    a_ticket_to_follow_up,
    an_accepted_ticket,
    by,
    fresh_key,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import live
from tests.hotline.web.browsing import post, soup
from tests.support.taught import taught_by

ClientAs = Callable[[Actor], FlaskClient]
BOARD = "/supervisor/"
NOT_MINE = ReturnRequest("not_our_duty", "权责清单 CG-0142", "是车行道", OTHER, "现场照片 2 张")


def ago(work: Work, days: float) -> Work:
    return replace(work, now=NOW - timedelta(days=days))


def answered(work: Work, satisfied: int, ticket: Ticket | None = None, **changes: object) -> Ticket:
    """A ticket whose caller gave an answer; bad ones are left to be judged."""
    ticket = ticket or a_ticket_to_follow_up(work, **changes)
    good = satisfied >= 3
    followup.record_follow_up(
        by(work, FOLLOWER),
        ticket,
        Answers(
            fresh_key(),
            True,
            Contacted.YES if good else Contacted.NO,
            Solved.YES if good else Solved.NO,
            satisfied,
            None if good else "perfunctory",
            "" if good else "修了又坏",
        ),
    )
    return ticket


def a_late_ticket(work: Work) -> Ticket:
    return an_accepted_ticket(ago(work, 20))


def a_return(work: Work) -> Ticket:
    """A ticket that its department wants to give back."""
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_MINE)
    return ticket


def a_dispute(work: Work) -> Ticket:
    ticket = a_return(work)
    disputes.open_dispute(by(work, SUPERVISOR), ticket, text="请双方说明")
    return ticket


def a_minuted_dispute(work: Work) -> Ticket:
    ticket = a_dispute(work)
    disputes.write_minutes(by(work, SUPERVISOR), ticket, text="由城管局主办，交通局配合")
    return ticket


def a_ticket_after_the_last_round(work: Work) -> Ticket:
    """Handled twice, and the caller still not content."""
    ticket = answered(work, 1)
    followup.conclude_standing(
        by(work, FOLLOWER), ticket, step=followup.SEND_BACK, reason="perfunctory", text=""
    )
    handling.accept(by(work, HANDLER), ticket)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已上门")
    handling.resolve(by(work, HANDLER), ticket, A_RESULT)
    review.accept_result(by(work, REVIEWER), ticket)
    return answered(work, 1, ticket)


def a_busy_city(work: Work) -> None:
    """Tickets in most statuses, early and late, of two departments."""
    a_logged_ticket(work)
    a_logged_ticket(ago(work, 3))
    a_dispatched_ticket(work)
    a_dispatched_ticket(work, lead=OTHER)
    a_late_ticket(work)
    an_accepted_ticket(ago(work, 1))
    a_return(work)
    a_dispute(work)
    a_resolved_ticket(ago(work, 2))
    answered(ago(work, 1), 5)
    answered(ago(work, 1), 5)
    answered(work, 1)
    work.session.commit()


def rows_at(client: FlaskClient, address: str) -> int:
    """Count the rows of a list, all of its pages."""
    page = soup(client.get(address))
    following = page.select_one("a[rel=next]")
    return len(page.select("tr[data-line]")) + (rows_at(client, str(following["href"])) if following else 0)


def now(work: Work, ticket: Ticket) -> Ticket:
    """Read a ticket again: the pages changed it in a session of their own."""
    work.session.refresh(ticket)
    return ticket


def number_in(words: str) -> int:
    found = re.search(r"-?[\d,]+", words)
    assert found, words
    return int(found[0].replace(",", ""))


def address_of(ticket: Ticket, page: str) -> str:
    return f"/supervisor/tickets/{ticket.number}/{page}"


# ---------------------------------------------------------------- the board


def test_each_of_the_four_counts_is_the_length_of_the_list_it_opens(client_as: ClientAs, work: Work) -> None:
    a_busy_city(work)
    client = client_as(SUPERVISOR)

    figures = soup(client.get(BOARD)).select(".figure")[:4]

    counted = [number_in(one.select_one(".v").text) for one in figures]
    assert counted == [rows_at(client, str(one.select_one("a.opens")["href"])) for one in figures]
    assert all(counted)


def test_each_note_beneath_a_count_opens_as_many_rows_as_it_says(client_as: ClientAs, work: Work) -> None:
    a_busy_city(work)
    client = client_as(SUPERVISOR)
    notes = soup(client.get(BOARD)).select(".figure .d a")

    counted = {one.text: rows_at(client, str(one["href"])) for one in notes}

    assert [words[:4] for words in counted] == ["今天办完", "其中今天", "今天超时"]
    assert counted == {words: number_in(words) for words in counted}


def test_each_rate_opens_exactly_the_rows_of_its_sample(client_as: ClientAs, work: Work) -> None:
    a_busy_city(work)
    client = client_as(SUPERVISOR)

    accuracy, satisfaction = soup(client.get(BOARD)).select(".figure")[4:]

    assert "n=2 " not in accuracy.text
    for one in (accuracy, satisfaction):
        sample = number_in(one.select_one(".d").text.split("n=")[1])
        assert sample == rows_at(client, str(one.select_one("a.opens")["href"]))
    assert satisfaction.select_one(".v").text.strip().startswith("66.7")


def test_each_cell_of_the_table_is_the_length_of_its_list(client_as: ClientAs, work: Work) -> None:
    a_busy_city(work)
    client = client_as(SUPERVISOR)

    cells = soup(client.get(BOARD)).select(".heat tbody td > a")

    counted = [(str(one["href"]), _cell_number(one)) for one in cells]
    assert len(counted) == 6
    assert counted == [(href, rows_at(client, href)) for href, _ in counted]


def _cell_number(cell: Tag) -> int:
    sample = re.search(r"n=(\d+)", cell.text)
    return int(sample[1]) if sample else number_in(cell.text)


def test_what_is_late_stands_out_and_comes_first(client_as: ClientAs, work: Work) -> None:
    a_dispatched_ticket(work, lead=OTHER)
    a_late_ticket(work)
    work.session.commit()

    rows = soup(client_as(SUPERVISOR).get(BOARD)).select(".heat tbody tr:not(.tier)")

    assert [row.th.text.strip() for row in rows] == ["市城管局", "市交通局"]
    assert "超 1" in rows[0].select_one("td.late").text
    assert not rows[1].select("td.late")


def test_every_number_of_the_trend_opens_its_list(client_as: ClientAs, work: Work) -> None:
    a_busy_city(work)
    client = client_as(SUPERVISOR)

    links = soup(client.get(BOARD)).select("#trend td a")
    counted = [(str(one["href"]), number_in(one.text)) for one in links]

    assert len(counted) == 14 * 3
    assert sum(number for _, number in counted) > 10
    shown = [(href, number) for href, number in counted if number]
    assert shown == [(href, rows_at(client, href)) for href, _ in shown]


def test_the_board_asked_again_answers_only_when_something_happened(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    work.session.commit()
    client = client_as(SUPERVISOR)
    first = client.get("/supervisor/live")

    quiet = client.get("/supervisor/live", headers={"If-None-Match": first.headers["ETag"]})
    handling.accept(by(work, HANDLER), ticket)
    work.session.commit()
    moved = client.get("/supervisor/live", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, quiet.status_code, moved.status_code) == (200, 304, 200)
    assert quiet.headers["X-As-Of"] == "10:00:00"
    assert quiet.text == ""


def test_what_only_the_supervisor_decides_waits_on_the_board(client_as: ClientAs, work: Work) -> None:
    a_return(work)
    a_dispute(work)
    a_ticket_after_the_last_round(work)
    work.session.commit()

    waiting = soup(client_as(SUPERVISOR).get(BOARD)).select_one("aside .todo").select("li")

    assert [one.b.text for one in waiting] == ["等裁定 · 第 1 次退单", "末轮仍不满意"]


def test_the_third_return_waits_for_the_arbiter(client_as: ClientAs, work: Work) -> None:
    ticket = a_return(work)
    returns.decide_return(by(work, DISPATCHER), ticket, granted=True, text="")
    for department, handler in ((OTHER, OTHER_LEADER), ("D-SW", Actor("x", LEADER.roles, None, "D-SW"))):
        dispatching.dispatch(by(work, DISPATCHER), ticket, dispatching.Choice(department))
        wish = replace(NOT_MINE, suggested="D-GA")
        returns.request_return(by(work, handler), ticket, wish)
        if department == OTHER:
            returns.decide_return(by(work, DISPATCHER), ticket, granted=True, text="")
    work.session.commit()

    waiting = soup(client_as(SUPERVISOR).get(BOARD)).select_one("aside .todo li")

    assert waiting.b.text == "等裁定 · 第 3 次退单"
    assert "市城管局、市交通局" in waiting.text


def test_a_late_ticket_can_be_urged_from_the_board(client_as: ClientAs, work: Work) -> None:
    ticket = a_late_ticket(work)
    work.session.commit()
    client = client_as(SUPERVISOR)
    form = soup(client.get(BOARD)).select_one(".todo form[action*=urge]")

    answer = post(client, str(form["action"]))

    assert (answer.status_code, answer.location) == (303, BOARD)
    assert now(work, ticket).urged == 1
    assert [event.actor_name for event in timeline.acted(work, ticket, Action.URGE)] == ["supervisor"]


@pytest.mark.parametrize(
    ("build", "holder"),
    [
        (a_logged_ticket, "派单员"),
        (an_accepted_ticket, "市城管局"),
        (a_resolved_ticket, "审核员"),
        (a_ticket_to_follow_up, "回访员"),
    ],
)
def test_what_is_late_names_who_has_it_in_hand_and_an_urging_goes_there(
    client_as: ClientAs, work: Work, build: Callable[[Work], Ticket], holder: str
) -> None:
    build(ago(work, 20))
    work.session.commit()
    client = client_as(SUPERVISOR)
    late = soup(client.get(BOARD)).select_one(".todo li:has(form[action*=urge])")

    answer = post(client, str(late.form["action"]))

    assert holder in late.text
    assert f"{holder}会收到提醒" in client.get(answer.location).text


def test_the_calendar_is_warned_of_sixty_days_before_it_ends(client_as: ClientAs) -> None:
    board = soup(client_as(SUPERVISOR).get(BOARD))

    assert "只公布到 12-31(周四)，还有 37 天" in board.text


def test_the_wall_names_no_person_no_number_and_no_address(client_as: ClientAs, work: Work) -> None:
    ticket = a_late_ticket(work)
    supervision.supervise(by(work, SUPERVISOR), ticket, text="今天下班前办结并回话")
    work.session.commit()

    wall = soup(client_as(SUPERVISOR).get("/supervisor/wallboard"))

    shown = wall.select_one("#live").text
    assert "督办" in shown
    assert "市城管局" in shown
    private = (ticket.number, ticket.title, "王", "138", "望潮街道", "回话")
    assert not [words for words in private if words in shown]


# ---------------------------------------------------------------- orders


def test_the_form_of_an_order_says_who_will_hear_of_it(client_as: ClientAs, work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    work.session.commit()

    form = client_as(SUPERVISOR).get(f"/supervisor/tickets/{ticket.number}/supervise")

    assert "市城管局、回访员收到督办提醒" in form.text


def test_to_supervise_raises_the_level_and_leads_back_to_the_board(client_as: ClientAs, work: Work) -> None:
    ticket = a_late_ticket(work)
    work.session.commit()
    client = client_as(SUPERVISOR)

    answer = post(client, address_of(ticket, "supervise"), text="今天下班前办结", back=BOARD)

    assert (answer.status_code, answer.location) == (303, BOARD)
    assert now(work, ticket).supervised == 1
    assert timeline.acted(work, ticket, Action.SUPERVISE)[0].details["text"] == "今天下班前办结"
    assert ticket.title not in soup(client.get(BOARD)).select("aside section")[1].text


def test_no_form_leads_back_to_another_site(client_as: ClientAs, work: Work) -> None:
    ticket = a_late_ticket(work)
    work.session.commit()

    answer = post(
        client_as(SUPERVISOR), address_of(ticket, "supervise"), text="请办", back="https://example.org/"
    )

    assert answer.location == f"/tickets/{ticket.number}"


def test_to_defer_stops_the_clock_until_the_review_and_to_write_off_goes_on(
    client_as: ClientAs, work: Work
) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()
    client = client_as(SUPERVISOR)

    post(client, address_of(ticket, "defer"), review_on="2027-02-01", text="管网改造列入明年计划")
    now(work, ticket)
    held = (ticket.status, ticket.resume_on, ticket.next_due_at)
    answer = post(client, address_of(ticket, "write-off"), note="计划提前")

    assert held == (Status.DEFERRED, date(2027, 2, 1), None)
    assert answer.status_code == 303
    now(work, ticket)
    assert (ticket.status, ticket.resume_on) == (Status.ACCEPTED, None)
    assert ticket.next_due_at is not None


@pytest.mark.parametrize("day", ["2026-11-24", "2028-01-01", "1900-01-01", "下周"])
def test_a_review_that_cannot_be_is_refused_with_the_words_kept(
    client_as: ClientAs, work: Work, day: str
) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()

    answer = post(client_as(SUPERVISOR), address_of(ticket, "defer"), review_on=day, text="列入明年计划")

    assert answer.status_code == 422
    assert soup(answer).select_one("#e-review_on")
    assert "列入明年计划" in soup(answer).select_one("#f-text").text
    assert now(work, ticket).status is Status.ACCEPTED


def test_to_reopen_begins_another_round_with_the_department(client_as: ClientAs, work: Work) -> None:
    ticket = answered(work, 5)
    work.session.commit()

    answer = post(client_as(SUPERVISOR), address_of(ticket, "reopen"), text="新证据：又坏了")

    assert answer.status_code == 303
    now(work, ticket)
    assert (ticket.status, ticket.round) == (Status.DISPATCHED, 2)
    assert timeline.acted(work, ticket, Action.REOPEN)[0].details["text"] == "新证据：又坏了"


# ---------------------------------------------------------------- whose is it


def test_a_dispute_shows_who_said_what_beside_the_catalogue(client_as: ClientAs, work: Work) -> None:
    ticket = a_return(work)
    work.session.commit()

    page = soup(client_as(SUPERVISOR).get(address_of(ticket, "dispute")))

    said, book = page.select(".side")
    assert "市城管局" in said.text
    assert "权责清单 CG-0142" in said.text
    assert "应由市交通局办" in said.text
    assert "派单目录" in book.text
    assert "0204" in book.text


def test_a_dispute_is_opened_a_department_works_on_and_the_ruling_is_final(
    client_as: ClientAs, work: Work
) -> None:
    ticket = a_return(work)
    work.session.commit()
    client = client_as(SUPERVISOR)

    post(client, address_of(ticket, "dispute"), text="请双方说明")
    disputed = now(work, ticket).status
    post(client, address_of(ticket, "provisional"), other="市交通局", text="先围挡")
    too_early = post(client, address_of(ticket, "designate"), department=OTHER, text="车行道")
    post(client, address_of(ticket, "minutes"), text="到会单位同意")
    answer = post(
        client, address_of(ticket, "designate"), department=OTHER, text="车行道，依《城市道路条例》"
    )

    assert disputed is Status.DISPUTED
    assert "还没有会商纪要" in soup(too_early).select_one("#e-text").text
    assert answer.status_code == 303
    now(work, ticket)
    assert (ticket.status, ticket.lead_code, ticket.designated) == (Status.ACCEPTED, OTHER, True)
    assert work.session.scalars(select(Application.state)).all() == [ApplicationState.LAPSED]
    parts = select(Assignment).where(Assignment.part == Part.LEAD, Assignment.ended_at.is_(None))
    assert work.session.scalars(parts).one().department_code == OTHER


def test_a_ruling_for_another_than_the_provisional_department_is_to_be_accepted(
    client_as: ClientAs, work: Work
) -> None:
    ticket = a_dispute(work)
    work.session.commit()
    client = client_as(SUPERVISOR)

    post(client, address_of(ticket, "provisional"), department=OTHER)
    post(client, address_of(ticket, "minutes"), text="到会单位同意")
    post(client, address_of(ticket, "designate"), department=LEAD, text="路灯属城管")

    now(work, ticket)
    assert (ticket.status, ticket.lead_code) == (Status.DISPATCHED, LEAD)


def test_a_typed_department_goes_before_the_chosen_one(client_as: ClientAs, work: Work) -> None:
    ticket = a_minuted_dispute(work)
    work.session.commit()

    post(
        client_as(SUPERVISOR),
        address_of(ticket, "designate"),
        department=LEAD,
        other="市住建局",
        text="河道内",
    )

    assert work.city.departments[now(work, ticket).lead_code or ""].short == "市住建局"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": "依据"}, "department"),
        ({"other": "没有这个局", "text": "依据"}, "other"),
        ({"department": "D-NONE", "text": "依据"}, "department"),
        ({"department": OTHER, "text": "   "}, "text"),
        ({"department": OTHER, "text": "长" * 5001}, "text"),
    ],
)
def test_a_ruling_that_lacks_something_says_what_and_keeps_the_rest(
    client_as: ClientAs, work: Work, fields: dict[str, str], field: str
) -> None:
    ticket = a_dispute(work)
    work.session.commit()

    answer = post(client_as(SUPERVISOR), address_of(ticket, "designate"), **fields)

    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one(f"#e-{field}")
    assert page.select_one("#f-other")["value"] == fields.get("other", "")
    assert page.select_one("#f-text").text.strip() == fields["text"].strip()
    assert now(work, ticket).status is Status.DISPUTED


# ---------------------------------------------------------------- after the last round


def test_after_the_last_round_the_supervisor_closes_with_a_reason(client_as: ClientAs, work: Work) -> None:
    ticket = a_ticket_after_the_last_round(work)
    work.session.commit()
    client = client_as(SUPERVISOR)

    page = soup(client.get(address_of(ticket, "judge")))
    answer = post(client, address_of(ticket, "judge"), step="close", text="两次修复，设备已换新")

    assert "修了又坏" in page.text
    assert answer.status_code == 303
    now(work, ticket)
    assert (ticket.status, ticket.closing) == (Status.CLOSED, Closing.AFTER_LIMIT)
    assert timeline.acted(work, ticket, Action.CLOSE)[0].details["text"] == "两次修复，设备已换新"


def test_or_starts_another_round(client_as: ClientAs, work: Work) -> None:
    ticket = a_ticket_after_the_last_round(work)
    work.session.commit()

    post(client_as(SUPERVISOR), address_of(ticket, "judge"), step="send_back", text="要换整根灯杆")

    now(work, ticket)
    assert (ticket.status, ticket.round) == (Status.DISPATCHED, 3)


@pytest.mark.parametrize("fields", [{"text": "理由"}, {"step": "close"}, {"step": "forget", "text": "理由"}])
def test_nothing_is_concluded_without_a_step_and_a_reason(
    client_as: ClientAs, work: Work, fields: dict[str, str]
) -> None:
    ticket = a_ticket_after_the_last_round(work)
    work.session.commit()

    answer = post(client_as(SUPERVISOR), address_of(ticket, "judge"), **fields)

    assert answer.status_code == 422
    assert soup(answer).select_one("#f-text").text.strip() == fields.get("text", "")
    assert now(work, ticket).status is Status.AWAITING_FOLLOW_UP


# ---------------------------------------------------------------- rates


def test_every_fraction_of_the_scorecard_opens_its_tickets(client_as: ClientAs, work: Work) -> None:
    a_busy_city(work)
    client = client_as(SUPERVISOR)

    page = soup(client.get("/supervisor/scorecard"))

    links = page.select(".rate .frac a") + page.select(".sc tbody td a")
    counted = [(str(one["href"]), one.text) for one in links]
    assert len(counted) >= 12 + 4
    for href, words in counted:
        assert rows_at(client, href) == number_in(words.split("/")[-1])
    assert "2/3" in page.select_one(".sc").text


def test_a_small_sample_is_listed_and_not_ranked(
    client_as: ClientAs, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_busy_city(work)
    client = client_as(SUPERVISOR)
    few = soup(client.get("/supervisor/scorecard"))
    running = runtime.current()
    rules = replace(running.city.scorecard, minimum=3)
    monkeypatch.setattr(running, "city", replace(running.city, scorecard=rules))
    enough = soup(client.get("/supervisor/scorecard"))

    assert "不排名" in few.select_one(".sc tbody tr.few").text
    assert enough.select(".sc tbody tr.few") == []
    assert enough.select_one(".sc tbody tr[data-line] td").text.strip() == "1"


@pytest.mark.parametrize(("days", "answers"), [(7, 1), (30, 2), (90, 3)])
def test_the_period_bounds_what_is_counted(client_as: ClientAs, work: Work, days: int, answers: int) -> None:
    for age in (1, 20, 60):
        answered(ago(work, age), 5)
    work.session.commit()

    page = soup(client_as(SUPERVISOR).get(f"/supervisor/scorecard?days={days}"))

    assert f"÷ {answers}" in page.select(".rate")[2].text


def test_an_excluded_ticket_counts_nowhere(client_as: ClientAs, work: Work) -> None:
    answered(work, 5)
    live(
        work,
        answered(work, 1),
        (HANDLER, Action.REQUEST_EXCLUSION),
        (REVIEWER, Action.GRANT_EXCLUSION),
        (SECOND_REVIEWER, Action.GRANT_EXCLUSION),
    )
    work.session.commit()

    page = soup(client_as(SUPERVISOR).get("/supervisor/scorecard"))

    assert "1 ÷ 1" in page.select(".rate")[2].text
    assert "另剔除 1 件" in page.text


# ---------------------------------------------------------------- who may, and when

PAGES = ("", "wallboard", "live", "wallboard/live", "scorecard", "evidence?measure=response")
FORMS = (
    *("supervise", "defer", "write-off", "reopen", "dispute", "provisional", "convene", "opinion", "minutes"),
    *("designate", "judge", "urge"),
)


@pytest.mark.parametrize("actor", [AGENT, DISPATCHER, HANDLER, REVIEWER, FOLLOWER, ADMIN])
def test_the_board_is_the_supervisors(client_as: ClientAs, work: Work, actor: Actor) -> None:
    ticket = a_dispatched_ticket(work)
    work.session.commit()
    client = client_as(actor)

    pages = [client.get(f"/supervisor/{page}").status_code for page in PAGES]
    forms = {form: post(client, address_of(ticket, form), text="x").status_code for form in FORMS}

    # The dispatch desk takes a dispute before the arbiter; here there is none.
    assert forms.pop("dispute") == (409 if actor is DISPATCHER else 403)
    assert {*pages, *forms.values()} == {403}
    assert now(work, ticket).status is Status.DISPATCHED


def test_a_number_that_does_not_exist_gets_the_one_answer(client_as: ClientAs) -> None:
    client = client_as(SUPERVISOR)

    answers = [post(client, f"/supervisor/tickets/20260101000001/{form}", text="x") for form in FORMS]

    fields_come_first = {"defer", "judge"}
    for form, answer in zip(FORMS, answers, strict=True):
        assert answer.status_code == 404, form
        assert "没有这张工单，或不归您看" in answer.text or form in fields_come_first


@pytest.mark.parametrize(
    "form",
    ["defer", "write-off", "reopen", "dispute", "provisional", "convene", "minutes", "designate", "judge"],
)
def test_what_is_not_to_be_done_now_is_said(client_as: ClientAs, work: Work, form: str) -> None:
    ticket = a_logged_ticket(work)
    work.session.commit()

    answer = client_as(SUPERVISOR).get(address_of(ticket, form))

    assert answer.status_code == 409
    assert "待派单" in answer.text


def test_a_form_drawn_before_another_change_is_kept_and_not_taken(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispute(work)
    work.session.commit()
    client, version = client_as(SUPERVISOR), ticket.version
    disputes.name_provisional(by(work, SUPERVISOR), ticket, department=OTHER)
    supervision.urge(by(work, SUPERVISOR), ticket)
    work.session.commit()

    answer = post(
        client, address_of(ticket, "designate"), department=LEAD, text="路灯属城管", version=version
    )

    assert answer.status_code == 409
    assert "路灯属城管" in soup(answer).select_one("#f-text").text
    assert now(work, ticket).status is Status.DISPUTED


def test_the_ticket_page_leads_to_what_the_supervisor_may_do(client_as: ClientAs, work: Work) -> None:
    ticket = a_minuted_dispute(work)
    work.session.commit()

    page = soup(client_as(SUPERVISOR).get(f"/tickets/{ticket.number}"))

    leads = [str(link["href"]) for link in page.select(".steps-next a")]
    forms = ("designate", "provisional", "convene", "supervise")
    assert {address_of(ticket, form) for form in forms} <= set(leads)


def test_old_moments_are_counted_on_their_own_local_day(client_as: ClientAs, work: Work) -> None:
    a_logged_ticket(replace(work, now=NOW - DAY))
    work.session.commit()

    rows = soup(client_as(SUPERVISOR).get(BOARD)).select("#trend tbody tr")

    assert [row.select("td")[0].text for row in rows[-2:]] == ["1", "0"]


# ---------------------------------------------------------------- what a ruling teaches

LINE = {
    "write": "1",
    "line_category": "0204",
    "line_keyword": "桥下",
    "line_basis": "会商纪要：桥下照明由交通局主办",
    "line_minimum_level": "city",
    "line_from": "2026-11-24",
    "example_text": "桥下的路灯不亮",
    "example_address": "海澜区",
}


def test_a_ruling_is_written_into_the_catalogue_from_the_same_screen(client_as: ClientAs, work: Work) -> None:
    ticket = a_minuted_dispute(work)
    work.session.commit()
    client = client_as(SUPERVISOR)

    drawn = soup(client.get(address_of(ticket, "designate")))
    answer = post(client, address_of(ticket, "designate"), department=OTHER, text="照纪要", **LINE)

    assert "由城管局主办，交通局配合" in str(drawn.select_one("#f-line_basis")["value"])
    assert drawn.select_one("#f-line_category")["value"] == ticket.category_code
    assert answer.status_code == 303
    line, example = taught_by(work, now(work, ticket))
    assert (line.after["lead"], line.after["keyword"]) == ("JT@city", "桥下")
    assert example.after["lead"] == OTHER
    assert catalogues.draft(work) is not None
    assert ticket.designated


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"line_category": "9999"}, "line_category", "没有这个事项分类"),
        ({"line_lead": "没有这家"}, "line_lead", "没有这个单位或职责"),
        ({"line_basis": ""}, "line_basis", "还没有填"),
        ({"line_from": "明天"}, "line_from", "日期写法不对"),
        ({"line_to": "2026-01-01"}, "line_to", "失效日早于生效日"),
        ({"example_text": "别处的路灯"}, "example_text", "仍派不到"),
    ],
)
def test_a_line_that_the_catalogue_would_refuse_is_told_and_nothing_is_ruled(
    client_as: ClientAs, work: Work, change: dict[str, str], field: str, said: str
) -> None:
    ticket = a_minuted_dispute(work)
    work.session.commit()
    wanted = {"department": OTHER, "text": "照纪要", **LINE, **change}

    answer = post(client_as(SUPERVISOR), address_of(ticket, "designate"), **wanted)

    assert answer.status_code == 422
    assert said in soup(answer).select_one(f"#e-{field}").text
    assert now(work, ticket).status is Status.DISPUTED
    assert taught_by(work, ticket) == []
    assert catalogues.draft(work) is None


def test_disputes_are_listed_with_what_is_to_be_done_next(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispute(work)
    work.session.commit()

    page = soup(client_as(SUPERVISOR).get("/supervisor/disputes"))

    [line] = page.select("tr[data-line]")
    assert ticket.title in line.text
    assert line.select_one("a.btn").text == "指定先行办理"


@pytest.mark.parametrize("split", ["category", "department", "dispatcher"])
def test_the_numbers_of_dispatch_quality_open_their_tickets(
    client_as: ClientAs, work: Work, split: str
) -> None:
    ticket = a_return(work)
    returns.decide_return(by(work, DISPATCHER), ticket, granted=False, text="目录写明由你单位办")
    work.session.commit()
    client = client_as(SUPERVISOR)

    page = soup(client.get(f"/supervisor/dispatch-quality?by={split}"))

    links = [str(link["href"]) for link in page.select(".sc-quality tbody a")]
    assert len(links) == 3
    for link in links:
        assert ticket.title in client.get(link).text


def test_what_was_said_in_confidence_becomes_no_example(client_as: ClientAs, work: Work) -> None:
    ticket = a_minuted_dispute(work)
    ticket.confidential = True
    work.session.commit()
    client = client_as(SUPERVISOR)

    drawn = soup(client.get(address_of(ticket, "designate")))
    own_words = {**LINE, "example_text": f"有人说：{ticket.content}"}
    refused = post(client, address_of(ticket, "designate"), department=OTHER, text="照纪要", **own_words)

    assert drawn.select_one("#f-example_text").text.strip() == ""
    assert refused.status_code == 422
    assert "不能用他的原话" in soup(refused).select_one("#e-example_text").text
    assert now(work, ticket).status is Status.DISPUTED


def test_an_administrator_does_not_read_what_a_ruling_said_of_a_ticket(
    client_as: ClientAs, work: Work
) -> None:
    catalogues.deliver(work)
    ticket = a_minuted_dispute(work)
    work.session.commit()
    post(client_as(SUPERVISOR), address_of(ticket, "designate"), department=OTHER, text="照王某所述", **LINE)
    post(
        client_as(SUPERVISOR),
        "/catalogue/draft/publish",
        stamp=catalogues.stamp_of(catalogues.required_draft(work)),
        because="会商",
    )

    supervisor = client_as(SUPERVISOR).get("/catalogue/versions/2").text
    administrator = client_as(ADMIN).get("/catalogue/versions/2").text

    assert "照王某所述" in supervisor
    assert "照王某所述" not in administrator
    assert "照一次裁定" in administrator


def test_a_ruling_is_offered_as_a_rule_for_its_own_district_only(client_as: ClientAs, work: Work) -> None:
    ticket = a_minuted_dispute(work)
    work.session.commit()
    client = client_as(SUPERVISOR)
    drawn = soup(client.get(address_of(ticket, "designate")))

    district = str(drawn.select_one("#f-line_area")["value"])
    here = {**LINE, "line_area": district}
    answer = post(client, address_of(ticket, "designate"), department=OTHER, text="照纪要", **here)

    assert district
    assert answer.status_code == 303
    line, _ = taught_by(work, now(work, ticket))
    assert line.after["lead"] == OTHER
    assert work.city.gazetteer.area(line.after["area"]).level == "district"


def test_an_area_that_is_none_is_told_at_its_own_field(client_as: ClientAs, work: Work) -> None:
    ticket = a_minuted_dispute(work)
    work.session.commit()
    wrong = {**LINE, "line_area": "没有这个区"}

    answer = post(
        client_as(SUPERVISOR), address_of(ticket, "designate"), department=OTHER, text="照纪要", **wrong
    )

    assert answer.status_code == 422
    assert soup(answer).select_one("#e-line_area") is not None
