"""A story in which time passes and people act in turn; at its end the ledger must prove itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from hotline.lifecycle import Action
from hotline.models.deadline import Deadline
from hotline.models.ticket import Ticket
from hotline.tickets import alerting, deadlines, timeline, verification
from hotline.work import SYSTEM, Actor, Work
from sla.policy import Stage


@dataclass
class Story:
    work: Work

    @property
    def now(self) -> datetime:
        return self.work.now

    def by(self, actor: Actor) -> Work:
        return replace(self.work, actor=actor)

    def later(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        self.go_to(self.now + timedelta(days=days, hours=hours, minutes=minutes))

    def go_to(self, moment: datetime) -> None:
        """Let time pass until then; what falls due on the way is warned of at its own moment."""
        while due := self._next_alert(moment):
            alerting.raise_alert(replace(self.by(SYSTEM), now=due[1]), due[0])
        self.work = replace(self.work, now=moment)

    def _next_alert(self, until: datetime) -> tuple[int, datetime] | None:
        deadline_id = alerting.next_due_id(replace(self.work, now=until))
        if deadline_id is None:
            return None
        alert_at = self.work.session.get_one(Deadline, deadline_id).alert_at
        assert alert_at is not None
        return deadline_id, alert_at

    def actions(self, ticket: Ticket) -> list[Action]:
        return [event.action for event in timeline.events_of(self.work, ticket)]

    def clock(self, ticket: Ticket, stage: Stage) -> Deadline:
        """Return the newest clock of this stage."""
        return [one for one in deadlines.all_of(self.work, ticket) if one.stage is stage][-1]


@pytest.fixture
def story(work: Work) -> Iterator[Story]:
    story = Story(work)
    yield story
    work.session.flush()
    assert list(verification.verify(story.work)) == []
