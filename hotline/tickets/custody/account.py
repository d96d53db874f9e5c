"""What the ledger of one ticket comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline.models.follow_up import Solved
from hotline.models.ticket import Ticket
from hotline.tickets import timeline
from hotline.tickets.custody.clocks import Split, splits
from hotline.tickets.custody.results import Result, answers, results
from hotline.tickets.custody.stretches import Share, Stretch, Wait, excluded_rounds, read, shares, waits
from hotline.tickets.proof.story import Story
from hotline.tickets.timeline import Entry
from hotline.work import Work


@dataclass(frozen=True)
class Account:
    """Who had it, what it waited for, how its clocks went and what came of each round.

    `shares` add up to the time from `logged_at` to `ended_at`, or to now while it is open. `clocks`: all that
    are judged, or only those that ran out. `solved`: by round, what the caller said of it last.
    """

    logged_at: datetime
    ended_at: datetime | None
    round: int
    stretches: tuple[Stretch, ...]
    shares: tuple[Share, ...]
    waits: tuple[Wait, ...]
    clocks: tuple[Split, ...]
    results: tuple[Result, ...]
    solved: dict[int, Solved]
    excluded: frozenset[int]
    stands: bool


def account_of(work: Work, ticket: Ticket) -> Account:
    """Return the account of one ticket, with all its clocks. One query."""
    return account(work, timeline.events_of(work, ticket))


def account(work: Work, ledger: Sequence[Entry], *, late_only: bool = False) -> Account:
    """Return what a whole ledger comes to now. No query."""
    found, story = read(ledger, of_caller=work.city.suspension.of_caller)
    past = timeline.spells_of(ledger)
    return Account(
        logged_at=story.row.logged_at,
        ended_at=found[-1].end if found else story.row.logged_at,
        round=story.row.round,
        stretches=tuple(found),
        shares=tuple(shares(work, found)),
        waits=tuple(waits(story)),
        clocks=tuple(splits(work, story, found, past, late_only=late_only)),
        results=results(ledger, story),
        solved=answers(story),
        excluded=excluded_rounds(story),
        stands=_stands(found, story),
    )


def _stands(found: Sequence[Stretch], story: Story) -> bool:
    """An exclusion may be asked for, and an order wait for its reply, after the ticket was closed."""
    over = not found or found[-1].end is not None
    return over and not story.running() and all(one.end for one in waits(story))
