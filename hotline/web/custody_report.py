"""The report of responsible time (责任时间) for a supervisor, or for one department: page, lists, file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.cities.catalogue_files import as_csv
from hotline.errors import InvalidInput
from hotline.lifecycle import Role
from hotline.models.application import ApplicationKind
from hotline.tickets import scorecard
from hotline.tickets.custody.evidence import Asked, tickets_of
from hotline.tickets.custody.facts import Figure
from hotline.tickets.custody.report import Basis, Lengths, Period, Report, Row, WaitRow, report
from hotline.tickets.custody.stretches import Party, Side
from hotline.tickets.holders import Holder
from hotline.tickets.scorecard import Rate
from hotline.web import custody, filters, forms
from hotline.work import Work

PERIODS = (7, 30, 90)
BASES: Mapping[Basis, str] = {Basis.CLOSED: "结案的工单", Basis.LOGGED: "登记的工单"}
# Rows that are shown at once; the others unfold.
SHOWN = 30
# What a number counts, in the words of its list: the name, what its length is, and its measure word.
FIGURES: Mapping[Figure, tuple[str, str, str]] = {
    Figure.HELD: ("经手的工单", "占用", "件"),
    Figure.BREACH: ("负责的超时", "超时", "项"),
    Figure.INHERITED: ("接手已晚的超时", "超时", "项"),
    Figure.ELSEWHERE: ("时限在名下、责任在别处的超时", "超时", "项"),
    Figure.WAITED: ("审过的申请", "等了", "次"),
    Figure.WAITING: ("还在等的申请", "已等", "次"),
    Figure.FIRST_MET: ("首次办结按期", "登记后", "件"),
    Figure.FIRST_LATE: ("首次办结超时", "登记后", "件"),
    Figure.FINAL_MET: ("最终办结按期", "登记后", "件"),
    Figure.FINAL_LATE: ("最终办结超时", "登记后", "件"),
    Figure.SOLVED_AT_ONCE: ("一次就解决", "登记后", "件"),
    Figure.NOT_AT_ONCE: ("一次没解决", "登记后", "件"),
}
COLUMNS = (
    *("类别", "名称", "工单数", "占比", "自然小时合计", "自然小时中位", "自然小时P90"),
    *("上班小时合计", "上班小时中位", "上班小时P90", "负责的超时", "其中接手已晚", "时限在名下责任在别处"),
    *("首次办结按期", "首次办结应判", "最终办结按期", "最终办结应判", "还在等"),
)


class TimeQuery(forms.Form):
    """`since` and `until` are whole local days, both included, and win over `days`."""

    days: Literal["7", "30", "90"] = "30"
    since: forms.Day | None = None
    until: forms.Day | None = None
    view: Basis = Basis.CLOSED


class TicketsQuery(TimeQuery):
    figure: Figure
    side: Side | None = None
    holder: forms.Line = ""
    kind: ApplicationKind | None = None
    page: int = 1


@dataclass(frozen=True)
class Line:
    """A row with its name and what names it in an address."""

    name: str
    row: Row
    address: dict[str, str]


@dataclass(frozen=True)
class Asking:
    """A period in words, and what names it in an address."""

    period: Period
    words: str
    address: dict[str, str]
    query: TimeQuery


def asking(work: Work, query: TimeQuery, department: str | None) -> Asking:
    """Raises InvalidInput for a period that ends before it begins."""
    zone, today = work.city.zone, work.city.calendar.day_of(work.now)
    first = query.since or scorecard.since_day(work, int(query.days)).astimezone(zone).date()
    last = query.until or today
    if last < first:
        raise InvalidInput({"until": "days_turned"})
    period = period_of(work, first, last, query.view, department)
    given = query.model_dump(exclude_defaults=True, include={"days", "since", "until", "view"})
    ours = query.since or query.until
    words = f"{first} 至 {last}" if ours else f"近 {query.days} 天"
    return Asking(period, words, {name: str(value) for name, value in given.items()}, query)


def period_of(work: Work, first: date, last: date, basis: Basis, department: str | None = None) -> Period:
    """Return the period of whole local days, both included."""
    begin, end = (
        datetime.combine(day, time.min, work.city.zone) for day in (first, last + timedelta(days=1))
    )
    return Period(begin, end, basis, department)


def show(department: str | None, endpoints: Mapping[str, str]) -> ResponseReturnValue:
    """Answer with the page. `endpoints`: of `page`, `tickets` and `file`."""
    query = forms.read(TimeQuery, request.args)
    with runtime.view(g.viewer) as work:
        asked = asking(work, query, department)
        found = report(work, asked.period)
        lines = [_line(work, row) for row in found.rows]
        return render_template(
            "custody/report.html",
            work=work,
            asked=asked,
            found=found,
            department=department,
            departments=[one for one in lines if one.row.party.side is Side.DEPARTMENT],
            others=[one for one in lines if one.row.party.side is not Side.DEPARTMENT],
            bar=list(_bar(found)),
            endpoints=endpoints,
            periods=PERIODS,
            bases=BASES,
            shown=SHOWN,
            little=work.city.scorecard.inherited_below,
        )


def _line(work: Work, row: Row) -> Line:
    holder = row.party.holder.desk or row.party.holder.department or ""
    return Line(filters.party(row.party, work), row, {"side": row.party.side, "holder": holder})


def _bar(found: Report) -> Iterator[tuple[str, custody.Segment, float]]:
    """Yield the sides of the whole city in words, each with its place in a bar and its share."""
    x = 0.0
    for side in Side:
        share = sum(row.share for row in found.rows if row.party.side is side)
        tone = "department-1" if side is Side.DEPARTMENT else str(side)
        if share:
            yield labels.SIDES[side], custody.Segment(round(x, 2), round(100 * share, 2), tone), share
        x += 100 * share


def show_tickets(department: str | None, endpoints: Mapping[str, str]) -> ResponseReturnValue:
    """Answer with the tickets that one number counts, the longest first."""
    query = forms.read(TicketsQuery, request.args)
    with runtime.view(g.viewer) as work:
        asked = asking(work, query, department)
        party = _party(query)
        wanted = Asked((query.figure,), party, query.kind)
        found = tickets_of(work, asked.period, wanted, page=max(query.page, 1))
        figure, length, unit = FIGURES[query.figure]
        whose = [filters.party(party, work)] if party else []
        kind = [labels.APPLICATION_KINDS[query.kind]] if query.kind else []
        return render_template(
            "custody/tickets.html",
            work=work,
            title=" · ".join([figure, *whose, *kind, asked.words]),
            found=found,
            length=length,
            unit=unit,
            args=request.args.to_dict(),
            asked=asked,
            endpoints=endpoints,
        )


def _party(query: TicketsQuery) -> Party | None:
    """Return whose tickets are asked for. Raises InvalidInput for a desk that there is not."""
    if query.side is None:
        return None
    if query.side is Side.DEPARTMENT:
        return Party(query.side, Holder(department=query.holder))
    if query.side in (Side.DESK, Side.APPROVAL):
        if query.holder not in labels.DESKS:
            raise InvalidInput({"holder": "choice"})
        return Party(query.side, Holder(desk=Role(query.holder)))
    return Party(query.side, Holder())


def answer_file(department: str | None) -> ResponseReturnValue:
    """Answer with the report as csv."""
    query = forms.read(TimeQuery, request.args)
    with runtime.view(g.viewer) as work:
        asked = asking(work, query, department)
        content = written(work, report(work, asked.period))
        last = asked.period.end - timedelta(days=1)
        name = f"time-{asked.period.begin:%Y%m%d}-{last:%Y%m%d}.csv"
    answer = Response(content, content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def written(work: Work, found: Report) -> bytes:
    """Return a report as csv: a row for each party, then one for each kind of decision."""
    rows = [_cells(work, row) for row in found.rows] + [_wait_cells(one) for one in found.waits]
    return as_csv(COLUMNS, [dict(zip(COLUMNS, cells, strict=True)) for cells in rows])


def _cells(work: Work, row: Row) -> tuple[str, ...]:
    return (
        labels.SIDES[row.party.side],
        filters.party(row.party, work),
        *(str(row.natural.number), f"{row.share:.4f}", *_hours(row.natural), *_hours(row.working)),
        *(str(row.breaches), str(row.inherited), str(row.elsewhere)),
        *_fraction(row.first),
        *_fraction(row.final),
        "",
    )


def _wait_cells(one: WaitRow) -> tuple[str, ...]:
    name = f"{labels.DESKS[one.desk]} · {labels.APPLICATION_KINDS[one.kind]}"
    lengths = (*_hours(one.natural), *_hours(one.working))
    return ("审批用时", name, str(one.natural.number), "", *lengths, *([""] * 7), str(one.open))


def _hours(lengths: Lengths) -> tuple[str, ...]:
    found = (lengths.total, lengths.median, lengths.p90)
    return tuple("" if one is None else f"{one / timedelta(hours=1):.2f}" for one in found)


def _fraction(rate: Rate) -> tuple[str, str]:
    return str(rate.numerator), str(rate.denominator)
