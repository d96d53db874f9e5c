"""Who has a ticket in hand: whoever has to make the next move, whosoever's clock runs."""

import pytest

from hotline.lifecycle import Action, Role
from hotline.tickets.holders import Holder, holder_of
from tests.builders import (
    HANDLER,
    LEAD,
    LEADER,
    OTHER,
    OTHER_LEADER,
    REVIEWER,
    SUPERVISOR,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    a_ticket_to_follow_up,
    an_accepted_ticket,
    by,
)
from tests.hotline.tickets.deeds import DEEDS


def after(work, ticket, *deeds):
    for actor, action in deeds:
        DEEDS[action](by(work, actor), ticket)
    return ticket


@pytest.mark.parametrize(
    ("build", "deeds", "holder"),
    [
        (a_logged_ticket, (), Holder(desk=Role.DISPATCHER)),
        (a_dispatched_ticket, (), Holder(department=LEAD)),
        (an_accepted_ticket, (), Holder(department=LEAD)),
        (a_dispatched_ticket, [(LEADER, Action.REQUEST_RETURN)], Holder(desk=Role.DISPATCHER)),
        (
            an_accepted_ticket,
            [(HANDLER, Action.REQUEST_SUSPENSION), (REVIEWER, Action.GRANT_SUSPENSION)],
            Holder(department=LEAD),
        ),
        (a_resolved_ticket, (), Holder(desk=Role.REVIEWER)),
        (a_ticket_to_follow_up, (), Holder(desk=Role.FOLLOW_UP)),
    ],
    ids=["logged", "dispatched", "accepted", "asked back", "suspended", "resolved", "to follow up"],
)
def test_a_ticket_is_with_whom_it_waits_for(work, build, deeds, holder):
    assert holder_of(work, after(work, build(work), *deeds)) == holder


def test_a_dispute_is_the_arbiter_s_until_a_department_works_on_meanwhile(work):
    ticket = a_dispatched_ticket(work, lead=OTHER)
    after(work, ticket, (OTHER_LEADER, Action.REQUEST_RETURN), (SUPERVISOR, Action.OPEN_DISPUTE))
    assert holder_of(work, ticket) == Holder(desk=Role.SUPERVISOR)

    after(work, ticket, (SUPERVISOR, Action.NAME_PROVISIONAL))

    assert holder_of(work, ticket) == Holder(department=LEAD)
