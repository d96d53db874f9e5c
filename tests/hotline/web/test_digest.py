"""The digest of a shift: one's own clocks, or a department's for the supervisor; read where inboxes are."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.models.alert import Digest
from hotline.models.notice import Notice
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.tickets import accounts, digests
from hotline.work import Actor, Work
from tests.builders import (
    ADMIN,
    AGENT,
    DAY,
    HANDLER,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    SUPERVISOR,
    a_dispatched_ticket,
    by,
)
from tests.hotline.tickets.deeds import sweep
from tests.hotline.web.browsing import post, soup

ClientAs = Callable[[Actor], FlaskClient]


def an_overdue_ticket(work: Work, lead: str = LEAD) -> Ticket:
    """Dispatched long ago, of which everything rang."""
    ticket = a_dispatched_ticket(by(work, AGENT, after=-20 * DAY), lead=lead)
    sweep(work)
    work.session.commit()
    return ticket


def test_a_department_sees_its_own_and_the_rung_by_name(client_as: ClientAs, work: Work) -> None:
    mine, others = an_overdue_ticket(work), an_overdue_ticket(work, OTHER)

    page = soup(client_as(HANDLER).get("/digest"))

    rows = [row.text for row in page.select("tbody tr")]
    assert {f"{mine.number[:8]}{mine.number[8:]}" in "".join(row.split()) for row in rows} == {True}
    assert not any(others.number in "".join(row.split()) for row in rows)
    assert any("通报批评" in row for row in rows)


def test_a_supervisor_may_look_at_any_department_others_may_not(client_as: ClientAs, work: Work) -> None:
    an_overdue_ticket(work)
    theirs = an_overdue_ticket(work, OTHER)

    page = soup(client_as(SUPERVISOR).get(f"/digest?department={OTHER}"))

    numbers = {"".join(one.text.split()) for one in page.select("tbody .no")}
    assert numbers == {theirs.number}
    assert client_as(OTHER_HANDLER).get(f"/digest?department={LEAD}").status_code == 404
    assert client_as(SUPERVISOR).get("/digest?department=nowhere").status_code == 404


def test_an_agent_has_no_digest(client_as: ClientAs) -> None:
    assert client_as(AGENT).get("/digest").status_code == 403


def test_the_inbox_leads_to_the_digest_of_the_shift(client_as: ClientAs, work: Work) -> None:
    an_overdue_ticket(work)
    assert HANDLER.user_id is not None
    assert digests.give(work, HANDLER.user_id)
    work.session.commit()
    digest = work.session.scalars(select(Digest)).one()
    client = client_as(HANDLER)

    line = soup(client.get("/notices")).select_one(f'form[action="/digest/{digest.id}/read"]')
    answer = post(client, f"/digest/{digest.id}/read")

    assert line is not None
    assert "已超时" in line.text
    assert answer.location == "/digest"
    work.session.refresh(digest)
    assert digest.read_at == work.now
    assert post(client_as(LEADER), f"/digest/{digest.id}/read").status_code == 404


def test_a_line_for_leaders_is_not_the_handlers(client_as: ClientAs, work: Work) -> None:
    ticket = an_overdue_ticket(work)
    line = Notice(
        outbox_id=1,
        ticket_id=ticket.id,
        department_code=LEAD,
        role="leader",
        topic="rung",
        facts={"rung": "通报批评", "stage": "resolve"},
        created_at=work.now,
    )
    work.session.add(line)
    work.session.commit()

    assert "通报批评" in soup(client_as(LEADER).get("/notices")).text
    assert "通报批评" not in soup(client_as(HANDLER).get("/notices")).text


def test_the_board_names_what_rang_beyond_red(client_as: ClientAs, work: Work) -> None:
    an_overdue_ticket(work)

    rail = soup(client_as(SUPERVISOR).get("/supervisor/")).select_one("aside")

    assert rail is not None
    assert "通报批评" in rail.text


def test_the_administrator_keeps_where_text_messages_go(client_as: ClientAs, work: Work) -> None:
    page = f"/admin/users/{HANDLER.user_id}"
    client = client_as(ADMIN)

    wrong = post(client, f"{page}/phone", phone="一三八")
    post(client, f"{page}/phone", phone="139 0000 0002")

    user = work.session.get_one(User, HANDLER.user_id)
    work.session.refresh(user)
    assert wrong.status_code == 422
    assert "一三八" in wrong.text
    assert accounts.phone_of(work, user) == "13900000002"
    assert b"13900000002" not in (user.phone_sealed or b"")
    field = soup(client.get(page)).select_one("#f-phone")
    assert field is not None
    assert field["value"] == "13900000002"

    post(client, f"{page}/phone", phone="")
    work.session.refresh(user)
    assert user.phone_sealed is None
