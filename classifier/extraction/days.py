"""The words of a day or of a longer stretch (上周五, 3月初, 去年夏天) as days of the calendar."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from classifier.extraction.numerals import NUMBER, number_of

_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"
# 旬 are ten days; the beginning and the end of a month are read as its first and last 旬.
_TENTHS = {"初": 1, "上旬": 1, "中": 11, "中旬": 11, "底": 21, "末": 21, "下旬": 21}
# First month and how many; winter ends in the year after.
_PARTS_OF_YEAR = {
    "初": (1, 3), "底": (10, 3), "末": (10, 3), "上半年": (1, 6), "下半年": (7, 6),
    "春": (3, 3), "夏": (6, 3), "秋": (9, 3), "冬": (12, 3),
}  # fmt: skip
_NAMED_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后": 2, "大后": 3}
_NAMED_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1}
_STEPS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}
# The 29th of February may be eight years back.
_YEARS_BACK = 8

Named = Mapping[str, str | None]


@dataclass(frozen=True)
class Days:
    """From `first` up to, not including, `end`."""

    first: date
    end: date

    @property
    def is_one(self) -> bool:
        return self.end - self.first == _DAY


@dataclass(frozen=True)
class Seen:
    """The day from which words are read.

    What names no year, month or week is the latest that has begun by `today`; where `since` is given, the
    first that does not begin before it: the end of a stretch.
    """

    today: date
    since: date | None = None

    def choose(self, possible: Iterable[Days]) -> Days | None:
        since = self.since
        if since is None:
            return max((days for days in possible if days.first <= self.today), key=_first, default=None)
        return min((days for days in possible if days.first >= since), key=_first, default=None)

    @property
    def years(self) -> range:
        return range(self.today.year - _YEARS_BACK, self.today.year + 2)


def days_of(words: str, seen: Seen) -> tuple[Days, str] | None:
    """The days that the beginning of `words` means, and the words behind; None where it means none.

    Raises ValueError or OverflowError for days that no calendar has.
    """
    for pattern, mean in _RULES:
        if match := pattern.match(words):
            days = mean(match.groupdict(), seen)
            return (days, words[match.end() :]) if days else None
    return None


def back(day: date, count: int, unit: str) -> date:
    """The same day `count` 天, 周, 月 or 年 before; the last of its month where that is shorter."""
    if unit in "天日":
        return day - count * _DAY
    if unit in ("周", "星期", "礼拜"):
        return day - 7 * count * _DAY
    year, month = divmod(day.year * 12 + day.month - 1 - count * (12 if unit == "年" else 1), 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _first(days: Days) -> date:
    return days.first


def _one(day: date) -> Days:
    return Days(day, day + _DAY)


def _months(year: int, month: int, count: int = 1) -> Days:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    first = date(year, month, 1)
    return Days(first, back(first, -count, "月"))


def _year_of(word: str, today: date) -> int:
    """今年, 2018年, 17年. Raises ValueError where the word is no year."""
    if word in _NAMED_YEARS:
        return today.year + _NAMED_YEARS[word]
    year = number_of(word.removesuffix("年"))
    if year is None:
        raise ValueError(word)
    if year >= 100:
        return year
    century = today.year - today.year % 100
    return century + year if century + year <= today.year + 1 else century - 100 + year


def _number(word: str | None) -> int:
    number = 1 if word == "元" else number_of(word or "")
    if number is None:
        raise ValueError(word)
    return number


def _date(said: Named, seen: Seen) -> Days | None:
    """3月5日, 2025年3月5日, 2025-3-5."""
    month, day = _number(said["month"]), _number(said["day"])
    if said["year"]:
        return _one(date(_year_of(said["year"], seen.today), month, day))
    lengths = ((year, monthrange(year, month)[1]) for year in seen.years)
    return seen.choose(_one(date(year, month, day)) for year, length in lengths if 1 <= day <= length)


def _month(said: Named, seen: Seen) -> Days | None:
    """3月, 去年10月底."""
    month = _number(said["month"])
    years = [_year_of(said["year"], seen.today)] if said["year"] else seen.years
    possible = [_tenth(_months(year, month), said["tenth"]) for year in years]
    return possible[0] if said["year"] else seen.choose(possible)


def _tenth(month: Days, tenth: str | None) -> Days:
    if not tenth:
        return month
    first = month.first.replace(day=_TENTHS[tenth])
    return Days(first, month.end if first.day == 21 else first + 10 * _DAY)


def _named_month(said: Named, seen: Seen) -> Days | None:
    """上个月, 本月底, 上月5号."""
    first = back(seen.today.replace(day=1), -_STEPS[said["step"] or ""], "月")
    if said["day"]:
        return _one(first.replace(day=_number(said["day"])))
    return _tenth(_months(first.year, first.month), said["tenth"])


def _year(said: Named, seen: Seen) -> Days | None:
    """2025年, 去年夏天."""
    part = said["part"] or said["half"] or said["season"]
    first, count = _PARTS_OF_YEAR[part] if part else (1, 12)
    return _months(_year_of(said["year"] or "", seen.today), first, count)


def _named_day(said: Named, seen: Seen) -> Days | None:
    return _one(seen.today + _NAMED_DAYS[said["near"] or ""] * _DAY)


def _week(said: Named, seen: Seen) -> Days | None:
    """上周, 上周五, 周末; 周五 alone is the latest. Weeks begin on Monday (GB/T 7408)."""
    weekday = said["weekday"]
    if not said["step"] and not weekday:
        return None
    start = (seen.since or seen.today) if not said["step"] else seen.today
    monday = start - start.weekday() * _DAY
    if said["step"]:
        return _in_week(monday + 7 * _STEPS[said["step"]] * _DAY, weekday)
    return seen.choose(_in_week(monday + 7 * weeks * _DAY, weekday) for weeks in (-1, 0, 1))


def _in_week(monday: date, weekday: str | None) -> Days:
    if not weekday:
        return Days(monday, monday + 7 * _DAY)
    if weekday == "末":
        return Days(monday + 5 * _DAY, monday + 7 * _DAY)
    return _one(monday + _WEEKDAYS.index(weekday.replace("天", "日")) * _DAY)


def _day_of_month(said: Named, seen: Seen) -> Days | None:
    """5号: in this month or the latest before that has such a day."""
    day = _number(said["day"])
    start = (seen.since or seen.today).replace(day=1)
    months = (back(start, count, "月") for count in (2, 1, 0, -1, -2))
    return seen.choose(
        _one(month.replace(day=day)) for month in months if day <= monthrange(month.year, month.month)[1]
    )


def _ago(said: Named, seen: Seen) -> Days | None:
    """三天前 is a day, 两周前 a week, 半年前 a month, 两年前 a year."""
    unit = said["unit"] or ""
    if said["count"] == "半":
        count, unit = (6, "月") if unit == "年" else (15, "天")
    else:
        count = _number(said["count"])
    then = back(seen.today, count, unit)
    if unit == "年":
        return _months(then.year, 1, 12)
    if unit == "月":
        return _months(then.year, then.month)
    return _one(then) if unit in "天日" else _in_week(then - then.weekday() * _DAY, None)


_YEAR = r"(?P<year>\d{4}年|\d\d年|[零〇一二三四五六七八九]{4}年|[今去前明]年)"
_MONTH = r"(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九元])"
_DAY_NUMBER = r"(?P<day>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_TENTH = r"(?P<tenth>初|[上中下]旬|中|底|末)"
_PART_OF_YEAR = r"(?:年?(?P<part>[初底末])|(?P<half>[上下]半年)|(?P<season>[春夏秋冬])[天季])"
_WEEK = "(?:周|星期|礼拜)"
_RULES: tuple[tuple[re.Pattern[str], Callable[[Named, Seen], Days | None]], ...] = (
    (re.compile(rf"(?:{_YEAR}的?)?{_MONTH}月{_DAY_NUMBER}(?:[日号]|(?![\d点时:]))"), _date),
    (re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[日号]?(?!\d)"), _date),
    (re.compile(r"(?P<year>)(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[日号]"), _date),
    (re.compile(rf"(?:{_YEAR}的?)?{_MONTH}月份?{_TENTH}?"), _month),
    (re.compile(rf"(?P<step>上上?|[本这]|下下?)一?个?月份?(?:{_DAY_NUMBER}[日号]|{_TENTH})?"), _named_month),
    (re.compile(rf"{_YEAR}的?{_PART_OF_YEAR}?"), _year),
    (re.compile(r"(?P<near>大前|前|昨|今|当|明|大?后)(?:[天日]|(?=[早晚夜晨]))"), _named_day),
    (re.compile(rf"(?P<step>上上?|本|这|下下?)?一?个?{_WEEK}(?P<weekday>[一二三四五六日天末])?"), _week),
    (re.compile(rf"(?P<count>{NUMBER}|半)个?(?P<unit>天|日|周|星期|礼拜|月|年)(?:以|之)?前"), _ago),
    (re.compile(rf"{_DAY_NUMBER}[日号]"), _day_of_month),
)  # fmt: skip
