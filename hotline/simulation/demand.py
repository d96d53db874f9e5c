"""How many call, when, and about what: weekdays and holidays, the season, and what strikes many at once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from hotline.simulation import hours
from hotline.simulation.agents import Coming
from hotline.simulation.scene import Scene

# A burst (突发): many calls about one thing in one place, within a few hours.
_DAYS_BETWEEN_BURSTS = 14
_BURST_SIZE = (5, 11)
_BURST_HOURS = 4.0


def calls(scene: Scene, begin: datetime, end: datetime, total: int) -> list[Coming]:
    """Return `total` calls between the two moments, in order of time."""
    days = _days(scene, begin, end)
    bursts = [call for day in days[::_DAYS_BETWEEN_BURSTS][1:] for call in _burst(scene, day, end)]
    single = max(0, total - len(bursts))
    weights = [hours.volume(scene.calendar, day) for day in days]
    coming = [call_at(scene, moment) for moment in _moments(scene, days, weights, begin, end, single)]
    return sorted((*bursts, *coming)[:total], key=lambda call: call.at)


def _days(scene: Scene, begin: datetime, end: datetime) -> list[date]:
    first, last = scene.calendar.day_of(begin), scene.calendar.day_of(end)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _moments(
    scene: Scene, days: list[date], weights: list[float], begin: datetime, end: datetime, wanted: int
) -> Iterator[datetime]:
    found = 0
    while found < wanted:
        day = scene.rng.choices(days, weights)[0]
        moment = hours.moment_of_call(scene.calendar, day, scene.rng)
        if begin <= moment < end:
            found += 1
            yield moment


def call_at(scene: Scene, at: datetime) -> Coming:
    sample = scene.samples.pick(scene.rng, scene.calendar.day_of(at))
    return Coming(at, sample, scene.streets.pick(scene.rng), scene.neighbours.someone())


def _burst(scene: Scene, day: date, end: datetime) -> Iterator[Coming]:
    rng: Random = scene.rng
    sample, spot = rng.choice(scene.samples.shared()), scene.streets.pick(rng)
    starts = hours.moment_of_call(scene.calendar, day, rng)
    for _ in range(rng.randint(*_BURST_SIZE)):
        at = starts + timedelta(hours=rng.uniform(0, _BURST_HOURS))
        if at < end:
            yield Coming(at, sample, spot, scene.neighbours.someone(), burst=True)
