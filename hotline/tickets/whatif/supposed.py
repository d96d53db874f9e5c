"""The clocks of a ticket as other rules would have set them, over what its ledger says has happened.

What happened stays: who did what, when. When clocks start, how long they run, what pauses them and which
hours count is asked of the rules supposed, never of what an entry kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.cities.city import City
from hotline.lifecycle import Action, Status
from hotline.models.deadline import DeadlineOutcome
from hotline.tickets import deadlines, reckoning
from hotline.tickets.proof.replay import happen, registered
from hotline.tickets.proof.story import Kept, Story, Timed
from hotline.tickets.timeline import Entry, Spell
from hotline.work import Work
from sla.allowance import Allowance
from sla.allowance import parse as parse_allowance
from sla.clock import Clock
from sla.policy import Case, ResolveStart, Stage


@dataclass(eq=False, kw_only=True)
class SupposedClock(Timed):
    """A clock that is due when the rules of its story say. `extensions`: each as it was granted."""

    story: "SupposedStory"
    extensions: list[Allowance] = field(default_factory=list)

    def due_by(self, entry: Entry) -> datetime | None:
        return self.story.due_of(self)

    def extend(self, more: Allowance) -> None:
        self.extensions.append(more)
        self.extension = str(more)


@dataclass(eq=False, kw_only=True)
class SupposedStory(Story):
    """A story under the rules of `work`. `in_force`: the city whose rules people acted by."""

    work: Work
    in_force: City
    spells: list[Spell] = field(default_factory=list)

    def clock(self, timed: Timed) -> Timed:
        return SupposedClock(**vars(timed), story=self)

    def case(self) -> Case:
        """Return the ticket as the rules see it at this point of the story."""
        row = self.row
        return Case(
            kind=row.kind,
            urgency=row.urgency,
            category=row.category_code or "",
            area=row.area_code or "",
            channel=row.channel,
            enterprise=row.enterprise,
            round=row.round,
        )

    def terms(self, entry: Entry, stage: Stage) -> Kept | None:
        if stage is Stage.RESOLVE and not self._resolve_may_start(entry):
            return None
        work, case = self._at(entry), self.case()
        terms = deadlines.policy_terms(work, stage, case)
        if terms and stage is Stage.ASSIST:
            terms = self._within_resolve(work, case, terms)
        return _kept(terms) if terms else None

    def _resolve_may_start(self, entry: Entry) -> bool:
        if self.work.city.policy.rules.resolve_starts is ResolveStart.ACCEPT:
            return entry.to_status is Status.ACCEPTED
        return entry.action is not Action.ACCEPT

    def _within_resolve(self, work: Work, case: Case, terms: deadlines.Terms) -> deadlines.Terms:
        lead = next(iter(self.running(Stage.RESOLVE)), None)
        if lead is None:
            return deadlines.within_resolve(work, case, terms)
        whole, _ = _joined(parse_allowance(lead.allowance), self._extensions(lead))
        theirs = deadlines.Terms(lead.started_at, whole, lead.rule, lead.policy)
        pauses = deadlines.pauses_for(self.work, Stage.RESOLVE, self.spells)
        return deadlines.within_resolve(work, case, terms, theirs, pauses)

    def within(self, entry: Entry) -> Kept | None:
        """What was asked for, at most the longest that is supposed; the longest where that was asked for."""
        work, case = self._at(entry), self.case()
        longest = deadlines.policy_terms(work, Stage.ARRIVE, case)
        if longest is None:
            return None
        asked: str | None = entry.details["within"]
        usual = self.in_force.policy.allowance(Stage.ARRIVE, case)
        if asked is None or asked == (usual and str(usual)):
            return _kept(longest)
        own = replace(longest, allowance=parse_allowance(asked))
        latest = deadlines.ends_at(work, entry.at, longest.allowance)
        ends = deadlines.ends_at(work, entry.at, own.allowance)
        return _kept(own if ends and latest and ends <= latest else longest)

    def due_of(self, clock: Timed) -> datetime | None:
        """Return when a clock is due by all that happened so far; None while it stands still.

        An extension in another unit counts from where the allowance ends.
        """
        calendar = deadlines.calendar_of(self.work, clock)
        pauses = deadlines.pauses_for(self.work, clock.stage, self.spells)
        allowance, further = _joined(parse_allowance(clock.allowance), self._extensions(clock))
        due = Clock(clock.started_at, pauses).due_at(calendar, allowance)
        for more in further:
            due = Clock(due, pauses).due_at(calendar, more) if due else None
        return due

    def follow_facts(self, entry: Entry) -> None:
        """Let running clocks give way, as `reckoning.follow_facts` does after an amendment."""
        running = self.running()
        for clock in running:
            clock.due_at = self.due_of(clock)
        for one in reckoning.giving_way(self._at(entry), self.case(), running, self.spells):
            old = one.clock
            old.end(entry, DeadlineOutcome.CANCELLED)
            if one.terms:
                self.add(old.stage, _kept(one.terms), old.department_code, old.held)

    def move(self, entry: Entry) -> None:
        """Remember where the ticket stands after `entry`."""
        if entry.from_status == entry.to_status:
            return
        if self.spells:
            self.spells[-1] = replace(self.spells[-1], end=entry.at)
        self.spells.append(Spell(entry.to_status, entry.at, None))

    def _at(self, entry: Entry) -> Work:
        return replace(self.work, now=entry.at)

    @staticmethod
    def _extensions(clock: Timed) -> Sequence[Allowance]:
        return clock.extensions if isinstance(clock, SupposedClock) else ()


def _kept(terms: deadlines.Terms) -> Kept:
    return Kept(terms.began, str(terms.allowance), terms.rule, terms.policy)


def suppose(work: Work, ledger: Sequence[Entry], city: City) -> SupposedStory:
    """Tell a whole ledger under the rules of `city`, where those of `work` were in force. No query."""
    story = SupposedStory(registered(ledger), work=replace(work, city=city), in_force=work.city)
    for entry in ledger:
        if entry.action is not Action.RECKON:  # what it did, the rules supposed decide anew
            happen(story, entry)
        if entry.action is Action.AMEND:
            story.follow_facts(entry)
        story.move(entry)
    return story


def _joined(allowance: Allowance, extensions: Sequence[Allowance]) -> tuple[Allowance, list[Allowance]]:
    """Return the allowance with all extensions of its own unit, and those of others."""
    further = [one for one in extensions if one.unit is not allowance.unit]
    for one in extensions:
        if one.unit is allowance.unit:
            allowance = allowance.extended_by(one)
    return allowance, further
