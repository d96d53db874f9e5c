"""The package for another city's hotline, on the ticket page."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from hotline.lifecycle import Action
from hotline.models.ticket import Ticket
from hotline.tickets import exchange, intake, timeline
from hotline.work import Actor, Work
from tests.builders import AGENT, PHONE, SUPERVISOR, a_logged_ticket, by
from tests.hotline.web.browsing import post

ClientAs = Callable[[Actor], FlaskClient]


def transferred(work: Work, *, consent: bool, target: str = "other_city") -> Ticket:
    ticket = a_logged_ticket(work)
    intake.transfer(by(work, AGENT), ticket, target, "guidance", consent=consent)
    work.session.commit()
    return ticket


@pytest.mark.parametrize("consent", [True, False])
def test_the_package_is_downloaded_and_naming_the_caller_is_on_record(
    client_as: ClientAs, work: Work, consent: bool
) -> None:
    ticket = transferred(work, consent=consent)
    client = client_as(AGENT)

    page = client.get(f"/tickets/{ticket.number}").text
    answer = post(client, f"/tickets/{ticket.number}/package")

    assert "下载交换包" in page
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ticket.number}.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert exchange.read(answer.data).number == ticket.number
    assert (PHONE in answer.text) is consent
    assert bool(timeline.acted(work, ticket, Action.REVEAL)) is consent


def test_what_went_elsewhere_has_none(client_as: ClientAs, work: Work) -> None:
    ticket = transferred(work, consent=False, target="petition")
    client = client_as(AGENT)

    assert "下载交换包" not in client.get(f"/tickets/{ticket.number}").text
    assert post(client, f"/tickets/{ticket.number}/package").status_code == 422


def test_only_who_may_transfer_hands_it_out(client_as: ClientAs, work: Work) -> None:
    ticket = transferred(work, consent=True)

    assert post(client_as(SUPERVISOR), f"/tickets/{ticket.number}/package").status_code == 403


def test_the_page_asks_for_consent_and_the_record_keeps_it(client_as: ClientAs, work: Work) -> None:
    ticket = a_logged_ticket(work)
    work.session.commit()

    post(
        client_as(AGENT),
        f"/tickets/{ticket.number}/transfer",
        target="other_city",
        mode="ticket",
        consent="1",
        version=ticket.version,
    )

    [entry] = timeline.acted(work, ticket, Action.TRANSFER)
    assert entry.details["consent"] is True
