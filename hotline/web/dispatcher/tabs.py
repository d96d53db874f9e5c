"""What the lists of the dispatch desk share: their counts, and the way from one row to the next."""

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


def around(tickets: list[Ticket], chosen: Ticket | None) -> dict[str, str | None]:
    """Return the numbers before and after the chosen one in the list; `then` is where work goes on."""
    numbers = [ticket.number for ticket in tickets]
    if chosen is None or chosen.number not in numbers:
        first = next(iter(numbers), None)
        return {"before": first, "after": first, "then": first}
    at = numbers.index(chosen.number)
    before = numbers[at - 1] if at else None
    after = numbers[at + 1] if at + 1 < len(numbers) else None
    return {"before": before, "after": after, "then": after or before}
