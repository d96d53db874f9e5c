"""What the lists of the dispatch desk share: their counts, and the way from one row to the next."""

from collections.abc import Collection
from typing import Any

from hotline.models.application import ApplicationKind
from hotline.models.ticket import Ticket
from hotline.tickets import applications, worklists
from hotline.work import Work


def tabs(work: Work) -> dict[str, Any]:
    waiting = worklists.counts(work, ["to_dispatch"])["to_dispatch"]
    returns = applications.waiting_counts(work).get(ApplicationKind.RETURN, 0)
    return {
        "waiting": waiting,
        "returns": returns,
        "counts": {"dispatcher.desk": waiting + returns},
        # Every page with these tabs is the desk, whatever its address.
        "here": "dispatcher.desk",
    }


def around(tickets: list[Ticket], chosen: Ticket | None, held: Collection[int] = ()) -> dict[str, str | None]:
    """Return the numbers before and after the chosen one; `free`: the next that nobody has open."""
    numbers = [ticket.number for ticket in tickets]
    at = numbers.index(chosen.number) if chosen and chosen.number in numbers else -1
    free = [one.number for one in (*tickets[at + 1 :], *tickets[: max(at, 0)]) if one.id not in held]
    return {
        "before": numbers[at - 1] if at > 0 else numbers[0] if at < 0 and numbers else None,
        "after": numbers[at + 1] if at + 1 < len(numbers) else None,
        "free": next(iter(free), None),
    }
