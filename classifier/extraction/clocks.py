"""The words of an hour or of a part of the day (晚上八点半, 凌晨) as minutes of the day they belong to."""

import re
from dataclasses import dataclass

from classifier.extraction.numerals import NUMBER, number_of

_HOUR = 60
_NOON, _MIDNIGHT = 12, 24
# "晚上五点" is still in the afternoon, "晚上四点" no longer in the evening.
_PAST_MIDNIGHT = 5
# First and last hour; what runs past midnight still belongs to the day before. Night (夜间) is 22 to 6 by
# the law on noise (噪声污染防治法, 第八十八条).
_EARLY, _EVENING, _NIGHT = (5, 9), (18, 24), (22, 30)
_PARTS = {
    **dict.fromkeys(("清晨", "早晨", "早上", "早", "晨"), _EARLY),
    **dict.fromkeys(("晚上", "晚间", "夜晚", "晚"), _EVENING),
    **dict.fromkeys(("夜里", "夜间", "半夜", "深夜", "午夜", "夜"), _NIGHT),
    **dict.fromkeys(("下午", "午后"), (12, 18)),
    **dict.fromkeys(("全天", "整天"), (0, 24)),
    "凌晨": (0, 6),
    "上午": (8, 12),
    "中午": (11, 13),
    "傍晚": (17, 19),
    "白天": (6, 18),
}
_PART = rf"(?:[大一]{{0,2}}(?P<part>{'|'.join(sorted(_PARTS, key=len, reverse=True))}))"
_TIME = (
    rf"(?:(?P<hour>{NUMBER})(?:点钟?|时)(?:(?P<quarter>半|[一三]刻)|(?P<minute>{NUMBER})分?)?"
    r"|(?P<digits>\d{1,2}:\d\d)(?::\d\d)?)"
)
_ROUGHLY = "(?:左右|前后|多|许|之?后|以后|的?时候|期间|开始)"
_CLOCK = re.compile(rf"(?P<evening>晚上?|夜里)?(?=.){_PART}?(?:{_TIME}时?)?{_ROUGHLY}?")
_QUARTERS = {"一刻": 15, "半": 30, "三刻": 45}


@dataclass(frozen=True)
class Hours:
    """Minutes from the midnight with which the day began, `start` up to `end`; past 1440 it is the next day.

    `part` is the part of the day that was said, "" where none was. `is_clock`: an hour was said.
    """

    start: int
    end: int
    part: str
    is_clock: bool

    @property
    def is_past_midnight(self) -> bool:
        return self.is_clock and self.start >= _MIDNIGHT * _HOUR


def hours_of(words: str, part: str = "") -> Hours | None:
    """What all of `words` means, None where they say something else; `part` where they name none."""
    match = _CLOCK.fullmatch(words)
    if match is None:
        return None
    said = match["part"] or match["evening"] or ""
    if not match["hour"] and not match["digits"]:
        return _part_of_day(said)
    hour, minute, width = _time(match)
    if hour is None or minute is None or hour > _MIDNIGHT or minute >= _HOUR:
        return None
    is_late = bool(match["evening"] and match["part"]) and hour < _NOON
    hour = hour + _MIDNIGHT if is_late else _of_the_day(hour, said or part)
    return Hours(hour * _HOUR + minute, hour * _HOUR + minute + width, said or part, True)


def _part_of_day(said: str) -> Hours | None:
    if not said:
        return None
    first, last = _PARTS[said]
    return Hours(first * _HOUR, last * _HOUR, said, False)


def _time(match: re.Match[str]) -> tuple[int | None, int | None, int]:
    """Hour, minute, and how many minutes wide what was said is."""
    if match["digits"]:
        hour, minute = match["digits"].split(":")
        return int(hour), int(minute), 1
    if match["quarter"]:
        return number_of(match["hour"]), _QUARTERS[match["quarter"]], 1
    if match["minute"]:
        return number_of(match["hour"]), number_of(match["minute"]), 1
    return number_of(match["hour"]), 0, _HOUR


def _of_the_day(hour: int, part: str) -> int:
    """Eight in the evening is twenty; one at night is twenty-five: it belongs to the evening before."""
    if part == "凌晨":
        return hour % _NOON if hour == _NOON else hour
    last = _PARTS[part][1] if part else 0
    if hour > _NOON or last <= _NOON:
        return hour
    if last >= _MIDNIGHT and (hour == _NOON or hour < _PAST_MIDNIGHT):
        return hour % _NOON + _MIDNIGHT
    is_noon = hour == _NOON or (part == "中午" and hour >= _PARTS[part][0])
    return hour if is_noon else hour + _NOON
