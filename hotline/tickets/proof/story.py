"""The state of one ticket as its ledger tells it: what must stand in its row and in the rows around it.

Fields bear the names of the columns that they are compared with.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from hotline.models.application import ApplicationKind, ApplicationState
from hotline.models.assignment import Ending, Part
from hotline.models.deadline import DeadlineOutcome
from hotline.models.supervision_order import OrderState
from hotline.models.ticket import Closing
from hotline.tickets.deadlines import DEPARTMENT_STAGES
from hotline.tickets.timeline import Entry
from sla.alerts import Level
from sla.allowance import Allowance
from sla.allowance import parse as parse_allowance
from sla.policy import Stage


@dataclass
class Row:
    """The ticket's own row: first what was registered, then what its history made of it."""

    number: str
    kind: str
    urgency: str
    channel: str
    category_code: str | None
    category_source: str
    area_code: str | None
    address: str
    words: str
    risks: list[str]
    caller_id: int
    anonymous: bool
    confidential: bool
    enterprise: bool
    call_id: str | None
    logged_at: datetime
    logged_by_id: int | None
    changed_at: datetime
    own_until: int | None = None
    lead_code: str | None = None
    round: int = 1
    hop: int = 0
    recall_until: datetime | None = None
    designated: bool = False
    supervised: int = 0
    urged: int = 0
    parent_id: int | None = None
    answer: str | None = None
    resume_on: date | None = None
    closing: Closing | None = None
    closed_at: datetime | None = None


@dataclass(eq=False)
class Held:
    """A department's part in one dispatch."""

    department_code: str
    part: Part
    round: int
    hop: int
    assigned_at: datetime
    assigned_by_id: int | None
    accepted_at: datetime | None = None
    contacted_at: datetime | None = None
    answered_at: datetime | None = None
    handed_to: str | None = None
    from_code: str | None = None
    arrived_at: datetime | None = None
    confirmed_at: datetime | None = None
    denied: int = 0
    ended_at: datetime | None = None
    ending: Ending | None = None


@dataclass
class Asked:
    """An application, and what was decided."""

    kind: ApplicationKind
    round: int
    department_code: str | None
    reason: str
    basis: str
    text: str
    suggested_code: str | None
    amount: str | None
    until: date | None
    asked_at: datetime
    asked_by_id: int | None
    evidence: str = ""
    entry: str | None = None
    dispatched_by_id: int | None = None
    state: ApplicationState = ApplicationState.PENDING
    seconded_by_id: int | None = None
    decided_at: datetime | None = None
    decided_by_id: int | None = None
    decision: str = ""

    @property
    def is_undecided(self) -> bool:
        return self.state in (ApplicationState.PENDING, ApplicationState.SECONDED)


@dataclass
class Ordered:
    """An order of a supervisor, what was replied, and how it ended."""

    nth: int
    number: str
    level: int
    round: int
    reason: str
    text: str
    department_code: str
    leader: str
    leader_id: int | None
    within: str | None
    issued_at: datetime
    issued_by_id: int | None
    escalated_from_id: int | None = None
    state: OrderState = OrderState.ISSUED
    clock: str | None = None
    reply: str = ""
    replied_at: datetime | None = None
    replied_by_id: int | None = None
    refused: int = 0
    verdict: str = ""
    decided_at: datetime | None = None
    decided_by_id: int | None = None


@dataclass
class Attempt:
    """One attempt to ask the caller."""

    round: int
    attempt: int
    via: str
    at: datetime
    by_id: int | None
    department_code: str | None
    reached: bool
    contacted: str | None
    solved: str | None
    satisfied: int | None
    reason: str | None
    comment: str


class Kept(NamedTuple):
    """From when a clock counts, for how long, and which rule of which version of the policy says so."""

    began: datetime
    allowance: str
    rule: str
    policy: str


@dataclass
class Timed:
    """A clock. `due_at`: when it was due, as the entry that settled it kept it."""

    stage: Stage
    round: int
    turn: int
    department_code: str | None
    started_at: datetime
    allowance: str
    rule: str
    policy: str
    extension: str | None = None
    settled_at: datetime | None = None
    outcome: DeadlineOutcome | None = None
    alert_level: Level = Level.NONE
    held: Held | None = field(default=None, compare=False)
    due_at: datetime | None = field(default=None, compare=False)
    calendar_version: int | None = field(default=None, compare=False)
    due_is_kept: bool = field(default=False, compare=False)

    @property
    def key(self) -> str:
        return f"{self.stage}/{self.round}/{self.turn}"

    def end(
        self, entry: Entry, outcome: DeadlineOutcome | None = None, *, at: datetime | None = None
    ) -> None:
        """Settle it; without an outcome it is judged by when it was due, as of now or of `at`."""
        self.due_at = self.due_by(entry)
        self.calendar_version = entry.details.get("clocks", {}).get("calendars", {}).get(self.key)
        self.settled_at = entry.at
        late = self.due_at is not None and (at or entry.at) > self.due_at
        self.outcome = outcome or (DeadlineOutcome.LATE if late else DeadlineOutcome.MET)

    def due_by(self, entry: Entry) -> datetime | None:
        """Return when it is due, as the entry that settles it tells."""
        kept = entry.details.get("clocks", {}).get("due", {})
        self.due_is_kept = self.key in kept  # not of one that the same entry has started
        return datetime.fromisoformat(kept[self.key]) if kept.get(self.key) else None

    def extend(self, more: Allowance) -> None:
        had = parse_allowance(self.extension) if self.extension else None
        self.extension = str(had.extended_by(more) if had else more)

    def run_on(self) -> None:
        self.settled_at = self.outcome = None


@dataclass
class Story:
    """All of it, oldest first. `before_dispatch`: the clocks that ran when it was last dispatched."""

    row: Row
    parts: list[Held] = field(default_factory=list)
    applications: dict[int, Asked] = field(default_factory=dict)
    orders: dict[int, Ordered] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    clocks: list[Timed] = field(default_factory=list)
    before_dispatch: frozenset[str] = frozenset()

    def newest(self, part: Part, department: str | None = None) -> Held | None:
        """Return the last part of this sort that has not ended, as `assigned.assignment_of`."""
        for held in reversed(self.parts):
            is_wanted = held.part is part and department in (None, held.department_code)
            if is_wanted and held.ended_at is None:
                return held
        return None

    def hold(self, entry: Entry, department: str, part: Part) -> Held:
        held = Held(department, part, self.row.round, self.row.hop, entry.at, entry.actor_id)
        self.parts.append(held)
        return held

    def end_parts(self, entry: Entry, ending: Ending | None = None) -> None:
        for held in self.parts:
            if held.ended_at is None:
                held.ended_at, held.ending = entry.at, ending

    def lapse(self, entry: Entry) -> None:
        for asked in self.applications.values():
            if asked.is_undecided:
                asked.state, asked.decided_at = ApplicationState.LAPSED, entry.at

    def running(self, *stages: Stage) -> list[Timed]:
        """Return the clocks of these stages (of all, when none is named) that are not settled."""
        return [one for one in self.clocks if not one.settled_at and (not stages or one.stage in stages)]

    def start(self, entry: Entry, stage: Stage, held: Held | None = None) -> None:
        """Start a clock on the terms of the entry, if it has any."""
        if terms := self.terms(entry, stage):
            self.add(stage, terms, held.department_code if held else None, held)

    def terms(self, entry: Entry, stage: Stage) -> Kept | None:
        """Return on what terms the entry starts a clock; None without one."""
        kept = entry.details.get("clocks", {}).get("terms", {}).get(stage)
        return Kept(datetime.fromisoformat(kept[0]), *kept[1:]) if kept else None

    def within(self, entry: Entry) -> Kept | None:
        """Return on what terms those have to come whom the entry calls to the spot; None without a time."""
        within: str | None = entry.details["within"]
        terms = self.terms(entry, Stage.ARRIVE)
        return (terms and within and terms._replace(began=entry.at, allowance=within)) or None

    def add(self, stage: Stage, terms: Kept, department: str | None, held: Held | None) -> None:
        turns = [one.turn for one in self.clocks if (one.stage, one.round) == (stage, self.row.round)]
        owner = department or (self.row.lead_code if stage in DEPARTMENT_STAGES else None)
        turn = max(turns, default=0) + 1
        self.clocks.append(self.clock(Timed(stage, self.row.round, turn, owner, *terms, held=held)))

    def clock(self, timed: Timed) -> Timed:
        """Return a clock that starts as this story keeps it."""
        return timed

    def settle(self, entry: Entry, *stages: Stage) -> None:
        """What these clocks waited for has happened."""
        for clock in self.running(*stages):
            clock.end(entry)

    def belong_to(self, department: str | None) -> None:
        for clock in self.running(Stage.RESOLVE):
            clock.department_code = department

    def cancel(
        self, entry: Entry, *stages: Stage, outcome: DeadlineOutcome = DeadlineOutcome.CANCELLED
    ) -> None:
        """These clocks (all, when none is named) stop unjudged."""
        for clock in self.running(*stages):
            clock.end(entry, outcome)

    def give_up(self, entry: Entry, clocks: list[Timed]) -> None:
        """Nobody waits for these any more: late where they were, else unjudged."""
        for clock in clocks:
            clock.end(entry)
            if clock.outcome is DeadlineOutcome.MET:
                clock.outcome = DeadlineOutcome.CANCELLED
