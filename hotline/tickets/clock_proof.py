"""Prove the clocks of one ticket from its ledger: none is gone, none says what did not happen.

A clock that runs is reckoned anew. One that was settled must stand as the entry that settled it found it:
the calendar of today, or a later rule, has no say in what was in force then.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce

from hotline.lifecycle import Action
from hotline.models.deadline import Deadline, DeadlineOutcome
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, timeline
from hotline.tickets.timeline import Entry
from hotline.work import Work
from sla.allowance import Allowance
from sla.allowance import parse as parse_allowance
from sla.policy import ResolveStart, Stage

_JUDGED = (DeadlineOutcome.MET, DeadlineOutcome.LATE)


@dataclass(frozen=True)
class _Kept:
    """What the ledger last said of a clock, and when."""

    at: datetime
    facts: list[str | None]


def contradictions(work: Work, ticket: Ticket, ledger: Sequence[Entry]) -> Iterator[str]:
    """Yield in words what the clocks of `ticket` and its whole ledger do not agree on. One query."""
    kept = {
        key: _Kept(entry.at, facts)
        for entry in ledger
        for key, facts in entry.details.get("clocks", {}).items()
    }
    clocks = deadlines.all_of(work, ticket)
    yield from (f"{key}: no row" for key in sorted(set(kept) - {clock.key for clock in clocks}))
    past = timeline.spells_of(ledger)
    for clock in clocks:
        known = kept.get(clock.key)
        wrong = _settled(clock, known) if clock.settled_at else _running(work, clock, known, past)
        if wrong:
            yield f"{clock.key}: {wrong}"
    yield from _extensions(clocks, ledger)
    yield from _unopened(work, ticket, clocks, ledger)
    due = min((clock.due_at for clock in clocks if clock.due_at and not clock.settled_at), default=None)
    if due != ticket.next_due_at:
        yield f"next due: row {ticket.next_due_at}, clocks {due}"


def _settled(clock: Deadline, kept: _Kept | None) -> str | None:
    if kept is None:
        # Opened by the very entry that settled it, as when a provisional department goes on.
        return None if clock.settled_at == clock.started_at else "settled by no entry"
    if clock.settled_at != kept.at:
        return f"settled: row {clock.settled_at}, ledger {kept.at}"
    if clock.facts() != kept.facts:
        return f"row {clock.facts()}, ledger {kept.facts}"
    late = clock.due_at is not None and clock.settled_at > clock.due_at
    if clock.outcome in _JUDGED and late != (clock.outcome is DeadlineOutcome.LATE):
        return f"{clock.outcome}"
    return None


def _running(work: Work, clock: Deadline, kept: _Kept | None, past: list[timeline.Spell]) -> str | None:
    if kept and clock.facts()[:2] != kept.facts[:2]:
        return f"row {clock.facts()[:2]}, ledger {kept.facts[:2]}"
    try:
        due = deadlines.due_by(work, clock, past)
    except ValueError as error:
        return str(error)
    return None if due == clock.due_at else f"row {clock.due_at}, ledger {due}"


def _extensions(clocks: Iterable[Deadline], ledger: Iterable[Entry]) -> Iterator[str]:
    """The extension of each round's resolve clock is what was granted in that round."""
    granted: dict[int, list[str]] = {}
    for entry in ledger:
        if entry.action is Action.GRANT_EXTENSION and entry.details.get("due_at"):
            granted.setdefault(entry.round, []).append(entry.details["amount"])
    stands: dict[int, list[str]] = {}
    for clock in clocks:
        if clock.stage is Stage.RESOLVE and clock.extension:
            stands.setdefault(clock.round, []).append(clock.extension)
    for number in sorted({*granted, *stands}):
        given, standing = _sum(granted.get(number, ())), _sum(stands.get(number, ()))
        if given != standing:
            yield f"extension in round {number}: row {standing}, ledger {given}"


def _sum(written: Sequence[str]) -> Allowance | str | None:
    try:
        return reduce(Allowance.extended_by, map(parse_allowance, written)) if written else None
    except ValueError as error:
        return str(error)


def _unopened(
    work: Work, ticket: Ticket, clocks: Sequence[Deadline], ledger: Sequence[Entry]
) -> Iterator[str]:
    """Each dispatch under the rules of today opened the clocks that these give.

    What became of a case whose kind or urgency was put right since cannot be told from today's row.
    """
    if any(_changes_case(entry.details.get("changed", {})) for entry in ledger):
        return
    for entry in ledger:
        if entry.action is not Action.DISPATCH or entry.details.get("profile") != work.city.profile_hash:
            continue
        case = replace(
            deadlines.case_of(ticket),
            category=entry.details.get("category") or "",
            area=entry.details.get("area") or "",
            round=entry.round,
        )
        for stage in (Stage.ACCEPT, Stage.RESOLVE):
            if work.city.policy.allowance(stage, case) and not _stands(work, stage, clocks, entry):
                yield f"{stage} of the dispatch at {entry.at}: no row"


def _changes_case(changed: Mapping[str, object]) -> bool:
    return "kind" in changed or "urgency" in changed


def _stands(work: Work, stage: Stage, clocks: Iterable[Deadline], dispatch: Entry) -> bool:
    if stage is Stage.ACCEPT:
        return any(clock.stage is stage and clock.started_at == dispatch.at for clock in clocks)
    if work.city.policy.rules.resolve_starts is not ResolveStart.DISPATCH:
        return True
    # After a return it runs on from an earlier dispatch of the round.
    return any(
        clock.stage is stage and clock.round == dispatch.round and clock.started_at <= dispatch.at
        for clock in clocks
    )
