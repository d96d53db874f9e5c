"""What a trial of rules would change, clock by clock, as a table to hand on."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from hotline import labels
from hotline.tickets.whatif.tallies import HOTLINE, Flip
from hotline.web import filters
from hotline.work import Work

HEAD = ("工单编号", "环节", "轮次", "单位", "现行到期", "试算到期", "实际办结", "结果")
TO_LATE, TO_MET = "变超时", "变按时"


def office(code: str | None, work: Work) -> str:
    """Return whose clocks these are; those without a department are the hotline's own."""
    return "热线" if code in (None, HOTLINE) else filters.department(code, work)


def slack(length: timedelta | None) -> str:
    """Return how long was left when the clock in the middle was settled; with a minus where it was late."""
    if length is None:
        return "—"
    return f"−{labels.duration(-length)}" if length < timedelta() else labels.duration(length)


def as_csv(work: Work, flips: Iterable[Flip]) -> bytes:
    """Write a row for each flip. With a mark at the head, by which spreadsheets read the Chinese right."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows((HEAD, *_rows(work, flips)))
    return out.getvalue().encode("utf-8-sig")


def _rows(work: Work, flips: Iterable[Flip]) -> Iterator[tuple[object, ...]]:
    for one in flips:
        moments = (one.before, one.after, one.settled_at)
        yield (
            one.number,
            labels.STAGES[one.stage],
            one.round,
            office(one.department, work),
            *(_local(moment, work) for moment in moments),
            TO_LATE if one.late else TO_MET,
        )


def _local(moment: datetime | None, work: Work) -> str:
    return moment.astimezone(work.city.zone).strftime("%Y-%m-%d %H:%M") if moment else ""
