"""What waits for the supervisor: rulings to make, bad answers to judge, late tickets nobody watches."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from hotline.models.application import Application
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, requested, worklists
from hotline.tickets.holders import Holder, holder_of
from hotline.web import filters
from hotline.work import Work

DECISIONS, UNWATCHED = 3, 4
# In the order in which they are asked for: list, what it is, where it is decided, words of its button.
KINDS = (
    ("disputed", "等裁定", "supervisor.name_provisional", "看证据并处理"),
    ("for_arbiter", "须会商", "supervisor.open_dispute", "看证据"),
    ("after_limit", "末轮仍不满意", "supervisor.judge", "研判"),
)


@dataclass(frozen=True)
class Decision:
    """`facts`: who says what, in one sentence."""

    ticket: Ticket
    name: str
    facts: str
    clock: Deadline | None
    href: str
    button: str


@dataclass(frozen=True)
class Group:
    """What is left of one kind: its words, how many, its list."""

    name: str
    number: int
    href: str


@dataclass(frozen=True)
class Decisions:
    shown: tuple[Decision, ...]
    total: int
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Late:
    """Late tickets without supervision, the latest first."""

    tickets: Sequence[Ticket]
    clocks: dict[int, Deadline]
    holders: dict[int, Holder]
    total: int


def decisions(work: Work) -> Decisions:
    """Return what only the supervisor can decide. At most six queries."""
    counts = worklists.counts(work, [tab for tab, *_ in KINDS])
    found: list[tuple[Ticket, str, str, str]] = []
    for tab, name, endpoint, button in KINDS:
        wanted = DECISIONS - len(found)
        if wanted and counts[tab]:
            tickets = worklists.page(work, worklists.Filter(tab=tab), size=wanted).tickets
            found += [(ticket, name, endpoint, button) for ticket in tickets]
    tickets = [ticket for ticket, *_ in found]
    clocks, returns = deadlines.nearest_of(work, tickets), requested.returns_of(work, tickets)
    shown = tuple(
        Decision(
            ticket,
            _name(name, returns.get(ticket.id, [])),
            _facts(work, ticket, returns.get(ticket.id, [])),
            clocks.get(ticket.id),
            url_for(endpoint, number=ticket.number, back=url_for("supervisor.board")),
            button,
        )
        for ticket, name, endpoint, button in found
    )
    groups = tuple(
        Group(name, counts[tab], url_for("supervisor.disputes") if tab == "disputed" else _list(tab))
        for tab, name, *_ in KINDS
        if counts[tab]
    )
    return Decisions(shown, sum(counts.values()), groups)


def _list(tab: str) -> str:
    return url_for("tickets.list_page", tab=tab)


def _name(name: str, returns: Sequence[Application]) -> str:
    return f"{name} · 第 {len(returns)} 次退单" if returns and "不满意" not in name else name


def _facts(work: Work, ticket: Ticket, returns: Sequence[Application]) -> str:
    if not returns:
        return f"{filters.department(ticket.lead_code, work)}，已办 {ticket.round} 轮"
    refused = "、".join(dict.fromkeys(filters.department(one.department_code, work) for one in returns))
    pointed = "、".join(
        dict.fromkeys(filters.department(one.suggested_code, work) for one in returns if one.suggested_code)
    )
    return f"{refused}申请退单" + (f"，认为该由{pointed}办" if pointed else "")


def late(work: Work) -> Late:
    """Return what is late and not yet supervised. Three queries, one more for each in dispute."""
    total = worklists.counts(work, ["unwatched"])["unwatched"]
    tickets = worklists.page(work, worklists.Filter(tab="unwatched"), size=UNWATCHED).tickets if total else []
    holders = {ticket.id: holder_of(work, ticket) for ticket in tickets}
    return Late(tickets, deadlines.nearest_of(work, tickets), holders, total)
