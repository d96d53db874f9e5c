"""The six figures of the board: each with its definition, and the address of exactly its tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for

from hotline import labels
from hotline.tickets import scorecard, worklists
from hotline.tickets.evidence import Event
from hotline.tickets.scorecard import DayCount, Measure, Rate
from hotline.web.supervisor.lines import Spark, spark
from hotline.work import Work

ACCURACY_DAYS, ANSWER_DAYS = 7, 30
COUNTED = ["open", "soon", "today", "overdue"]


@dataclass(frozen=True)
class Figure:
    """`about`: how it is counted, the meaning of its line included. `tone`: near, overdue or "".

    `note_href`: the list of what the note counts, where that is another.
    """

    name: str
    value: str
    unit: str
    href: str
    note: str
    about: str
    tone: str = ""
    line: Spark | None = None
    note_href: str | None = None


def figures(work: Work, days: Sequence[DayCount], satisfaction: Rate) -> list[Figure]:
    """Return the six, in reading order. `days`: the trend, today last. Five queries."""
    counts = worklists.counts(work, COUNTED)
    today = days[-1]
    return [
        Figure(
            "今日受理",
            f"{today.logged:,}",
            "件",
            url_for("tickets.list_page", tab="all", since=today.day.isoformat()),
            _against_last_week(work, today.logged),
            "今天零点以来登记的工单，不论后来怎样。线：近 14 天每天登记的件数。",
            line=spark([day.logged for day in days]),
        ),
        Figure(
            "在办",
            f"{counts['open']:,}",
            "件",
            url_for("tickets.list_page", tab="open"),
            f"今天办完 {today.closed:,} 件",
            "还没有办完的工单，从待派单到待回访，挂起、挂账也算。",
            note_href=url_for("supervisor.day", event=Event.CLOSED, on=today.day.isoformat()),
        ),
        Figure(
            "24 小时内到期",
            f"{counts['soon']:,}",
            "件",
            url_for("tickets.list_page", tab="soon"),
            f"其中今天 {counts['today']:,} 件",
            "在办工单里，最近一个时限在 24 小时内到期的。暂停计时的不算。",
            tone="near" if counts["soon"] else "",
            note_href=url_for("tickets.list_page", tab="today"),
        ),
        Figure(
            "已超时",
            f"{counts['overdue']:,}",
            "件",
            url_for("tickets.list_page", tab="overdue"),
            f"今天超时 {today.overdue:,} 项",
            "在办工单里，最近一个时限已经过了的。线：近 14 天每天到期没有按时办的时限项数。",
            tone="overdue" if counts["overdue"] else "",
            line=spark([day.overdue for day in days]),
            note_href=url_for("supervisor.day", event=Event.RAN_OUT, on=today.day.isoformat()),
        ),
        _rate(
            f"首派准确率 · {ACCURACY_DAYS} 天",
            scorecard.first_dispatch_accuracy(work, scorecard.since_day(work, ACCURACY_DAYS)),
            url_for("supervisor.evidence", measure=Measure.FIRST_DISPATCH, days=ACCURACY_DAYS),
            f"近 {ACCURACY_DAYS} 天登记并派出的工单里，第一次派的单位没有退回的占几成。"
            "线：近 14 天按登记日。",
            scorecard.first_dispatches_per_day(work, len(days)),
        ),
        _rate(
            f"满意率 · {ANSWER_DAYS} 天",
            satisfaction,
            url_for("supervisor.evidence", measure=Measure.SATISFACTION, days=ANSWER_DAYS),
            f"近 {ANSWER_DAYS} 天接通的回访里，{satisfied_words(work)}的占几成；已剔除的不算。"
            "线：近 14 天按回访日。",
            scorecard.satisfaction_per_day(work, len(days)),
        ),
    ]


def satisfied_words(work: Work) -> str:
    """Return from which answer on someone counts as satisfied: `回答“一般”及以上`."""
    return f"回答“{labels.SATISFIED[str(work.city.scorecard.satisfied_from)]}”及以上"


def _against_last_week(work: Work, logged: int) -> str:
    """Compare with the same hours of the same weekday: `较上周二 +6%`."""
    midnight = scorecard.since_day(work, 1)
    week = timedelta(days=7)
    before = scorecard.logged_between(work, midnight - week, work.now - week)
    weekday = labels.WEEKDAYS[midnight.weekday()]
    if not before:
        return f"上周{weekday}此时 0 件"
    return f"较上周{weekday}此时 {(logged - before) / before:+.0%}"


def _rate(name: str, rate: Rate, href: str, about: str, days: Sequence[Rate]) -> Figure:
    value = "—" if rate.value is None else f"{rate.value:.1%}".removesuffix("%")
    note = f"n={rate.denominator:,} ±{half_width(rate):.1f}" if rate.denominator else "还没有结果"
    line = spark([day.value for day in days])
    return Figure(name, value, "%" if rate.denominator else "", href, note, about, line=line)


def half_width(rate: Rate) -> float:
    """Return half of the 95 % interval, in points of a percent."""
    low, high = rate.interval
    return (high - low) * 50
