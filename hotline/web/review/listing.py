"""The list beside every page of the desk, by what waits (待审清单)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask import request, url_for

from hotline.lifecycle import Status
from hotline.models.application import Application, ApplicationKind
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import applications, deadlines, requested, worklists
from hotline.web import forms, onward
from hotline.work import Work


class Tab(StrEnum):
    RESULTS = "results"
    EXTENSION = "extension"
    SUSPENSION = "suspension"
    EXCLUSION = "exclusion"
    HELD = "held"


TAB_NAMES = {
    Tab.RESULTS: "待审核结果",
    Tab.EXTENSION: "延期",
    Tab.SUSPENSION: "挂起",
    Tab.EXCLUSION: "剔除",
    Tab.HELD: "挂起中",
}
NOTHING = {
    Tab.RESULTS: "没有待审核的办理结果",
    Tab.EXTENSION: "没有待审的延期申请",
    Tab.SUSPENSION: "没有待审的挂起申请",
    Tab.EXCLUSION: "没有待审的剔除申请",
    Tab.HELD: "没有挂起中的工单",
}
PAGES = {
    Tab.RESULTS: "review.result",
    Tab.EXTENSION: "review.extension",
    Tab.SUSPENSION: "review.suspension",
    Tab.EXCLUSION: "review.exclusion",
    Tab.HELD: "review.resume",
}
ASKED = {
    Tab.EXTENSION: ApplicationKind.EXTENSION,
    Tab.SUSPENSION: ApplicationKind.SUSPENSION,
    Tab.EXCLUSION: ApplicationKind.EXCLUSION,
}
SUSPENDED = worklists.Filter(tab="held", status=Status.SUSPENDED)


@dataclass(frozen=True)
class Row:
    """One line of the list: a ticket, the application that waits on it, the clock to show."""

    ticket: Ticket
    application: Application | None = None
    clock: Deadline | None = None


@dataclass(frozen=True)
class Listed:
    """The list beside the page. `after`: key of its next part, `start`: key of this one."""

    tab: Tab
    rows: Sequence[Row]
    counts: dict[Tab, int]
    after: str | None
    start: str

    def address(self, number: str) -> str:
        return url_for(PAGES[self.tab], number=number, after=self.start or None)

    def following(self, number: str) -> str:
        """Return the number of the line after this one, the first's after the last; empty when alone."""
        return onward.following([row.ticket.number for row in self.rows], number)


def listed(work: Work, tab: Tab) -> Listed:
    start = request.args.get("after", "")[: forms.LINE_LENGTH]
    if tab in ASKED:
        asked = requested.waiting_applications(work, ASKED[tab], after=start)
        rows = [Row(one.ticket, one.application) for one in asked.waiting]
        return Listed(tab, rows, _counts(work), asked.after, start)
    page = worklists.page(
        work, SUSPENDED if tab is Tab.HELD else worklists.Filter(tab="to_review"), after=start
    )
    clocks = deadlines.nearest_of(work, page.tickets)
    rows = [Row(ticket, clock=clocks.get(ticket.id)) for ticket in page.tickets]
    return Listed(tab, rows, _counts(work), page.after, start)


def _counts(work: Work) -> dict[Tab, int]:
    waiting = applications.waiting_counts(work)
    counts = {tab: waiting.get(kind, 0) for tab, kind in ASKED.items()}
    counts[Tab.RESULTS] = worklists.counts(work, ["to_review"])["to_review"]
    counts[Tab.HELD] = worklists.counts(work, ["held"], SUSPENDED)["held"]
    return counts
