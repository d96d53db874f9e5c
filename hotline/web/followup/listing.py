"""The list beside every page of the desk: what to judge, then whom to call (回访清单)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for

from hotline.models.deadline import Deadline
from hotline.models.follow_up import FollowUp
from hotline.models.ticket import Ticket
from hotline.tickets import callbacks, deadlines, followup, worklists
from hotline.web import forms, onward
from hotline.work import Work


@dataclass(frozen=True)
class Row:
    """One line of the list: the ticket, this round's attempts, its clock, and from when to call again."""

    ticket: Ticket
    attempts: Sequence[FollowUp]
    clock: Deadline | None
    again_at: datetime | None


@dataclass(frozen=True)
class Listed:
    """The list beside the page: bad answers to judge on top, then whom to call. `after` as in worklists."""

    to_judge: Sequence[Row]
    to_call: Sequence[Row]
    counts: Mapping[str, int]
    after: str | None
    start: str

    def address(self, number: str) -> str:
        return url_for("followup.person", number=number, after=self.start or None)

    def first(self) -> str | None:
        rows = [*self.to_judge, *self.to_call]
        return rows[0].ticket.number if rows else None

    def following(self, number: str) -> str:
        """Return the number of the line after this one, the first's after the last; empty when alone."""
        numbers = [row.ticket.number for row in (*self.to_judge, *self.to_call)]
        return onward.following(numbers, number)


def listed(work: Work) -> Listed:
    start = request.args.get("after", "")[: forms.LINE_LENGTH]
    judged = worklists.page(work, worklists.Filter(tab="to_judge")).tickets if not start else []
    page = worklists.page(work, worklists.Filter(tab="to_follow_up"), after=start)
    tickets = [*judged, *page.tickets]
    tried, clocks = callbacks.attempts_on(work, tickets), deadlines.nearest_of(work, tickets)

    def row(ticket: Ticket) -> Row:
        attempts = tried.get(ticket.id, [])
        return Row(ticket, attempts, clocks.get(ticket.id), followup.again_at(work, ticket, attempts))

    return Listed(
        to_judge=[row(ticket) for ticket in judged],
        to_call=[row(ticket) for ticket in page.tickets],
        counts=worklists.counts(work, ["to_judge", "to_follow_up"]),
        after=page.after,
        start=start,
    )
