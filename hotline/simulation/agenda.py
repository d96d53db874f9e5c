"""What comes next, in the order of simulated time."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hotline.lifecycle import Status
from hotline.models.ticket import Ticket
from hotline.work import Actor, Work

Act = Callable[[Work, Ticket], None]


@dataclass(frozen=True)
class Plan:
    """Someone means to do something to a ticket, provided that it is still in one of these statuses."""

    at: datetime
    actor: Actor
    act: Act
    statuses: frozenset[Status]


@dataclass(frozen=True)
class Entry:
    """A plan for one ticket. `turn` None: beside the ticket's course, not part of it."""

    ticket_id: int
    plan: Plan
    turn: int | None = None


class Agenda:
    """Entries by time; of equal times the earlier written first, so that one seed gives one story."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Entry]] = []
        self._written = 0
        self._turns: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._heap)

    def set_course(self, ticket_id: int, plan: Plan | None) -> None:
        """Write what the ticket waits for; what was written as its course before is void."""
        turn = self._turns[ticket_id] = self._turns.get(ticket_id, 0) + 1
        if plan:
            self._write(Entry(ticket_id, plan, turn))

    def add(self, ticket_id: int, plan: Plan) -> None:
        """Write something that happens beside the ticket's course: an urging, an opinion, a withdrawal."""
        self._write(Entry(ticket_id, plan))

    def next_at(self) -> datetime | None:
        self._drop_void()
        return self._heap[0][0] if self._heap else None

    def take(self) -> Entry:
        self._drop_void()
        return heapq.heappop(self._heap)[2]

    def _write(self, entry: Entry) -> None:
        self._written += 1
        heapq.heappush(self._heap, (entry.plan.at, self._written, entry))

    def _drop_void(self) -> None:
        while self._heap and self._is_void(self._heap[0][2]):
            heapq.heappop(self._heap)

    def _is_void(self, entry: Entry) -> bool:
        return entry.turn is not None and entry.turn != self._turns.get(entry.ticket_id)
