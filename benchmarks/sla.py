"""How many deadlines a second, against the day-by-day loop; and the sweep. python -m benchmarks.sla

Random moments of 2026, the official days of that year, two shifts. Both answers are compared, then each is
timed over the same clocks, one core. The sweep over a million clocks follows, see `benchmarks.sweep`.
"""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from benchmarks import _day_by_day, sweep
from benchmarks._town import load_average
from hotline.cities import reading
from hotline.cities.official_days import official_days
from hotline.settings import Settings
from sla import Allowance, Clock, OfficialDay, Pause, WorkCalendar
from sla.allowance import parse as parse_allowance

CLOCKS = 2_000
ROUNDS = 5
ALLOWANCES = ("24h", "4wh", "40wh", "1wd", "5wd", "15wd", "60wd")
PAUSES = (0, 2)


def calendar() -> WorkCalendar:
    city = reading.load(Settings.from_env({}).city_folder)
    days = [OfficialDay(day.day, day.works, day.official, day.name) for day in official_days(2026)]
    return city.calendars_with(days).city


def clocks(pauses: int, *, seed: int = 7) -> list[Clock]:
    """Return clocks that start at any minute of 2026, with pauses of hours to days in the two weeks after."""
    rng, first = random.Random(seed), datetime(2026, 1, 1, tzinfo=UTC)
    made = []
    for _ in range(CLOCKS):
        begin = start = first + timedelta(minutes=rng.randrange(365 * 24 * 60))
        stops = []
        for _ in range(pauses):
            begin += timedelta(minutes=rng.randrange(60, 5000))
            end = begin + timedelta(minutes=rng.randrange(30, 5000))
            stops.append(Pause(begin, end))
            begin = end
        made.append(Clock(start, tuple(stops)))
    return made


def per_second(reckon: Callable[[Clock], object], made: Sequence[Clock]) -> float:
    """Return how many clocks a second, the best of some rounds: the machine is shared."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for clock in made:
            reckon(clock)
        best = min(best, time.perf_counter() - begun)
    return len(made) / best


def compare(hours: WorkCalendar, allowance: Allowance, made: Sequence[Clock]) -> tuple[float, float]:
    """Return deadlines a second of ours and of the loop. Raises AssertionError where they disagree."""
    for clock in made:
        ours, theirs = clock.due_at(hours, allowance), _day_by_day.due_at(hours, clock, allowance)
        assert ours == theirs, (clock, str(allowance), ours, theirs)
    ours_a_second = per_second(lambda clock: clock.due_at(hours, allowance), made)
    return ours_a_second, per_second(lambda clock: _day_by_day.due_at(hours, clock, allowance), made)


def main() -> None:
    print(load_average())
    hours = calendar()
    for pauses in PAUSES:
        made = clocks(pauses)
        for written in ALLOWANCES:
            ours, loop = compare(hours, parse_allowance(written), made)
            print(f"{written}, {pauses} pauses: {ours:,.0f}/s, loop {loop:,.0f}/s, ratio {ours / loop:.1f}")
    sweep.main()


if __name__ == "__main__":
    main()
