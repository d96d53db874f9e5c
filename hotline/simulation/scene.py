"""What all the people of one simulation share: chance, each other, and what each caller truly meant."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random

from hotline.lifecycle import Role, Status
from hotline.models.ticket import Ticket
from hotline.simulation import habits, hours
from hotline.simulation.agenda import Agenda, Plan
from hotline.simulation.cast import Cast
from hotline.simulation.neighbours import Neighbourhood
from hotline.simulation.samples import Sample, Samples
from hotline.simulation.streets import Spot, Streets
from hotline.tickets import triage
from hotline.work import Actor, Work
from sla import WorkCalendar

_REMEMBERED = 40


@dataclass(frozen=True)
class Matter:
    """What somebody called about lately, and somebody may call about again."""

    number: str
    sample: Sample
    spot: Spot


@dataclass
class Scene:
    """`meant`: what the tickets of this simulation are truly about. `repeats`: of which one they are."""

    seed: int
    rng: Random
    calendar: WorkCalendar
    cast: Cast
    samples: Samples
    streets: Streets
    neighbours: Neighbourhood
    agenda: Agenda = field(default_factory=Agenda)
    meant: dict[int, Sample] = field(default_factory=dict)
    repeats: dict[int, str] = field(default_factory=dict)
    auto_lane: list[bool] = field(default_factory=list)  # whether each reached whom it should
    recent: deque[Matter] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def fate(self, ticket: Ticket) -> habits.Fate:
        return habits.Fate(self.seed, ticket.number, ticket.round)

    def diligence(self, department: str | None) -> habits.Diligence:
        return habits.diligence_of(self.seed, department or "")

    def someone(self, role: Role) -> Actor:
        return self.rng.choice(self.cast.desks[role])

    def key(self) -> str:
        """Return a request key such as a form carries."""
        return f"{self.rng.getrandbits(128):032x}"

    def plan(self, at: datetime, actor: Actor, act: "SceneAct", *statuses: Status) -> Plan:
        return Plan(at, actor, partial(act, self), frozenset(statuses))

    def office(self, moment: datetime) -> datetime:
        return hours.in_office(self.calendar, moment, self.rng)

    def after_work(self, start: datetime, low: float, high: float) -> datetime:
        """Return a moment `low` to `high` working hours after `start`."""
        return hours.after_work(self.calendar, start, self.rng, (low, high))

    def after(self, start: datetime, low: float, high: float) -> datetime:
        """Return a moment `low` to `high` minutes after `start`, day or night."""
        return hours.after(start, self.rng, (low, high))

    def true_category(self, ticket: Ticket) -> str | None:
        sample = self.meant.get(ticket.id)
        return sample.code if sample else ticket.category_code

    def right_lead(self, work: Work, ticket: Ticket) -> str | None:
        """Return whose the ticket truly is by the city's catalogue, or None where only people can tell."""
        category = self.true_category(ticket)
        if category is None:
            return None
        return triage.decide(work, category, ticket.area_code, triage.text_of(ticket)).lead

    def is_misdirected(self, work: Work, ticket: Ticket) -> bool:
        right = self.right_lead(work, ticket)
        return right is not None and ticket.lead_code is not None and right != ticket.lead_code


SceneAct = Callable[[Scene, Work, Ticket], None]
