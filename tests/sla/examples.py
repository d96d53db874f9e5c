"""The calendar, the moments and the clocks that the rules are tried on."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from sla import Allowance, Clock, OfficialDay, Pause, Unit, WorkCalendar
from sla.calendars import parse

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)

# 国办 notice of 2025-11-04 for 2026.
DAYS_OFF = [
    *((1, day) for day in range(1, 4)),
    *((2, day) for day in range(15, 24)),
    *((4, day) for day in range(4, 7)),
    *((5, day) for day in range(1, 6)),
    *((6, day) for day in range(19, 22)),
    *((9, day) for day in range(25, 28)),
    *((10, day) for day in range(1, 8)),
]
MAKEUP_DAYS = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]


def official_days() -> list[OfficialDay]:
    """Every day of 2026, as the notice leaves it."""
    off = {date(2026, month, day) for month, day in DAYS_OFF}
    makeup = {date(2026, month, day) for month, day in MAKEUP_DAYS}
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    return [
        OfficialDay(
            day,
            day in makeup or (day.weekday() < 5 and day not in off),
            official=True,
            name="holiday" if day in off else "",
        )
        for day in year
    ]


TABLE: dict[str, object] = {"zone": "Asia/Shanghai", "shifts": [["09:00", "12:00"], ["14:00", "18:00"]]}
CALENDAR = parse(TABLE, official_days()).city
NEVER_OPEN = WorkCalendar(
    SHANGHAI,
    ((time(9), time(18)),),
    holidays=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(1200)),
)


def shanghai(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def moments() -> st.SearchStrategy[datetime]:
    """Any minute of 2026, in UTC."""
    return st.integers(0, 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    )


def allowances(*units: Unit) -> st.SearchStrategy[Allowance]:
    return st.builds(Allowance, st.integers(1, 30), st.sampled_from(units or list(Unit)))


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    """A clock with up to four ended pauses in the weeks around its start, which may overlap."""
    start = draw(moments())
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        begin = start + timedelta(minutes=draw(st.integers(-3000, 30000)))
        pauses.append(Pause(begin, begin + timedelta(minutes=draw(st.integers(0, 12000)))))
    return Clock(start, tuple(pauses))
