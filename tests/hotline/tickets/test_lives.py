"""Whatever people do in whatever order: what is offered succeeds, what is not is refused, and every
ledger can be replayed."""

from random import Random

import pytest

from hotline.errors import HotlineError
from hotline.lifecycle import ENDED, MOVES, Action
from hotline.tickets import deadlines
from hotline.tickets.options import options
from hotline.tickets.verification import verify
from tests.builders import (
    AGENT,
    DISPATCHER,
    DISTRICT_HANDLER,
    FOLLOWER,
    HANDLER,
    HOUR,
    LEADER,
    OTHER_HANDLER,
    REVIEWER,
    SECOND_REVIEWER,
    STREET_HANDLER,
    SUPERVISOR,
    a_logged_ticket,
    by,
)
from tests.hotline.tickets.deeds import DEEDS, sweep

PEOPLE = (
    AGENT,
    DISPATCHER,
    HANDLER,
    LEADER,
    OTHER_HANDLER,
    REVIEWER,
    SECOND_REVIEWER,
    FOLLOWER,
    SUPERVISOR,
    DISTRICT_HANDLER,
    STREET_HANDLER,
)
STEPS = 30
# These end a life early; they get their turn, but rarely.
RARE = frozenset({Action.WITHDRAW, Action.MERGE, Action.ANSWER, Action.TRANSFER})


def the_next(rng, work, ticket):
    """Someone, and something that is offered to him."""
    offers = [
        (person, action)
        for person in PEOPLE
        for action in options(by(work, person), ticket).legal
        if action in DEEDS and (action not in RARE or rng.random() < 0.05)
    ]
    moving = [offer for offer in offers if MOVES[offer[1]].targets]
    return rng.choice(moving if moving and rng.random() < 0.6 else offers)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_offered_succeeds_and_leaves_a_ledger_that_can_be_replayed(work, session, seed):
    rng = Random(seed)
    ticket = a_logged_ticket(work)
    for _ in range(STEPS):
        work = by(work, AGENT, after=rng.randrange(1, 12) * HOUR)
        sweep(work)
        person, action = the_next(rng, work, ticket)
        DEEDS[action](by(work, person), ticket)

        running = deadlines.running(work, ticket)
        assert not (ticket.status in ENDED and running)
        own = [one for one in running if one.stage not in deadlines.HELP_STAGES]
        assert ticket.next_due_at == (own[0].due_at if own else None)
    session.flush()

    assert list(verify(work)) == []


@pytest.mark.parametrize("seed", range(3))
def test_what_is_not_offered_is_refused(work, session, seed):
    rng = Random(seed)
    ticket = a_logged_ticket(work)
    for _ in range(12):
        work = by(work, AGENT, after=rng.randrange(1, 6) * HOUR)
        for person in PEOPLE:
            offered = options(by(work, person), ticket).legal
            for action in rng.sample([one for one in DEEDS if one not in offered], 4):
                with pytest.raises(HotlineError), session.begin_nested():
                    DEEDS[action](by(work, person), ticket)
        person, action = the_next(rng, work, ticket)
        DEEDS[action](by(work, person), ticket)
