"""The supervisor's board (督办看板) and the wall screen (大屏): where it is, why, and what to decide."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from hotline import labels, runtime
from hotline.lifecycle import Action, Role, Status
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import alarms, deadlines, scorecard, timeline, upkeep, worklists
from hotline.tickets.scorecard import DepartmentRow, Measure, Rate, Scorecard
from hotline.web import filters
from hotline.web.access import open_to
from hotline.web.supervisor import heat, waiting
from hotline.web.supervisor.blueprint import pages
from hotline.web.supervisor.figures import ANSWER_DAYS, figures
from hotline.work import Work
from routing import Level

EVERY_SECONDS = 15
TREND_DAYS = 14
WALL_ROWS, WALL_NEWS = 7, 5
# So many rungs beyond red on the rail.
RANG = 4
# What is told on the wall: what went wrong, and what was done about it.
NEWS = frozenset(
    {
        Action.BREACH,
        Action.SUPERVISE,
        Action.REQUEST_RETURN,
        Action.OPEN_DISPUTE,
        Action.DESIGNATE,
        Action.SEND_BACK,
        Action.REOPEN,
        Action.WITHDRAW,
    }
)


@dataclass(frozen=True)
class Share:
    """One rate with the address of what it is made of."""

    name: str
    rate: Rate
    href: str


@dataclass(frozen=True)
class Urgent:
    """A row of the wall: a department and the ticket there that falls due first."""

    row: DepartmentRow
    cells: dict[Status, int]
    clock: Deadline | None


@dataclass(frozen=True)
class News:
    """One line of the wall: no name, no number, no address."""

    at: str
    what: str
    where: str


@pages.get("/")
@open_to(Role.SUPERVISOR)
def board() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return render_template("supervisor/board.html", **_board(work), **_polling(work, "board"))


@pages.get("/live")
@open_to(Role.SUPERVISOR)
def board_live() -> ResponseReturnValue:
    """The moving part of the board; 304 while nothing has happened."""
    with runtime.view(g.viewer) as work:
        return _unless_known(work, "supervisor/_board.html", _board)


@pages.get("/wallboard")
@open_to(Role.SUPERVISOR)
def wallboard() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return render_template("supervisor/wallboard.html", **_wall(work), **_polling(work, "wallboard"))


@pages.get("/wallboard/live")
@open_to(Role.SUPERVISOR)
def wallboard_live() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return _unless_known(work, "supervisor/_wallboard.html", _wall)


def _polling(work: Work, page: str) -> dict[str, object]:
    return {
        "live_url": url_for(f"supervisor.{page}_live", all=request.args.get("all")),
        "stamp": _stamp(work),
    }


def _stamp(work: Work) -> str:
    """Name what the board shows: clocks run out by themselves, so the minute is part of it."""
    return f"{timeline.latest(work)}-{work.now:%d%H%M}"


def _unless_known(work: Work, template: str, gather: Callable[[Work], dict[str, object]]) -> Response:
    stamp = _stamp(work)
    if request.if_none_match.contains(stamp):
        response = make_response("", 304)
    else:
        response = make_response(render_template(template, **gather(work)))
    response.set_etag(stamp)
    response.headers["X-As-Of"] = _as_of(work)
    return response


def _as_of(work: Work) -> str:
    return f"{work.now.astimezone(work.city.zone):%H:%M:%S}"


def _today(work: Work) -> str:
    today = work.city.calendar.day_of(work.now)
    return f"{today:%m-%d}(周{labels.WEEKDAYS[today.weekday()]})"


def _board(work: Work) -> dict[str, object]:
    days = scorecard.trend(work, TREND_DAYS)
    card = scorecard.read(work, scorecard.since_day(work, ANSWER_DAYS))
    whole = request.args.get("all") == "1"
    return {
        "work": work,
        "as_of": _as_of(work),
        "every": EVERY_SECONDS,
        "today": _today(work),
        "figures": figures(work, days, card.rates.satisfaction),
        "columns": heat.COLUMNS,
        "tiers": heat.tiers(work, card.departments, whole=whole),
        "whole": whole,
        "desks": heat.desks(work),
        "days": days,
        "shares": shares(card, ANSWER_DAYS),
        "period": ANSWER_DAYS,
        "decisions": waiting.decisions(work),
        "late": waiting.late(work),
        "rang": alarms.gravest(work, most=RANG),
        "calendar": upkeep.calendar_end(work),
    }


def shares(card: Scorecard, days: int) -> list[Share]:
    """Return the three rates and the on-time rate of the whole city."""
    named = (
        ("响应率", Measure.RESPONSE, card.rates.response),
        ("解决率", Measure.RESOLUTION, card.rates.resolution),
        ("满意率", Measure.SATISFACTION, card.rates.satisfaction),
        ("按期办结率", Measure.ON_TIME, card.on_time),
    )
    return [
        Share(name, rate, url_for("supervisor.evidence", measure=measure, days=days))
        for name, measure, rate in named
    ]


def _wall(work: Work) -> dict[str, object]:
    days = scorecard.trend(work, TREND_DAYS)
    card = scorecard.read(work, scorecard.since_day(work, ANSWER_DAYS))
    return {
        "work": work,
        "as_of": _as_of(work),
        "every": EVERY_SECONDS,
        "clock": _as_of(work)[:5],
        "today": _today(work),
        "figures": figures(work, days, card.rates.satisfaction),
        "rows": [_urgent(work, row) for row in card.departments[:WALL_ROWS] if row.load.number],
        "news": _news(work),
        "desks": heat.desks(work),
    }


def _urgent(work: Work, row: DepartmentRow) -> Urgent:
    first = worklists.page(work, worklists.Filter(tab="with_department", lead=row.code), size=1).tickets
    clock = deadlines.nearest_of(work, first).get(first[0].id) if first else None
    return Urgent(row, {status: cell.number for status, cell in row.cells.items()}, clock)


def _news(work: Work) -> list[News]:
    found = timeline.recent(work, NEWS, work.now - timedelta(days=1), limit=WALL_NEWS)
    zone = work.city.zone
    return [
        News(f"{event.at.astimezone(zone):%H:%M}", _what(event.action, event.details), _where(work, ticket))
        for event, ticket in found
    ]


def _what(action: Action, details: dict[str, object]) -> str:
    stage = labels.STAGES.get(str(details.get("stage")), "") if action is Action.BREACH else ""
    return f"{stage}{labels.ACTIONS[action]}"


def _where(work: Work, ticket: Ticket) -> str:
    """Say whose it is, in which district, about what; a street or a compound would name the caller's home."""
    district = _district(work, ticket.area_code)
    known = ticket.category_code is not None and ticket.category_code in work.city.taxonomy
    category = work.city.taxonomy[ticket.category_code or ""].name if known else ""
    return " · ".join(filter(None, (filters.department(ticket.lead_code, work), district, category)))


def _district(work: Work, code: str | None) -> str:
    if code is None or code not in work.city.gazetteer:
        return ""
    district = work.city.gazetteer.at_level(code, Level.DISTRICT)
    return district.name if district else ""
