"""派单质量: how often the first dispatch was right, whose returns were valid, what the detours cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Role
from hotline.tickets import dispatch_quality, scorecard
from hotline.tickets.dispatch_quality import Asked, By, Figure, Quality
from hotline.tickets.evidence import Share
from hotline.web import filters, forms
from hotline.web.access import open_to
from hotline.web.supervisor.blueprint import pages
from hotline.web.supervisor.rates import PERIODS
from hotline.work import Work

BY_NAMES = {By.CATEGORY: "事项", By.DEPARTMENT: "单位", By.DISPATCHER: "派单员"}
FIGURE_NAMES = {
    Figure.DISPATCHED: "派出的工单",
    Figure.KEPT: "首派没有退的工单",
    Figure.WRONG: "首派退回过的工单",
    Figure.GRANTED: "同意的退单",
    Figure.REFUSED: "驳回的退单",
}
# How the address names the row without a key.
NOBODY = "-"


class QualityQuery(forms.Form):
    days: Literal["7", "30", "90"] = "30"
    by: By = By.CATEGORY


class TicketsQuery(forms.Form):
    figure: Figure
    days: Literal["7", "30", "90"] = "30"
    by: By | None = None
    key: forms.Line = ""
    after: forms.Line = ""


@dataclass(frozen=True)
class Line:
    name: str
    key: str
    row: Quality


@pages.get("/dispatch-quality", endpoint="quality")
@open_to(Role.SUPERVISOR)
def quality_page() -> ResponseReturnValue:
    query = forms.read(QualityQuery, request.args)
    with runtime.view(g.viewer) as work:
        since = scorecard.since_day(work, int(query.days))
        rows = dispatch_quality.quality(work, since, query.by)
        lines = _lines(work, query.by, rows)
        minimum = work.city.scorecard.minimum
        return render_template(
            "supervisor/quality.html",
            work=work,
            days=int(query.days),
            periods=PERIODS,
            by=query.by,
            by_names=BY_NAMES,
            since=since,
            total=dispatch_quality.sum_of(rows),
            enough=[one for one in lines if one.row.accuracy.denominator >= minimum],
            few=[one for one in lines if one.row.accuracy.denominator < minimum],
            minimum=minimum,
        )


def _lines(work: Work, by: By, rows: Sequence[Quality]) -> list[Line]:
    """Return the rows with their names, the least accurate first; of equal ones the larger."""
    people = dispatch_quality.names_of(work, rows) if by is By.DISPATCHER else {}
    lines = [
        Line(_name(work, by, one.key, people), NOBODY if one.key is None else str(one.key), one)
        for one in rows
    ]
    return sorted(lines, key=lambda one: (one.row.accuracy.value or 0, -one.row.accuracy.denominator))


def _name(work: Work, by: By, key: str | int | None, people: dict[int, str]) -> str:
    if by is By.DISPATCHER:
        return people.get(int(key), str(key)) if key is not None else "自动派单"
    words = None if key is None else str(key)
    return filters.category(words, work) if by is By.CATEGORY else filters.department(words, work)


@pages.get("/dispatch-quality/tickets")
@open_to(Role.SUPERVISOR)
def quality_tickets() -> ResponseReturnValue:
    """List what one number of the page is made of."""
    query = forms.read(TicketsQuery, request.args)
    with runtime.view(g.viewer) as work:
        since = scorecard.since_day(work, int(query.days))
        key = _key(query)
        found = dispatch_quality.tickets_of(
            work, Asked(query.figure, since, query.by, key), after=query.after or None
        )
        people = (
            dispatch_quality.names_of(work, [dispatch_quality.row_of(key)])
            if query.by is By.DISPATCHER
            else {}
        )
        whose = _name(work, query.by, key, people) if query.by else "全市"
        name = FIGURE_NAMES[query.figure]
        return render_template(
            "supervisor/evidence.html",
            work=work,
            title=f"{name} · {whose} · 近 {query.days} 天 · {found.rate.denominator} 件",
            measure=None,
            tabs=[],
            share=Share.ALL,
            found=found,
            parts=(name, name),
            args=request.args.to_dict(),
            endpoint="supervisor.quality_tickets",
            back=url_for(".quality", days=query.days, by=query.by or By.CATEGORY),
        )


def _key(query: TicketsQuery) -> str | int | None:
    if query.key in ("", NOBODY):
        return None
    if query.by is not By.DISPATCHER:
        return query.key
    return int(query.key) if query.key.isdecimal() and len(query.key) < 19 else -1
