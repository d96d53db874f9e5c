"""The pages of 督办单: the list, what the rules suggest, one for all selected, and who may read one."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from hotline.models.supervision_order import OrderState
from hotline.models.ticket import Ticket
from hotline.tickets import orders
from hotline.work import Actor, Work
from tests.builders import (
    HANDLER,
    HOUR,
    LEADER,
    OTHER_HANDLER,
    REVIEWER,
    SUPERVISOR,
    a_logged_ticket,
    an_accepted_ticket,
    by,
)
from tests.hotline.web.browsing import post

ClientAs = Callable[[Actor], FlaskClient]
LIST = "/supervisor/orders"


def ordered(work: Work) -> Ticket:
    ticket = an_accepted_ticket(work)
    orders.issue(by(work, SUPERVISOR), ticket, orders.Demand("限三日内办结并书面说明"))
    return ticket


def much_urged(work: Work) -> Ticket:
    ticket = an_accepted_ticket(work)
    ticket.urged = work.city.orders.grounds.urged
    return ticket


def text_of(page: str) -> str:
    return BeautifulSoup(page, "html.parser").get_text(" ", strip=True)


def test_the_list_shows_what_the_rules_ask_for_above_what_stands(client_as: ClientAs, work: Work) -> None:
    standing, asked = ordered(work), much_urged(work)
    work.session.commit()

    shown = text_of(client_as(SUPERVISOR).get(LIST).text)

    assert "多次催办无进展" in shown
    assert shown.index(asked.number[8:]) < shown.index(f"{standing.number}-1")


def test_an_order_goes_to_every_ticket_selected_and_each_that_fails_says_why(
    client_as: ClientAs, work: Work
) -> None:
    asked, standing, homeless = much_urged(work), ordered(work), a_logged_ticket(work)
    work.session.commit()
    client = client_as(SUPERVISOR)
    numbers = [f"{asked.number}/urged", f"{standing.number}/urged", f"{homeless.number}/urged"]

    post(client, LIST, text="限三日内办结", numbers=numbers)
    said = text_of(client.get(LIST).text)

    assert "已发督办单 1 张" in said
    assert f"{standing.number}：上一张督办单还没有了结" in said
    assert f"{homeless.number}：现在没有承办单位" in said
    work.session.expire_all()
    assert [one.reason for one in orders.orders_of(work, asked)] == ["urged"]


def test_an_order_for_nobody_is_none(client_as: ClientAs, work: Work) -> None:
    client = client_as(SUPERVISOR)

    post(client, LIST, text="限三日内办结")

    assert "还没有选中工单" in client.get(LIST).text


@pytest.mark.parametrize("page", ["", "/print"])
@pytest.mark.parametrize(
    ("actor", "status"),
    [(SUPERVISOR, 200), (REVIEWER, 200), (LEADER, 200), (HANDLER, 200), (OTHER_HANDLER, 404)],
)
def test_an_order_is_read_by_who_sees_its_ticket(
    client_as: ClientAs, work: Work, page: str, actor: Actor, status: int
) -> None:
    number = ordered(work).number
    work.session.commit()

    assert client_as(actor).get(f"/orders/{number}-1{page}").status_code == status


@pytest.mark.parametrize("number", ["nothing", "20261122000001-9", "-1"])
def test_what_is_no_order_is_not_found(client_as: ClientAs, number: str) -> None:
    assert client_as(SUPERVISOR).get(f"/orders/{number}").status_code == 404


def test_the_form_says_when_an_order_stands_and_keeps_what_was_typed(client_as: ClientAs, work: Work) -> None:
    ticket = ordered(work)
    work.session.commit()
    client, address = client_as(SUPERVISOR), f"/supervisor/tickets/{ticket.number}/supervise"

    answer = post(client, address, text="再次督办，请今天回话", version=ticket.version)

    assert answer.status_code == 422
    assert "再次督办，请今天回话" in answer.text
    assert "上一张督办单还没有了结" in answer.text


def test_what_was_typed_into_a_reply_is_kept_when_it_is_refused(client_as: ClientAs, work: Work) -> None:
    ticket = ordered(work)
    work.session.commit()

    answer = post(
        client_as(LEADER), f"/department/tickets/{ticket.number}/order", text="", version=ticket.version
    )

    assert answer.status_code == 422
    work.session.expire_all()
    assert orders.live_of(by(work, LEADER, after=HOUR), ticket, OrderState.ISSUED) is not None
