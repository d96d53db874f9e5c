"""An answer as JSON: what a run keeps and a program reads. Moments are ISO 8601, slack is in seconds."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from hotline.db import Json
from hotline.models.deadline import iso
from hotline.tickets.scorecard import Rate
from hotline.tickets.whatif.replaying import Answer
from hotline.tickets.whatif.tallies import Flip, Tally
from sla.policy import Stage

_MOMENTS = ("before", "after", "settled_at")


def as_json(answer: Answer, *, most: int | None = None) -> Json:
    """Write an answer, of its flips the first `most`."""
    return {
        "tickets": answer.tickets,
        "changed": answer.changed,
        "examples": answer.examples,
        "tallies": [_tally(one) for one in answer.tallies],
        "flips": [_flip(one) for one in answer.flips[:most]],
    }


def from_json(written: Json) -> Answer:
    return Answer(
        written["tickets"],
        written["changed"],
        written["examples"],
        [_tally_of(one) for one in written["tallies"]],
        [_flip_of(one) for one in written["flips"]],
    )


def _tally(tally: Tally) -> Json:
    return {
        "stage": tally.stage,
        "department": tally.department,
        "to_late": tally.to_late,
        "to_met": tally.to_met,
        "before": _side(tally.before, tally.slack_before),
        "after": _side(tally.after, tally.slack_after),
    }


def _side(rate: Rate, slack: timedelta | None) -> Json:
    return {
        "late": rate.numerator,
        "judged": rate.denominator,
        "rate": rate.value,
        "interval": list(rate.interval),
        "slack": slack.total_seconds() if slack is not None else None,
    }


def _tally_of(written: Json) -> Tally:
    before, after = written["before"], written["after"]
    return Tally(
        Stage(written["stage"]) if written["stage"] else None,
        written["department"],
        Rate(before["late"], before["judged"]),
        Rate(after["late"], after["judged"]),
        written["to_late"],
        written["to_met"],
        _seconds(before["slack"]),
        _seconds(after["slack"]),
    )


def _seconds(number: float | None) -> timedelta | None:
    return None if number is None else timedelta(seconds=number)


def _flip(flip: Flip) -> Json:
    return asdict(flip) | {name: iso(getattr(flip, name)) for name in _MOMENTS}


def _flip_of(written: Json) -> Flip:
    moments = {name: _moment(written[name]) for name in _MOMENTS}
    return Flip(**{**written, **moments, "stage": Stage(written["stage"])})


def _moment(written: Any) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
