"""Words of time (上周五晚上八点) as an interval, as wide as what was said.

The rules are those of speech about what has happened: what names no year, month, week or day means the
latest one that has begun. Holidays resolve to nothing: their days are announced year by year and belong to
the city.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from classifier.extraction.clocks import Hours, hours_of
from classifier.extraction.days import Days, Seen, back, days_of
from classifier.extraction.numerals import NUMBER, number_of
from classifier.text import normalise

# Longer than any wording of one moment.
_LONGEST = 60
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)

_FILLERS = re.compile(r"[ 的]")
_BEFORE = re.compile(r"(?:自从|自|从|就?在|于|大概|大约|约)")
_SINCE = re.compile(r"(?P<start>.{1,40}?)(?:开始|以来|至今|到现在|到目前|到今天|起)")
_UNTIL = re.compile(r"直?到|至|[-~—–]{1,2}")
_NEXT_DAY = re.compile(r"(?:第二天|次日|翌日)的?")
_AROUND = re.compile(r"(?:左右|前后|期间|的?时候)$")
_JUST_NOW = frozenset({"刚才", "刚刚"})
_AGO = re.compile(rf"(?P<count>{NUMBER}|半)个?(?P<unit>小时|钟头|分钟)(?:以|之)?前")
_LASTING = re.compile(
    r"(?P<lately>最近|近|这|连续|已经?|过去|持续|历时|将近|长达)?了?(?!\d\d年以来)"
    r"(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,3}|半)个?多?"
    r"(?P<unit>小时|天|周|星期|礼拜|月|年)多?(?:时间)?(?P<so_far>了|没|来|以来|内|以内)?"
)


@dataclass(frozen=True)
class Moment:
    """From `start` up to, not including, `end`; both in the zone of the call."""

    start: datetime
    end: datetime


def resolve(expression: str, *, said_at: datetime) -> Moment | None:
    """What `expression` meant when it was said; None where that cannot be told. `said_at` is aware.

    Begins no later than `said_at` unless the words say the future (明天) or name a day that is not over
    (今天晚上). “左右” and “多” leave it as wide as the number.
    """
    words = _FILLERS.sub("", normalise(expression))
    if not words or len(words) > _LONGEST:
        return None
    try:
        return _relative(words, said_at) or _since(words, said_at) or _plain(_bare(words), said_at)
    except (ValueError, OverflowError):
        # The 30th of February, the year 0: words that no calendar knows.
        return None


def _bare(words: str) -> str:
    before = _BEFORE.match(words)
    return words[before.end() :] if before else words


def _relative(words: str, said_at: datetime) -> Moment | None:
    """刚才, 两小时前, 最近三天, 三天了: measured from the call."""
    if words in _JUST_NOW:
        return Moment(said_at - _HOUR, said_at)
    if match := _AGO.fullmatch(words):
        count, unit = _count(match["count"]), timedelta(minutes=1) if match["unit"] == "分钟" else _HOUR
        return Moment(said_at - count * unit, min(said_at, said_at - count * unit + unit))
    match = _LASTING.fullmatch(words)
    if match is None or not (match["lately"] or match["so_far"]):
        return None
    start = _back(said_at, match["count"], match["unit"])
    return Moment(start, said_at) if start < said_at else None


def _count(word: str) -> float:
    count = 0.5 if word == "半" else number_of(word)
    if count is None:
        raise ValueError(word)
    return count


def _back(said_at: datetime, word: str, unit: str) -> datetime:
    count = _count(word)
    if unit == "小时":
        return said_at - count * _HOUR
    if word == "半":
        count, unit = {"年": (6, "月"), "月": (15, "天")}.get(unit, (0, "天"))
    return datetime.combine(back(said_at.date(), int(count), unit), said_at.time(), said_at.tzinfo)


def _since(words: str, said_at: datetime) -> Moment | None:
    """从10月份开始: from then until the call."""
    match = _SINCE.fullmatch(words)
    begun = _plain(_bare(match["start"]), said_at) if match else None
    return Moment(begun.start, said_at) if begun and begun.start < said_at else begun


def _plain(words: str, said_at: datetime) -> Moment | None:
    """One moment, or from one to another (8点到10点)."""
    if one := _one(words, said_at):
        return one.moment
    for match in _UNTIL.finditer(words):
        start = _one(words[: match.start()], said_at)
        if start and (moment := _until(start, words[match.end() :])):
            return moment
    return None


@dataclass(frozen=True)
class _Said:
    """A moment, the day that its words name (an hour may lie past its midnight), their hours if any."""

    moment: Moment
    day: date
    hours: Hours | None


def _one(words: str, said_at: datetime) -> _Said | None:
    found = days_of(words, Seen(said_at.date()))
    if found is None:
        return _latest_hour(words, said_at)
    days, rest = found
    rest = _AROUND.sub("", rest)
    if not rest:
        return _Said(_whole(days, said_at), days.first, None)
    hours = hours_of(rest)
    if hours is None or not days.is_one:
        return None
    moment = _at(days.first, hours, said_at)
    # "今天半夜两点" is the night that ended today.
    if moment.start > said_at and hours.is_past_midnight:
        moment = _at(days.first - _DAY, hours, said_at)
    return _Said(moment, days.first, hours)


def _latest_hour(words: str, said_at: datetime) -> _Said | None:
    """An hour without its day: the latest that has begun. “晚上” alone is any evening."""
    hours = hours_of(words)
    if hours is None or not hours.is_clock:
        return None
    days = (said_at.date() - back * _DAY for back in range(3))
    moments = ((day, _at(day, hours, said_at)) for day in days)
    return next((_Said(moment, day, hours) for day, moment in moments if moment.start <= said_at), None)


def _until(start: _Said, words: str) -> Moment | None:
    """The stretch from `start` to what `words` say, in the light of what was said before them."""
    first = start.moment.start
    end: datetime | None
    if following := _NEXT_DAY.match(words):
        end = _edge(words[following.end() :], start.day + _DAY, start)
    elif found := days_of(words, Seen(start.day, since=start.day)):
        days, rest = found
        end = _edge(rest, days.first, start) if rest else _whole(days, first).end
    else:
        end = _edge_of_hours(words, start)
    return Moment(first, end) if end and end > first else None


def _edge(words: str, day: date, start: _Said) -> datetime | None:
    hours = hours_of(words)
    if hours is None:
        return None
    moment = _at(day, hours, start.moment.start)
    return moment.start if hours.is_clock else moment.end


def _edge_of_hours(words: str, start: _Said) -> datetime | None:
    """Where a stretch of hours ends: 晚上8点到10点 is in the evening, 22点到2点 the next day."""
    if start.hours is None:
        return None
    own, hours = hours_of(words), hours_of(words, start.hours.part)
    if own is None or hours is None:
        return None
    moment = _at(start.day, hours, start.moment.start)
    end = moment.start if hours.is_clock else moment.end
    shifts = (0, 24) if own.part else (0, 12, 24)
    return next((end + hour * _HOUR for hour in shifts if end + hour * _HOUR > start.moment.start), None)


def _whole(days: Days, at: datetime) -> Moment:
    midnight = time(tzinfo=at.tzinfo)
    return Moment(datetime.combine(days.first, midnight), datetime.combine(days.end, midnight))


def _at(day: date, hours: Hours, at: datetime) -> Moment:
    midnight = datetime.combine(day, time(tzinfo=at.tzinfo))
    return Moment(midnight + timedelta(minutes=hours.start), midnight + timedelta(minutes=hours.end))
