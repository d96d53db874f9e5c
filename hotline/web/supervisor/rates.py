"""The three rates by department (三率), and the tickets that each fraction is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Role
from hotline.tickets import scorecard
from hotline.tickets.evidence import Event, Question, Share, evidence, of_day
from hotline.tickets.scorecard import DepartmentRow, Measure, Rate
from hotline.web import filters, forms
from hotline.web.access import open_to
from hotline.web.supervisor.blueprint import pages
from hotline.web.supervisor.board import shares
from hotline.web.supervisor.figures import satisfied_words
from hotline.work import Work

PERIODS = (7, 30, 90)
USUAL_DAYS = 30
NAMES = {
    Measure.RESPONSE: "响应率",
    Measure.RESOLUTION: "解决率",
    Measure.SATISFACTION: "满意率",
    Measure.ON_TIME: "按期办结率",
    Measure.FIRST_DISPATCH: "首派准确率",
}
# What stands above the two parts of a fraction, and what the list calls them.
PARTS = {
    Measure.RESPONSE: ("联系过", "没联系"),
    Measure.RESOLUTION: ("已解决", "没解决、部分解决"),
    Measure.SATISFACTION: ("满意", "不满意"),
    Measure.ON_TIME: ("按期", "超时"),
    Measure.FIRST_DISPATCH: ("没有退回", "退回过"),
}
RANKED = (Measure.RESPONSE, Measure.RESOLUTION, Measure.SATISFACTION, Measure.ON_TIME)
# The left end of the scale that intervals are drawn on, in percent.
SCALE_FROM = 50


class PeriodQuery(forms.Form):
    days: Literal["7", "30", "90"] = "30"
    sort: Measure = Measure.SATISFACTION


class EvidenceQuery(forms.Form):
    measure: Measure
    days: Literal["7", "30", "90"] = "30"
    department: forms.Line = ""
    share: Share = Share.ALL
    after: forms.Line = ""


class DayQuery(forms.Form):
    event: Event
    on: forms.Day
    after: forms.Line = ""


@dataclass(frozen=True)
class Bar:
    """An interval on the scale, in percent of its width. `small`: too few answers to be ranked."""

    point: float
    low: float
    high: float
    words: str
    small: bool


@dataclass(frozen=True)
class Standing:
    """A department with its rates by measure. `place`: "3" or "1–3", empty where it is not ranked."""

    row: DepartmentRow
    rates: dict[Measure, Rate]
    place: str
    bar: Bar | None


@pages.get("/scorecard", endpoint="scorecard")
@open_to(Role.SUPERVISOR)
def scorecard_page() -> ResponseReturnValue:
    query = forms.read(PeriodQuery, request.args)
    days, sort = int(query.days), query.sort if query.sort in RANKED else Measure.SATISFACTION
    with runtime.view(g.viewer) as work:
        since = scorecard.since_day(work, days)
        card = scorecard.read(work, since)
        standings = standings_of(work, card.departments, sort)
        return render_template(
            "supervisor/scorecard.html",
            work=work,
            days=days,
            periods=PERIODS,
            sort=sort,
            since=since,
            cards=[(share, bar_of(share.rate, minimum=0)) for share in shares(card, days)],
            left_out=scorecard.left_out(work, since),
            ranked=[one for one in standings if one.place],
            few=[one for one in standings if not one.place],
            minimum=work.city.scorecard.minimum,
            measures=RANKED,
            names=NAMES,
            parts=PARTS,
            satisfied=satisfied_words(work),
            scale_from=SCALE_FROM,
        )


def standings_of(work: Work, rows: Sequence[DepartmentRow], sort: Measure) -> list[Standing]:
    """Return the departments that have any of `sort`, the best first, then small samples, unranked."""
    minimum = work.city.scorecard.minimum
    measured = {row.code: (row, rates_of(row)) for row in rows}
    counted = {code: rates[sort] for code, (_, rates) in measured.items() if rates[sort].denominator}
    places = scorecard.rank_ranges(
        {code: rate for code, rate in counted.items() if rate.denominator >= minimum}
    )
    best = sorted(places, key=lambda code: (-(counted[code].value or 0), -counted[code].denominator, code))
    small = sorted(set(counted) - set(places), key=lambda code: (-counted[code].denominator, code))
    return [
        Standing(*measured[code], _place(places.get(code)), bar_of(counted[code], minimum=minimum))
        for code in (*best, *small)
    ]


def rates_of(row: DepartmentRow) -> dict[Measure, Rate]:
    rates = row.rates
    return dict(zip(RANKED, (rates.response, rates.resolution, rates.satisfaction, row.on_time), strict=True))


def _place(place: tuple[int, int] | None) -> str:
    if place is None:
        return ""
    best, worst = place
    return str(best) if best == worst else f"{best}–{worst}"


def bar_of(rate: Rate, *, minimum: int) -> Bar | None:
    if rate.value is None:
        return None
    low, high = rate.interval
    words = f"{rate.value:.1%}，区间 {low * 100:.1f} 到 {high * 100:.1f}"
    return Bar(_on_scale(rate.value), _on_scale(low), _on_scale(high), words, rate.denominator < minimum)


def _on_scale(part: float) -> float:
    return round(min(max((part * 100 - SCALE_FROM) / (100 - SCALE_FROM), 0), 1) * 100, 1)


@pages.get("/evidence", endpoint="evidence")
@open_to(Role.SUPERVISOR)
def evidence_page() -> ResponseReturnValue:
    query = forms.read(EvidenceQuery, request.args)
    with runtime.view(g.viewer) as work:
        if query.department and query.department not in work.city.departments:
            raise InvalidInput({"department": "unknown_department"})
        since = scorecard.since_day(work, int(query.days))
        question = Question(query.measure, since, query.department or None)
        found = evidence(work, question, query.share, after=query.after or None)
        whose = filters.department(query.department, work) if query.department else "全市"
        met, missed = PARTS[query.measure]
        return render_template(
            "supervisor/evidence.html",
            work=work,
            title=f"{NAMES[query.measure]} · {whose} · 近 {query.days} 天",
            measure=query.measure,
            tabs=[
                (Share.ALL, "全部", found.rate.denominator),
                (Share.MET, met, found.rate.numerator),
                (Share.MISSED, missed, found.rate.denominator - found.rate.numerator),
            ],
            share=query.share,
            found=found,
            parts=PARTS[query.measure],
            args=request.args.to_dict(),
            endpoint="supervisor.evidence",
            back=url_for(".scorecard", days=query.days) if query.measure in RANKED else url_for(".board"),
        )


@pages.get("/day")
@open_to(Role.SUPERVISOR)
def day() -> ResponseReturnValue:
    """List what the trend counted on one day: what was closed, or which clocks ran out."""
    query = forms.read(DayQuery, request.args)
    with runtime.view(g.viewer) as work:
        found = of_day(work, query.event, query.on, after=query.after or None)
        closed = query.event is Event.CLOSED
        return render_template(
            "supervisor/evidence.html",
            work=work,
            title=filters.local_day(query.on, work) + ("办完的工单" if closed else "到期没有按时办的时限"),
            measure=None if closed else Measure.ON_TIME,
            tabs=[],
            share=Share.ALL,
            found=found,
            parts=("办完", "") if closed else ("超时", ""),
            args=request.args.to_dict(),
            endpoint="supervisor.day",
            back=url_for(".board"),
        )
