"""The dispatch desk among several: claims, what is sent together, what is taken back, counters that live."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hotline import clock
from hotline.lifecycle import Action, Role, Status
from hotline.models.claim import Claim
from hotline.models.ticket import Ticket, Urgency
from hotline.models.user import User
from hotline.tickets import claims, dispatching, handling, timeline
from hotline.tickets.dispatching import Choice
from hotline.web.dispatcher import undo
from hotline.work import Actor, Work
from tests.builders import DISPATCHER, HANDLER, LEAD, OTHER, a_dispatched_ticket, a_logged_ticket, by
from tests.conftest import NOW
from tests.hotline.web.browsing import one, post, soup
from tests.hotline.web.conftest import PASSWORD_HASH

ClientAs = Callable[[Actor], FlaskClient]
Later = Callable[[float], None]


@pytest.fixture
def colleague(app: object, session: Session) -> Actor:
    """A second dispatcher."""
    user = User(
        login="second-dispatcher",
        name="second-dispatcher",
        password_hash=PASSWORD_HASH,
        roles=[Role.DISPATCHER],
        created_at=NOW,
    )
    session.add(user)
    session.commit()
    return replace(DISPATCHER, name=user.name, user_id=user.id)


@pytest.fixture
def later(app: object, monkeypatch: pytest.MonkeyPatch) -> Later:
    """Let the pages see a later moment."""

    def go_on(seconds: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=seconds))

    return go_on


def claim(client: FlaskClient, ticket: Ticket, **fields: str) -> TestResponse:
    return post(client, f"/dispatch/{ticket.number}/claim", **fields)


def send(client: FlaskClient, ticket: Ticket, **fields: str) -> TestResponse:
    return post(client, f"/dispatch/{ticket.number}/send", **{"lead": LEAD, **fields})


def test_the_desk_opens_what_nobody_else_has_open(
    client_as: ClientAs, colleague: Actor, work: Work, session: Session
) -> None:
    first, second = a_logged_ticket(work), a_logged_ticket(work)
    session.commit()
    claim(client_as(DISPATCHER), first, opened="1")

    page = soup(client_as(colleague).get("/dispatch"))

    assert second.number in one(page, ".line[aria-current=true]").text
    assert "dispatcher正在派" in one(page, f".line[data-number='{first.number}']").text


def test_who_comes_a_moment_too_late_is_led_to_the_next(
    client_as: ClientAs, colleague: Actor, work: Work, session: Session
) -> None:
    first, second = a_logged_ticket(work), a_logged_ticket(work)
    session.commit()
    claim(client_as(DISPATCHER), first, opened="1")

    answer = claim(client_as(colleague), first, opened="1")

    assert answer.headers["HX-Redirect"] == f"/dispatch/{second.number}"


def test_what_a_colleague_has_open_is_shown_with_his_name_and_not_sent(
    client_as: ClientAs, colleague: Actor, work: Work, session: Session
) -> None:
    ticket = a_logged_ticket(work)
    session.commit()
    claim(client_as(DISPATCHER), ticket, opened="1")
    client = client_as(colleague)

    page, answer = client.get(f"/dispatch/{ticket.number}"), send(client, ticket, note="写好的话")

    session.expire_all()
    assert "dispatcher正在派这张工单" in page.text
    assert answer.status_code == 409
    assert "正在派这张工单，没有派出" in answer.text
    assert "写好的话" in answer.text
    assert ticket.status is Status.LOGGED


def test_it_is_taken_over_with_a_confirmation(
    client_as: ClientAs, colleague: Actor, work: Work, session: Session
) -> None:
    ticket = a_logged_ticket(work)
    session.commit()
    claim(client_as(DISPATCHER), ticket, opened="1")
    client = client_as(colleague)

    answer = post(client, f"/dispatch/{ticket.number}/claim", take_over="1")
    told = claim(client_as(DISPATCHER), ticket)

    assert answer.status_code == 303
    assert session.scalars(select(Claim.user_id)).one() == colleague.user_id
    assert "second-dispatcher正在派这张工单" in told.text
    assert send(client, ticket).status_code == 303


def test_what_was_sent_meanwhile_says_so_instead_of_being_claimed(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    ticket = a_dispatched_ticket(work)
    session.commit()

    answer = claim(client_as(DISPATCHER), ticket)

    assert answer.status_code == 200
    assert "已经不在待派单，现在是“待签收”" in answer.text
    assert "hx-post" not in answer.text


def test_what_was_sent_is_taken_back_by_a_button(
    client_as: ClientAs, work: Work, session: Session, later: Later
) -> None:
    ticket = a_logged_ticket(work)
    session.commit()
    client = client_as(DISPATCHER)
    send(client, ticket)
    later(4)

    bar = one(soup(client.get("/dispatch")), "form[data-undo]")
    answer = post(client, str(bar["action"]))

    session.expire_all()
    assert "6 秒内可撤回" in bar.text
    assert answer.location == f"/dispatch/{ticket.number}"
    assert (ticket.status, ticket.hop, ticket.lead_code) == (Status.LOGGED, 0, None)


def test_however_many_were_just_sent_the_bar_asks_the_same_number_of_queries(
    work: Work, session: Session
) -> None:
    def asked_with(number: int) -> int:
        for _ in range(number):
            dispatching.dispatch(by(work, DISPATCHER), a_logged_ticket(work), Choice(LEAD), recallable=True)
        session.flush()
        asked: list[str] = []
        note = partial(_note, asked)
        event.listen(session.connection(), "before_cursor_execute", note)
        shown = undo.bar(by(work, DISPATCHER))
        event.remove(session.connection(), "before_cursor_execute", note)
        assert all("签收" in one.words for one in shown)
        return len(asked)

    assert asked_with(1) == asked_with(4)


def _note(asked: list[str], *said: Any) -> None:
    asked.append(said[2])


def test_too_late_the_page_says_what_to_do_instead(
    client_as: ClientAs, work: Work, session: Session, later: Later
) -> None:
    ticket = a_logged_ticket(work)
    session.commit()
    client = client_as(DISPATCHER)
    send(client, ticket)
    later(10)

    answer = post(client, f"/dispatch/{ticket.number}/recall")

    session.expire_all()
    assert answer.status_code == 403
    assert "由承办单位申请退单" in answer.text
    assert ticket.status is Status.DISPATCHED
    assert soup(client.get("/dispatch")).select_one("form[data-undo]") is None


def test_the_department_sees_it_at_once_and_accepts_it_when_it_stands(
    client_as: ClientAs, work: Work, session: Session, later: Later
) -> None:
    ticket = a_logged_ticket(work)
    session.commit()
    send(client_as(DISPATCHER), ticket)
    department = client_as(HANDLER)

    pile = department.get("/department")
    early = post(department, f"/department/tickets/{ticket.number}/accept")
    later(10)
    answer = post(department, f"/department/tickets/{ticket.number}/accept")

    session.expire_all()
    assert "刚派来，几秒后可签收" in pile.text
    assert early.status_code == 403
    assert "派单员几秒钟内还可以撤回" in early.text
    assert answer.status_code == 303
    assert ticket.status is Status.ACCEPTED


def several(work: Work, number: int) -> list[Ticket]:
    return [a_logged_ticket(work, address="海澜区潮音街道") for _ in range(number)]


def boxes(page: TestResponse) -> dict[str, bool]:
    """Which boxes there are, by their values, and whether they are ticked."""
    return {str(box["value"]): box.has_attr("checked") for box in soup(page).select("input[name=numbers]")}


def test_equal_ones_are_offered_ticked_and_those_that_differ_are_not(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    first, equal = several(work, 2)
    urgent = a_logged_ticket(work, address="海澜区潮音街道", urgency=Urgency.URGENT)
    session.commit()
    client = client_as(DISPATCHER)

    desk, page = client.get(f"/dispatch/{first.number}"), client.get(f"/dispatch/{first.number}/together")

    assert "还有 1 件同样的，一起派" in desk.text
    assert boxes(page) == {
        f"{first.number}@{first.version}": True,
        f"{equal.number}@{equal.version}": True,
        f"{urgent.number}@{urgent.version}": False,
    }
    assert "紧急程度不同" in page.text


def test_each_goes_in_a_transaction_of_its_own_with_a_result_for_each(
    client_as: ClientAs, colleague: Actor, work: Work, session: Session
) -> None:
    good, sent, changed, claimed = several(work, 4)
    session.commit()
    client = client_as(DISPATCHER)
    ticked = list(boxes(client.get(f"/dispatch/{good.number}/together")))
    dispatching.dispatch(by(work, colleague), sent, dispatching.Choice(OTHER))
    session.commit()
    post(client_as(colleague), f"/dispatch/{changed.number}/correct", urgency="urgent")
    claim(client_as(colleague), claimed, opened="1")

    answer = post(client, f"/dispatch/{good.number}/together", lead=LEAD, numbers=ticked)
    page = soup(client.get(answer.location))

    session.expire_all()
    results = {str(row["id"])[2:]: row.select("td")[1].text for row in page.select("tr[id]")}
    assert results == {
        good.number: "已派出",
        sent.number: "没有办成：现在是“待签收”，同事已经办过",
        changed.number: "没有派出：打开列表后同事改过，请看过再派",
        claimed.number: "没有派出：second-dispatcher正在派",
    }
    assert one(page, "h1").text == "办成 1 件，3 件没有办成"
    assert [one.status for one in (good, changed, claimed)] == [
        Status.DISPATCHED,
        Status.LOGGED,
        Status.LOGGED,
    ]
    assert timeline.acted(work, good, Action.DISPATCH)[0].details["together"] is True


def test_a_refused_choice_is_told_for_each(client_as: ClientAs, work: Work, session: Session) -> None:
    first, _ = several(work, 2)
    session.commit()
    client = client_as(DISPATCHER)
    ticked = list(boxes(client.get(f"/dispatch/{first.number}/together")))

    twice = post(client, f"/dispatch/{first.number}/together", lead=LEAD, more="市城管局", numbers=ticked)
    nothing = post(client, f"/dispatch/{first.number}/together", lead=LEAD)

    assert client.get(twice.location).text.count("同一个单位选了两次") == 2
    assert nothing.status_code == 422
    assert "请选一个" in nothing.text


def test_what_was_sent_together_is_taken_back_together_or_one_by_one(
    client_as: ClientAs, work: Work, session: Session, later: Later
) -> None:
    tickets = several(work, 3)
    session.commit()
    client = client_as(DISPATCHER)
    page = client.get(f"/dispatch/{tickets[0].number}/together")
    sent = post(
        client, f"/dispatch/{tickets[0].number}/together", lead=LEAD, numbers=list(boxes(page))
    ).location
    later(3)
    whole = one(soup(client.get(sent)), "#recall")
    numbers = [str(box["value"]) for box in whole.select("input[name=numbers]")]

    single = post(client, "/dispatch/recall", numbers=numbers[0])
    one_back = client.get(single.location).text
    later(11)
    rest = client.get(post(client, "/dispatch/recall", numbers=numbers).location).text

    session.expire_all()
    assert sorted(numbers) == sorted(ticket.number for ticket in tickets)
    assert "已撤回，回到待派单" in one_back
    assert rest.count("撤回时间已过") == 2
    assert sorted(ticket.status for ticket in tickets) == [
        Status.DISPATCHED,
        Status.DISPATCHED,
        Status.LOGGED,
    ]


def test_the_counters_are_answered_by_nothing_while_nothing_changed(
    client_as: ClientAs, colleague: Actor, work: Work, session: Session, later: Later
) -> None:
    ticket = a_logged_ticket(work)
    session.commit()
    client = client_as(DISPATCHER)
    desk = soup(client.get("/dispatch"))
    watch = one(desk, "#watch")
    address, tag = str(watch["hx-get"]), f'"{watch["data-tag"]}"'

    same = client.get(address, headers={"If-None-Match": tag})
    later(5)
    a_logged_ticket(replace(work, now=NOW + timedelta(seconds=5)), urgency=Urgency.CRITICAL)
    session.commit()
    changed = client.get(address, headers={"If-None-Match": tag})
    claim(client_as(colleague), ticket, opened="1")
    claimed = client.get(address, headers={"If-None-Match": changed.headers["ETag"]})

    live = one(soup(changed), "#live")
    assert same.status_code == 304
    assert (live["data-waiting"], live["data-moved"]) == ("2", "1")
    assert "急件 1" in live.text
    assert claimed.status_code == 200
    assert ticket.number in str(one(soup(claimed), "#live")["data-held"])


def test_only_dispatchers_open_send_and_take_back(client_as: ClientAs, work: Work, session: Session) -> None:
    ticket = a_logged_ticket(work)
    session.commit()
    client = client_as(HANDLER)

    assert claim(client, ticket).status_code == 403
    assert client.get("/dispatch/live").status_code == 403
    assert client.get("/dispatch/sent").status_code == 403
    assert post(client, "/dispatch/recall", numbers=ticket.number).status_code == 403
    assert post(client, f"/dispatch/{ticket.number}/together", numbers=ticket.number).status_code == 403


def test_claims_stand_in_nobodys_way_after_they_ran_out(
    client_as: ClientAs, colleague: Actor, work: Work, session: Session, later: Later
) -> None:
    ticket = a_logged_ticket(work)
    session.commit()
    claim(client_as(DISPATCHER), ticket, opened="1")
    later(61)

    assert send(client_as(colleague), ticket).status_code == 303
    assert claims.by_others(by(work, DISPATCHER), [ticket]) == {}


def test_a_ticket_page_offers_to_take_back_what_i_just_sent(
    client_as: ClientAs, work: Work, session: Session, later: Later
) -> None:
    ticket = a_logged_ticket(work)
    session.commit()
    client = client_as(DISPATCHER)
    send(client, ticket)

    fresh = client.get(f"/tickets/{ticket.number}").text
    later(10)
    session.expire_all()
    handling.accept(by(work, HANDLER, after=timedelta(seconds=10)), ticket)
    session.commit()

    assert f"/dispatch/{ticket.number}/recall" in fresh
    assert f"/dispatch/{ticket.number}/recall" not in client.get(f"/tickets/{ticket.number}").text
