"""The passport of one clock on a page of its own, to be printed, and as JSON."""

from collections.abc import Iterator
from datetime import timedelta

from flask import Blueprint, g, jsonify, render_template
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.errors import NotFound
from hotline.models.deadline import Deadline, iso
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline, worklists
from hotline.web.access import DEPARTMENT_ROLES, HOTLINE_ROLES, open_to
from hotline.web.passports import Explained, explained, passports
from hotline.work import Work
from sla import Row

pages = Blueprint("arithmetic", __name__, url_prefix="/tickets")
DESKS = HOTLINE_ROLES | DEPARTMENT_ROLES
A_SECOND = timedelta(seconds=1)


@pages.get("/<number>/passport/<clock>")
@open_to(*DESKS)
def show(number: str, clock: str) -> ResponseReturnValue:
    """Show it on a sheet. `clock` is its key with dashes: resolve-1-1."""
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        deadline = _clock(work, ticket, clock)
        shown = passports(work, ticket, [deadline])[deadline.id]
        return render_template(
            "tickets/passport.html", work=work, ticket=ticket, deadline=deadline, passport=shown, clock=clock
        )


@pages.get("/<number>/passport/<clock>.json")
@open_to(*DESKS)
def as_json(number: str, clock: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        deadline = _clock(work, ticket, clock)
        shown = explained(work, deadline, timeline.spells(work, ticket))
        return jsonify(_table(work, ticket, shown))


def _clock(work: Work, ticket: Ticket, key: str) -> Deadline:
    """Raises NotFound."""
    for deadline in deadlines.all_of(work, ticket):
        if deadline.key.replace("/", "-") == key:
            return deadline
    raise NotFound("clock", f"{ticket.number}/{key}")


def _table(work: Work, ticket: Ticket, shown: Explained) -> dict[str, object]:
    one, ran = shown.deadline, shown.arithmetic
    return {
        "ticket": ticket.number,
        "clock": one.key,
        "rule": one.rule,
        "policy": one.policy,
        "calendar": one.calendar_version,
        "allowance": one.allowance,
        "extension": one.extension,
        "started_at": iso(one.started_at),
        "due_at": iso(one.due_at),
        "settled_at": iso(one.settled_at),
        "outcome": one.outcome,
        "provisional": ran.provisional,
        "granted_seconds": int(ran.granted.total_seconds()),
        "counted_seconds": int(ran.counted.total_seconds()),
        "rows": list(_rows(work, shown)),
    }


def _rows(work: Work, shown: Explained) -> Iterator[dict[str, object]]:
    """Yield the rows in whole seconds: differences of the running total, so that they add up to it."""
    run = timedelta()
    for row in shown.arithmetic.rows:
        before = run // A_SECOND
        run += row.counted
        yield _row(work, shown, row, counted=run // A_SECOND - before)


def _row(work: Work, shown: Explained, row: Row, *, counted: int) -> dict[str, object]:
    zone = work.city.zone
    return {
        "date": row.day.isoformat(),
        "from": row.begin.astimezone(zone).isoformat(),
        "to": row.end.astimezone(zone).isoformat(),
        "counted_seconds": counted,
        "reason": row.reason,
        "name": row.name,
        "pause": shown.stops[row.pause].status if row.pause is not None else None,
        "provisional": row.provisional,
    }
