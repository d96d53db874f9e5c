"""The stage: whatever comes next in simulated time happens, one transaction each."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select

from hotline import runtime
from hotline.errors import IllegalTransition, InvalidInput, NotAllowed, NotFound
from hotline.jobs import inline
from hotline.lifecycle import OPEN, Role, Status
from hotline.models.ticket import Ticket
from hotline.simulation import (
    agents,
    arbiters,
    cooperating,
    departments,
    dispatchers,
    followers,
    reviewers,
    supervisors,
    sweeping,
)
from hotline.simulation.agenda import Entry, Plan
from hotline.simulation.agents import Coming
from hotline.simulation.scene import Scene, SceneAct
from hotline.work import SYSTEM, Work

Progress = Callable[[datetime], None]
_REFUSALS = (InvalidInput, IllegalTransition, NotAllowed, NotFound)
# Who runs into a rule tries something else; after so often he leaves it to the clock.
_TRIES = 4
_SWEEP = timedelta(hours=1)
_LETTERS_EVERY = 60

# What a ticket in this status waits for. Absent: for nobody, or for a day that the sweep watches.
_COURSES: Mapping[Status, Callable[[Scene, Work, Ticket], Plan | None]] = {
    Status.LOGGED: dispatchers.next_for_logged,
    Status.DISPATCHED: departments.next_for_dispatched,
    Status.ACCEPTED: departments.next_for_accepted,
    Status.RETURN_REQUESTED: dispatchers.next_for_return,
    Status.DISPUTED: arbiters.next_for_disputed,
    Status.SUSPENDED: reviewers.next_for_suspended,
    Status.RESOLVED: reviewers.next_for_resolved,
    Status.AWAITING_FOLLOW_UP: followers.next_for_follow_up,
    Status.CLOSED: supervisors.next_for_closed,
}
# What else may happen to a ticket once it has come so far.
_ASIDES: Mapping[Status, tuple[SceneAct, ...]] = {
    Status.DISPATCHED: (
        cooperating.expect_opinions,
        supervisors.expect_supervision,
        agents.expect_calls_back,
    ),
    Status.RESOLVED: (departments.expect_exclusion,),
}


class Play:
    """Plays calls and plans until a moment; `refused` counts who ran into which rule."""

    def __init__(self, scene: Scene, begin: datetime) -> None:
        self.scene = scene
        self.now = begin
        self.acts = 0
        self.refused: Counter[str] = Counter()
        self._tries: Counter[int] = Counter()
        self._calls: deque[Coming] = deque()
        self._next_sweep = begin
        self._weighed_on: date | None = None
        self._next_alert: datetime | None = None

    def expect(self, calls: Iterable[Coming]) -> None:
        """Add calls, in order of time."""
        self._calls.extend(calls)

    def take_up(self) -> None:
        """Plan for every open ticket that stands in the database."""
        with runtime.view(SYSTEM, now=self.now) as work:
            standing = select(Ticket).where(Ticket.status.in_(OPEN)).order_by(Ticket.id)
            for ticket in work.session.scalars(standing):
                self._go_on(work, ticket)
            self._next_alert = sweeping.next_alert(work)

    def run(self, until: datetime, progress: Progress) -> None:
        """Play everything before `until`."""
        while (at := self._next_moment()) < until:
            self.now = max(at, self.now)
            self._play_one(at)
            self.acts += 1
            if self.acts % _LETTERS_EVERY == 0:
                inline.keep_due(now=self.now)
                progress(self.now)
        self.now = until
        self._sweep()
        self.keep_promises()
        progress(self.now)

    def keep_promises(self) -> None:
        """Deliver everything that is promised, in this process."""
        while inline.keep_due(now=self.now):
            pass

    def _next_moment(self) -> datetime:
        coming = self._calls[0].at if self._calls else None
        moments = (self._next_sweep, self._next_alert, coming, self.scene.agenda.next_at())
        return min(moment for moment in moments if moment)

    def _play_one(self, at: datetime) -> None:
        if self._next_alert and self._next_alert <= at:
            with runtime.work(SYSTEM, now=self.now) as work:
                sweeping.raise_alerts(work)
                self._look_ahead(work)
        elif self._next_sweep <= at:
            self._sweep()
        elif self._calls and self._calls[0].at <= at:
            self.take_call(self._calls.popleft())
        else:
            self.perform(self.scene.agenda.take())

    def _sweep(self) -> None:
        with runtime.work(SYSTEM, now=self.now) as work:
            sweeping.raise_alerts(work)
            for ticket_id in sweeping.settle_due(work):
                self._arrive(work, work.session.get_one(Ticket, ticket_id))
            if (today := self.scene.calendar.day_of(self.now)) != self._weighed_on:
                sweeping.weigh_lanes(work)
                self._weighed_on = today
            self._look_ahead(work)
        self._next_sweep = self.now + _SWEEP

    def take_call(self, coming: Coming) -> None:
        with runtime.work(self.scene.someone(Role.AGENT), now=self.now) as work:
            ticket = agents.take_call(self.scene, work, coming)
            if ticket.id in self.scene.repeats:
                dispatchers.expect_merge(self.scene, work, ticket)
            self._arrive(work, ticket)
            self._look_ahead(work)

    def perform(self, entry: Entry) -> None:
        try:
            with runtime.work(entry.plan.actor, now=self.now) as work:
                ticket = work.session.get_one(Ticket, entry.ticket_id)
                if ticket.status in entry.plan.statuses:
                    self._act(work, ticket, entry)
        except _REFUSALS as refusal:
            self._note(entry, refusal)

    def _act(self, work: Work, ticket: Ticket, entry: Entry) -> None:
        before = (ticket.status, ticket.round)
        entry.plan.act(work, ticket)
        if (ticket.status, ticket.round) != before:
            self._arrive(work, ticket)
        elif entry.turn is not None:
            self._go_on(work, ticket)
        self._look_ahead(work)

    def _arrive(self, work: Work, ticket: Ticket) -> None:
        for aside in _ASIDES.get(ticket.status, ()):
            aside(self.scene, work, ticket)
        self._go_on(work, ticket)

    def _go_on(self, work: Work, ticket: Ticket) -> None:
        course = _COURSES.get(ticket.status)
        self.scene.agenda.set_course(ticket.id, course(self.scene, work, ticket) if course else None)

    def _look_ahead(self, work: Work) -> None:
        work.session.flush()
        self._next_alert = sweeping.next_alert(work)

    def _note(self, entry: Entry, refusal: Exception) -> None:
        self.refused[f"{type(refusal).__name__}: {refusal}"] += 1
        self._tries[entry.ticket_id] += 1
        if entry.turn is not None and self._tries[entry.ticket_id] < _TRIES:
            with runtime.view(SYSTEM, now=self.now) as work:
                self._go_on(work, work.session.get_one(Ticket, entry.ticket_id))
