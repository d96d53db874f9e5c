"""Which allowance a ticket has at each stage: the rules of targets.toml."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sla.allowance import Allowance, Unit
from sla.case import CHANNELS, KINDS, URGENCIES, Case, Conditions
from sla.errors import BrokenPolicy, blaming
from sla.ground import Ground, Overlap, overlaps
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
    """What starts, stops and lengthens the resolve clock. Cities differ in each.

    `starting_day_counts`: the starting day is the first of every allowance in workdays (含当日).
    `extension_within_original`: one extension is no longer than the limit that it extends (延期不长于原时限).
    """

    resolve_starts: ResolveStart = ResolveStart.DISPATCH
    return_stops_resolve: bool = False
    suspension_pauses: bool = True
    starting_day_counts: bool = False
    extension_within_original: bool = True


@dataclass(frozen=True)
class Target:
    """One rule: the allowance of each stage, None where the stage has no clock (写明 none).

    `number` is its place among the rules, from 1, None for [all]; `line` where it stands in its file.
    """

    conditions: Conditions
    allowances: Mapping[Stage, Allowance | None]
    extension: Allowance | None = None
    number: int | None = None
    name: str = ""
    line: int | None = field(default=None, compare=False)

    @property
    def title(self) -> str:
        """What is kept of the rule on a clock: number and name, as "3 紧急", "3" or "all"."""
        return "all" if self.number is None else f"{self.number} {self.name}".rstrip()


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

    def overlaps(self) -> tuple[Overlap, ...]:
        """Return which two rules match a common ticket, by their places; the earlier one has it."""
        return overlaps([target.conditions for target in self.targets[:-1]])


CONDITION_KEYS = ("kind", "urgency", "category", "area", "channel", "enterprise", "round_from")
ALLOWANCE_KEYS = (*Stage, "extension")
LONGEST_NAME = 40


def parse(table: Mapping[str, object], *, line_of: Callable[[int], int] | None = None) -> Policy:
    """Build the policy from targets.toml, and prove that no ticket is left without a target.

    `line_of` tells at which line the nth [[target]], from 0, stands. Raises BrokenPolicy.
    """
    with blaming(BrokenPolicy):
        refuse_unknown_keys(table, ("rules", "all", "target"))
        rules = _rules(table_of(table.get("rules", {}), "rules"))
        everywhere = table_of(table.get("all", {}), "all")
        refuse_unknown_keys(everywhere, ALLOWANCE_KEYS)
        beneath = _target(everywhere, Target(Conditions(), {}), rules)
        rows = rows_of(table.get("target", []), "target")
    targets: list[Target] = []
    for rule, row in enumerate(rows):
        with blaming(BrokenPolicy, rule, line_of):
            refuse_unknown_keys(row, ("name", *CONDITION_KEYS, *ALLOWANCE_KEYS))
            target = _target(row, beneath, rules)
            _refuse_gaps(target, "this rule")
            _refuse_long_extension(target, rules)
            line = line_of(rule) if line_of else None
            targets.append(replace(target, number=rule + 1, name=_name(row), line=line))
    ground = Ground.of([target.conditions for target in targets])
    for rule, target in enumerate(targets):
        with blaming(BrokenPolicy, rule, line_of):
            _refuse_unreachable(ground, target, targets[:rule])
    with blaming(BrokenPolicy):
        _refuse_long_extension(beneath, rules)
        _refuse_cases_without_target(ground, beneath, targets)
    return Policy(rules, (*targets, beneath), _version(table))


def _rules(table: Mapping[str, object]) -> ClockRules:
    switches = [name for name in vars(ClockRules()) if name != "resolve_starts"]
    refuse_unknown_keys(table, ("resolve_starts", *switches))
    usual = ClockRules()
    (starts,) = words(
        table.get("resolve_starts", usual.resolve_starts), "resolve_starts", tuple(ResolveStart)
    )
    return ClockRules(
        ResolveStart(starts),
        **{name: truth(table.get(name, getattr(usual, name)), name) for name in switches},
    )


def _target(row: Mapping[str, object], beneath: Target, rules: ClockRules) -> Target:
    """Read one rule; where it is silent, `beneath` speaks."""

    def read(key: str) -> Allowance | None:
        allowance = allowance_or_none(row[key], key)
        inclusive = rules.starting_day_counts and allowance and allowance.unit is Unit.WORKDAYS
        return Allowance(allowance.amount, Unit.WORKDAYS_INCLUSIVE) if allowance and inclusive else allowance

    allowances = {**beneath.allowances, **{stage: read(stage) for stage in Stage if stage in row}}
    extension = read("extension") if "extension" in row else beneath.extension
    resolve = allowances.get(Stage.RESOLVE)
    if extension is not None and resolve is not None:
        resolve.extended_by(extension)
    return Target(_conditions(row), allowances, extension)


def _name(row: Mapping[str, object]) -> str:
    name = row.get("name", "")
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        raise ValueError(f"name must be text of at most {LONGEST_NAME} characters")
    return name.strip()


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


def _refuse_long_extension(target: Target, rules: ClockRules) -> None:
    resolve = target.allowances.get(Stage.RESOLVE)
    if not (rules.extension_within_original and resolve and target.extension):
        return
    if target.extension.amount > resolve.amount:
        raise ValueError(
            f"extension {target.extension} is longer than the {resolve} of resolve, "
            "which extension_within_original forbids"
        )


def _refuse_unreachable(ground: Ground, target: Target, earlier: Sequence[Target]) -> None:
    for other in earlier:
        if other.conditions.cover(target.conditions):
            raise ValueError(
                f"this rule never applies: [[target]] number {other.number} takes every such ticket first"
            )
    if not ground.left_of(target.conditions, [other.conditions for other in earlier]):
        numbers = ", ".join(str(other.number) for other in _needed(ground, target, earlier))
        raise ValueError(
            f"this rule never applies: [[target]] numbers {numbers} together take every such ticket first"
        )


def _needed(ground: Ground, target: Target, earlier: Sequence[Target]) -> list[Target]:
    """Return those of `earlier` without which some ticket of `target` would be left."""
    needed = list(earlier)
    for other in earlier:
        without = [one for one in needed if one is not other]
        if not ground.left_of(target.conditions, [one.conditions for one in without]):
            needed = without
    return needed


def _refuse_cases_without_target(ground: Ground, beneath: Target, targets: Sequence[Target]) -> None:
    """Try every sort of ticket that the rules tell apart: each that none of them takes is for [all]."""
    left = ground.left_of(Conditions(), [target.conditions for target in targets])
    if left:
        case = ground.case_in(left[0])
        name = f"no rule matches {case.kind}, {case.urgency}, {case.channel}, round {case.round}, and [all]"
        _refuse_gaps(beneath, name)


def _version(table: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(table, sort_keys=True, default=str).encode()).hexdigest()[:12]
