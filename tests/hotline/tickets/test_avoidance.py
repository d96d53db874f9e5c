"""Avoidance (回避): whoever a matter complains of takes no part in handling it."""

import pytest

from hotline.errors import InvalidInput
from hotline.tickets import dispatching, handing, handling, joint, triage
from hotline.tickets.dispatching import Choice
from hotline.work import Actor
from tests.builders import DISPATCHER, DISTRICT, HANDLER, STREET, a_logged_ticket, by

GOVERNMENT = "Q01"
GOVERNOR = Actor("governor", HANDLER.roles, None, GOVERNMENT)


def about_the_street(work):
    """A complaint about the conduct of a subdistrict's people."""
    ticket = a_logged_ticket(
        work,
        category="2401",
        content="潮音街道办事处工作人员态度恶劣，拒不受理营业执照申请。",
        address="海澜区潮音街道",
    )
    assert triage.decide_for(work, ticket).complained_of == (STREET,)
    return ticket


def with_the_government(work):
    ticket = about_the_street(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(GOVERNMENT))
    handling.accept(by(work, GOVERNOR), ticket)
    return ticket


@pytest.mark.parametrize(
    ("choice", "fields"),
    [
        (Choice(STREET), {"lead": "complained_of"}),
        (Choice(GOVERNMENT, (DISTRICT, STREET)), {"assisting": "complained_of"}),
    ],
)
def test_whoever_a_matter_complains_of_is_dispatched_nothing_of_it(work, choice, fields):
    ticket = about_the_street(work)

    with pytest.raises(InvalidInput) as refused:
        dispatching.dispatch(by(work, DISPATCHER), ticket, choice)

    assert refused.value.fields == fields
    assert ticket.hop == 0


def test_the_lead_calls_in_nobody_that_the_matter_complains_of(work):
    ticket = with_the_government(work)

    with pytest.raises(InvalidInput) as refused:
        joint.add_assisting(by(work, GOVERNOR), ticket, department=STREET, text="须当面核实")

    assert refused.value.fields == {"department": "complained_of"}
    joint.add_assisting(by(work, GOVERNOR), ticket, department=DISTRICT, text="须当面核实")


def test_a_complaint_is_not_handed_down_to_whoever_it_complains_of(work):
    ticket = with_the_government(work)

    with pytest.raises(InvalidInput) as refused:
        handing.hand_down(by(work, GOVERNOR), ticket, department=STREET)

    assert refused.value.fields == {"department": "complained_of"}
    offered = {one.department.code for one in handing.candidates(by(work, GOVERNOR), ticket)}
    assert STREET not in offered
    assert DISTRICT in offered
