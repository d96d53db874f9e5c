"""Facts that stand, kept by this process between two looks at a report."""

from hotline.cities.city import City
from hotline.tickets.custody.facts import Fact
from sla import Calendars

# Of about 3 KB each.
MOST = 30_000


class Kept:
    """Facts by ticket, as long as its ledger ends with the same hash and city and hours are what they were.

    A ledger in which nothing waits any more adds the same whenever it is read; another process reads it
    anew, and nothing is lost. Once there are more than `most`, all are let go.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._facts: dict[tuple[int, str], tuple[Fact, ...]] = {}
        self._under: tuple[str, Calendars] | None = None

    def under(self, city: City) -> dict[tuple[int, str], tuple[Fact, ...]]:
        """Return what is kept under these rules, to be read and added to."""
        same = self._under and self._under[0] == city.profile_hash and self._under[1] is city.calendars
        if not same or len(self._facts) > self._most:
            self._facts, self._under = {}, (city.profile_hash, city.calendars)
        return self._facts


KEPT = Kept()
