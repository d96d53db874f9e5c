"""The inbox (提醒): each department and each desk reads what it was told, and nobody reads another's."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.lifecycle import Action, Role
from hotline.models.notice import Notice
from hotline.models.ticket import Ticket
from hotline.work import Actor, Work
from tests.builders import (
    ADMIN,
    AGENT,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    LEAD,
    OTHER,
    REVIEWER,
    SUPERVISOR,
    a_dispatched_ticket,
)
from tests.hotline.web.browsing import post, soup

ClientAs = Callable[[Actor], FlaskClient]


def a_notice(work: Work, ticket: Ticket, **changes: object) -> Notice:
    """A notice to the department, or with `role` to a desk."""
    notice = Notice(
        outbox_id=len(work.session.scalars(select(Notice)).all()) + 1,
        ticket_id=ticket.id,
        department_code=None if "role" in changes else LEAD,
        topic=Action.URGE,
        facts={},
        created_at=work.now,
    )
    for name, value in changes.items():
        setattr(notice, name, value)
    work.session.add(notice)
    work.session.commit()
    return notice


def test_a_notice_is_read_by_opening_its_ticket(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    notice = a_notice(work, ticket)
    client = client_as(HANDLER)

    before = soup(client.get("/department")).select_one(".inbox .count")
    answer = post(client, f"/notices/{notice.id}")

    work.session.refresh(notice)
    assert before is not None
    assert before.text == "1"
    assert answer.location == f"/tickets/{ticket.number}"
    assert notice.read_at == work.now


@pytest.mark.parametrize(
    ("actor", "desk", "role"),
    [
        (DISPATCHER, "/dispatch", Role.DISPATCHER),
        (REVIEWER, "/review/", Role.REVIEWER),
        (FOLLOWER, "/follow-up/", Role.FOLLOW_UP),
        (SUPERVISOR, "/supervisor/", Role.SUPERVISOR),
    ],
)
def test_a_desk_sees_from_its_own_page_that_it_was_told_something(
    client_as: ClientAs, work: Work, actor: Actor, desk: str, role: Role
) -> None:
    ticket = a_dispatched_ticket(work)
    notice = a_notice(work, ticket, role=role, topic=Action.REQUEST_RETURN)
    a_notice(work, ticket)
    client = client_as(actor)

    link = soup(client.get(desk)).select_one('.bar-nav a[href="/notices"]')
    inbox = soup(client.get("/notices"))
    answer = post(client, f"/notices/{notice.id}")

    assert link is not None
    assert link.text == "提醒1"
    assert [line.b.text for line in inbox.select("[data-line]")] == ["申请退单"]  # type: ignore[union-attr]
    assert answer.location == f"/tickets/{ticket.number}"
    assert soup(client.get(desk)).select_one('.bar-nav a[href="/notices"] .count') is None


def test_an_inbox_holds_only_what_is_addressed_to_it(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    foreign = a_notice(work, ticket, department_code=OTHER)
    for_a_desk = a_notice(work, ticket, role=Role.REVIEWER)
    handler, dispatcher = client_as(HANDLER), client_as(DISPATCHER)

    for client in (handler, dispatcher):
        assert "没有提醒" in client.get("/notices").text
        for notice in (foreign, for_a_desk):
            assert post(client, f"/notices/{notice.id}").status_code == 404


@pytest.mark.parametrize(("actor", "role"), [(HANDLER, None), (REVIEWER, Role.REVIEWER)])
def test_all_notices_can_be_marked_as_read_at_once(
    client_as: ClientAs, work: Work, actor: Actor, role: Role | None
) -> None:
    ticket = a_dispatched_ticket(work)
    mine = [a_notice(work, ticket, **({"role": role} if role else {})) for _ in range(2)]
    foreign = a_notice(work, ticket, department_code=OTHER)

    post(client_as(actor), "/notices/read")

    for notice in (*mine, foreign):
        work.session.refresh(notice)
    assert [one.read_at for one in mine] == [work.now, work.now]
    assert foreign.read_at is None


def test_a_long_inbox_goes_on_page_by_page(client_as: ClientAs, work: Work) -> None:
    ticket = a_dispatched_ticket(work)
    told = [a_notice(work, ticket, role=Role.SUPERVISOR) for _ in range(51)]
    client = client_as(SUPERVISOR)

    first = soup(client.get("/notices"))
    second = soup(client.get(str(first.select_one("a[rel=next]")["href"])))  # type: ignore[index]

    shown = [form["action"] for page in (first, second) for form in page.select("form:has([data-line])")]
    assert shown == [f"/notices/{one.id}" for one in reversed(told)]
    assert second.select_one("a[rel=next]") is None


@pytest.mark.parametrize("before", ["0", "x", str(2**63)])
def test_a_page_that_no_address_can_name_is_refused(client_as: ClientAs, before: str) -> None:
    assert client_as(SUPERVISOR).get(f"/notices?before={before}").status_code == 422


@pytest.mark.parametrize("actor", [AGENT, ADMIN], ids=["agent", "admin"])
def test_whom_nobody_tells_anything_has_no_inbox(client_as: ClientAs, actor: Actor) -> None:
    client = client_as(actor)

    assert client.get("/notices").status_code == 403
    assert soup(client.get("/password")).select_one('.bar-nav a[href="/notices"]') is None
