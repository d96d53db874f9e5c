"""Which allowance a ticket has at each stage: the rules of targets.toml."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from sla.allowance import Allowance
from sla.case import CHANNELS, KINDS, URGENCIES, Case, Conditions
from sla.errors import BrokenPolicy, blaming
from sla.tables import allowance_or_none, refuse_unknown_keys, rows_of, table_of, truth, words

__all__ = ["Case", "ClockRules", "Policy", "ResolveStart", "Stage", "Target", "parse"]


class Stage(StrEnum):
    """What a clock can run for."""

    DISPATCH = "dispatch"
    ACCEPT = "accept"
    CONTACT = "contact"
    RESOLVE = "resolve"
    ASSIST = "assist"
    ARRIVE = "arrive"
    REVIEW = "review"
    FOLLOW_UP = "follow_up"
    SUPERVISION = "supervision"


# Every ticket passes these, so every rule has an allowance for them, or the word "none".
PROVED_STAGES = (
    Stage.DISPATCH, Stage.ACCEPT, Stage.CONTACT, Stage.RESOLVE, Stage.REVIEW, Stage.FOLLOW_UP,
)  # fmt: skip


class ResolveStart(StrEnum):
    """Where the resolve clock begins. next_day: the midnight after dispatch, for units that count hours."""

    DISPATCH = "dispatch"
    ACCEPT = "accept"
    NEXT_DAY = "next_day"


@dataclass(frozen=True)
class ClockRules:
    """What starts and stops the resolve clock. Cities differ in each."""

    resolve_starts: ResolveStart = ResolveStart.DISPATCH
    return_stops_resolve: bool = False
    suspension_pauses: bool = True


@dataclass(frozen=True)
class Target:
    """One rule: the allowance of each stage, None where the stage has no clock (写明 none)."""

    conditions: Conditions
    allowances: Mapping[Stage, Allowance | None]
    extension: Allowance | None = None


@dataclass(frozen=True)
class Policy:
    """The targets of a city, the first that matches wins; the last one, from [all], matches every ticket.

    `version` changes with every change of the file's meaning: it tells which rules set a deadline.
    """

    rules: ClockRules
    targets: tuple[Target, ...]
    version: str

    def target_for(self, case: Case) -> Target:
        return next(target for target in self.targets if target.conditions.match(case))

    def allowance(self, stage: Stage, case: Case) -> Allowance | None:
        """Return how long `stage` may take, or None when it has no clock."""
        return self.target_for(case).allowances.get(stage)

    def extension(self, case: Case) -> Allowance | None:
        """Return what one extension (延期) of the resolve stage adds, or None when none may be granted."""
        return self.target_for(case).extension


CONDITION_KEYS = ("kind", "urgency", "category", "area", "channel", "enterprise", "round_from")
ALLOWANCE_KEYS = (*Stage, "extension")


def parse(table: Mapping[str, object], *, line_of: Callable[[int], int] | None = None) -> Policy:
    """Build the policy from targets.toml, and prove that no ticket is left without a target.

    `line_of` tells at which line the nth [[target]], from 0, stands. Raises BrokenPolicy.
    """
    with blaming(BrokenPolicy):
        refuse_unknown_keys(table, ("rules", "all", "target"))
        rules = _rules(table_of(table.get("rules", {}), "rules"))
        everywhere = table_of(table.get("all", {}), "all")
        refuse_unknown_keys(everywhere, ALLOWANCE_KEYS)
        beneath = _target(everywhere, Target(Conditions(), {}))
        rows = rows_of(table.get("target", []), "target")
    targets: list[Target] = []
    for rule, row in enumerate(rows):
        with blaming(BrokenPolicy, rule, line_of):
            refuse_unknown_keys(row, (*CONDITION_KEYS, *ALLOWANCE_KEYS))
            target = _target(row, beneath)
            _refuse_gaps(target, "this rule")
            _refuse_unreachable(target, targets)
        targets.append(target)
    policy = Policy(rules, (*targets, beneath), _version(table))
    with blaming(BrokenPolicy):
        _try_out(policy)
    return policy


def _rules(table: Mapping[str, object]) -> ClockRules:
    refuse_unknown_keys(table, ("resolve_starts", "return_stops_resolve", "suspension_pauses"))
    usual = ClockRules()
    (starts,) = words(
        table.get("resolve_starts", usual.resolve_starts), "resolve_starts", tuple(ResolveStart)
    )
    return ClockRules(
        ResolveStart(starts),
        truth(table.get("return_stops_resolve", usual.return_stops_resolve), "return_stops_resolve"),
        truth(table.get("suspension_pauses", usual.suspension_pauses), "suspension_pauses"),
    )


def _target(row: Mapping[str, object], beneath: Target) -> Target:
    """Read one rule; where it is silent, `beneath` speaks."""
    own = {stage: allowance_or_none(row[stage], stage) for stage in Stage if stage in row}
    allowances = {**beneath.allowances, **own}
    extension = beneath.extension
    if "extension" in row:
        extension = allowance_or_none(row["extension"], "extension")
    resolve = allowances.get(Stage.RESOLVE)
    if extension is not None and resolve is not None:
        resolve.extended_by(extension)
    return Target(_conditions(row), allowances, extension)


def _conditions(row: Mapping[str, object]) -> Conditions:
    def listed(key: str, known: tuple[str, ...] | None = None) -> tuple[str, ...]:
        return words(row[key], key, known) if key in row else ()

    round_from = row.get("round_from", 1)
    if not isinstance(round_from, int) or isinstance(round_from, bool) or round_from < 1:
        raise ValueError("round_from must be a whole number from 1")
    return Conditions(
        kinds=listed("kind", KINDS),
        urgencies=listed("urgency", URGENCIES),
        categories=listed("category"),
        areas=listed("area"),
        channels=listed("channel", CHANNELS),
        enterprise=truth(row["enterprise"], "enterprise") if "enterprise" in row else None,
        round_from=round_from,
    )


def _refuse_gaps(target: Target, name: str) -> None:
    missing = [stage for stage in PROVED_STAGES if stage not in target.allowances]
    if missing:
        raise ValueError(f'{name} has neither an allowance nor "none" for {", ".join(missing)}')


def _refuse_unreachable(target: Target, earlier: Sequence[Target]) -> None:
    for place, other in enumerate(earlier, start=1):
        if other.conditions.cover(target.conditions):
            raise ValueError(
                f"this rule never applies: [[target]] number {place} takes every such ticket first"
            )


def _try_out(policy: Policy) -> None:
    """Try every sort of ticket of no special category or area: narrower rules have been proved one by one."""
    for kind, urgency, channel, enterprise, nth in product(KINDS, URGENCIES, CHANNELS, (False, True), (1, 2)):
        case = Case(kind, urgency, channel=channel, enterprise=enterprise, round=nth)
        name = f"no rule matches {kind}, {urgency}, {channel}, round {nth}, and [all]"
        _refuse_gaps(policy.target_for(case), name)


def _version(table: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(table, sort_keys=True, default=str).encode()).hexdigest()[:12]
