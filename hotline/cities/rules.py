"""The city's rules that belong to no library: follow-up, scorecard, caps, transfers."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from classifier.selective import Promise
from hotline.cities.tables import Table
from sla import KINDS, Allowance

WEIGHTS = ("response_rate", "resolution_rate", "satisfaction_rate")
Choice = TypeVar("Choice", bound=StrEnum)
BEST = 5  # the happiest answer of five
# Callers type it as they like: the look-up reads capitals, without dashes.
_PREFIX = re.compile("[A-Z0-9]{0,8}")


@dataclass(frozen=True)
class HotlineName:
    """How the hotline calls itself, to callers and on paper."""

    name: str
    short: str
    telephone: str
    number_prefix: str
    greeting: str
    follow_up_greeting: str

    @classmethod
    def parse(cls, table: Table) -> "HotlineName":
        parsed = cls(
            name=table.text("name"),
            short=table.text("short"),
            telephone=table.text("telephone"),
            number_prefix=table.text("number_prefix", empty=True),
            greeting=table.text("greeting"),
            follow_up_greeting=table.text("follow_up_greeting"),
        )
        if not _PREFIX.fullmatch(parsed.number_prefix):
            raise table.broken("number_prefix", "must be empty or up to 8 capital letters and digits")
        table.done()
        return parsed


@dataclass(frozen=True)
class AutoDispatch:
    """Whether anything may go without a person, and what is promised of it (see `classifier.gate_for`).

    `recent`: how far back a decision is evidence.
    """

    enabled: bool
    promise: Promise
    recent: timedelta

    @classmethod
    def parse(cls, table: Table) -> "AutoDispatch":
        promise = Promise(_below_one(table, "precision"), _below_one(table, "confidence"))
        parsed = cls(table.truth("enabled"), promise, _natural(table, "recent"))
        table.done()
        return parsed


@dataclass(frozen=True)
class Dispatching:
    """How the dispatch desk works.

    `undo`: how long a dispatch may be taken back by whoever made it; its department waits that long. `claim`:
    how long a ticket that a dispatcher has opened stays his without a sign of life.
    """

    undo: timedelta
    claim: timedelta

    @classmethod
    def parse(cls, table: Table) -> "Dispatching":
        parsed = cls(
            timedelta(seconds=table.whole("undo_seconds", most=300)),
            timedelta(seconds=table.whole("claim_seconds", least=15, most=3600)),
        )
        table.done()
        return parsed


@dataclass(frozen=True)
class Learning:
    """How the model learns of the dispatchers' choices.

    `least`: fewer labelled tickets, repeats left out, teach nothing. `shadow`: how long a new model looks on
    before it may be put in force, `shadow_tickets`: on how many that were decided, at the least. `weekly`:
    whether one is taught every week without being asked.
    """

    least: int
    shadow: timedelta
    shadow_tickets: int
    weekly: bool

    @classmethod
    def parse(cls, table: Table) -> "Learning":
        parsed = cls(
            table.whole("least", least=1),
            _natural(table, "shadow"),
            table.whole("shadow_tickets", least=1),
            table.truth("weekly"),
        )
        table.done()
        return parsed


@dataclass(frozen=True)
class ExtensionCaps:
    """`times`: in one round. How much one extension adds is in targets.toml."""

    times: int

    @classmethod
    def parse(cls, table: Table) -> "ExtensionCaps":
        parsed = cls(table.whole("times"))
        table.done()
        return parsed


@dataclass(frozen=True)
class SuspensionCaps:
    """`times` and `total` are of one ticket; `reasons` names each allowed reason by its code.

    `of_caller` are those for which the caller is waited for: the time is his, not an outside event's.
    """

    times: int
    total: Allowance
    reasons: Mapping[str, str]
    of_caller: tuple[str, ...]

    @classmethod
    def parse(cls, table: Table) -> "SuspensionCaps":
        reasons = table.table("reasons")
        parsed = cls(
            times=table.whole("times"),
            total=table.allowance("total"),
            reasons={code: reasons.text(code) for code in reasons.values},
            of_caller=table.optional_words("of_caller"),
        )
        if unknown := set(parsed.of_caller) - set(parsed.reasons):
            raise table.broken("of_caller", f"{min(unknown)!r} is no key of [suspension.reasons]")
        table.done()
        return parsed


@dataclass(frozen=True)
class Deferral:
    """`longest`: how far ahead the review date of a deferred ticket may lie."""

    longest: timedelta

    @classmethod
    def parse(cls, table: Table) -> "Deferral":
        parsed = cls(_natural(table, "longest"))
        table.done()
        return parsed


@dataclass(frozen=True)
class Urging:
    """`quiet`: how long after one urging a caller's next is not taken, whoever takes it down.

    `in_all`: how often a caller may for one ticket. `per_day`: how often supervisors may on one day.
    """

    quiet: timedelta
    in_all: int
    per_day: int

    @classmethod
    def parse(cls, table: Table) -> "Urging":
        parsed = cls(
            _natural(table, "quiet"), table.whole("in_all", least=1), table.whole("per_day", least=1)
        )
        table.done()
        return parsed


class TransferKind(StrEnum):
    EMERGENCY = "emergency"
    PETITION = "petition"
    LEGAL = "legal"
    CITY = "city"
    OTHER = "other"


class TransferMode(StrEnum):
    ONE_KEY = "one_key"
    THREE_PARTY = "three_party"
    TICKET = "ticket"
    GUIDANCE = "guidance"


# Whoever is sent there must be told by which law, and how.
_BY_LAW = frozenset({TransferKind.PETITION, TransferKind.LEGAL, TransferKind.CITY})


@dataclass(frozen=True)
class Transfer:
    """Where a matter goes that the hotline does not handle; the first of `modes` is the usual one.

    `priority` orders emergencies that are heard in one call, the smallest first; None for all others.
    `advice` is read out to the caller, and rests on `basis`, the law and its article; who is sent away to
    where only the law leads gets both. Matters of `categories` belong there, and to no department.
    `exchange`: where another hotline takes packages, empty where it does not.
    """

    code: str
    name: str
    kind: TransferKind
    telephone: str
    priority: int | None
    modes: tuple[TransferMode, ...]
    advice: str
    categories: tuple[str, ...]
    basis: str = ""
    exchange: str = ""

    @property
    def advice_version(self) -> str:
        """Tell one wording of what is read out from another; empty where there is none."""
        said = f"{self.advice}\0{self.basis}"
        return hashlib.sha256(said.encode()).hexdigest()[:12] if self.advice else ""

    @classmethod
    def parse(cls, table: Table) -> "Transfer":
        kind = _member(TransferKind, table, "kind", table.text("kind"))
        parsed = cls(
            code=table.text("code"),
            name=table.text("name"),
            kind=kind,
            telephone=table.text("telephone", empty=True),
            priority=table.whole("priority", least=1) if kind is TransferKind.EMERGENCY else None,
            modes=tuple(_member(TransferMode, table, "modes", mode) for mode in table.words("modes")),
            advice=table.text("advice") if kind in _BY_LAW else table.optional_text("advice"),
            categories=table.optional_words("categories"),
            basis=table.text("basis") if kind in _BY_LAW else table.optional_text("basis"),
            exchange=table.optional_text("exchange"),
        )
        if parsed.exchange and not (kind is TransferKind.CITY and _is_safe(parsed.exchange)):
            raise table.broken("exchange", "must be an https address, and only of the kind city")
        table.done()
        return parsed


@dataclass(frozen=True)
class Dissatisfaction:
    """Why a caller is not satisfied. Only what is the department's fault sends a ticket back to it."""

    code: str
    name: str
    department_fault: bool


@dataclass(frozen=True)
class FollowUpRules:
    """How callers are asked.

    `sampling` is the share of each kind of ticket that is followed up. After `max_rounds` a bad answer goes
    to the supervisor. With `unreached_closes` a ticket closes, outside the rates, when attempts run out.
    """

    attempts: int
    attempt_gap: Allowance
    unreached_closes: bool
    link_days: int
    max_rounds: int
    sampling: Mapping[str, float]
    reasons: Mapping[str, Dissatisfaction]

    @classmethod
    def parse(cls, table: Table) -> "FollowUpRules":
        sampling = table.table("sampling")
        reasons = table.table("reasons")
        parsed = cls(
            attempts=table.whole("attempts", least=1),
            attempt_gap=table.allowance("attempt_gap"),
            unreached_closes=table.truth("unreached_closes"),
            link_days=table.whole("link_days", least=1),
            max_rounds=table.whole("max_rounds", least=1),
            sampling={kind: sampling.share(kind) for kind in KINDS},
            reasons={code: _dissatisfaction(code, reasons.table(code)) for code in reasons.values},
        )
        sampling.done()
        table.done()
        return parsed


@dataclass(frozen=True)
class ScorecardRules:
    """How departments are measured.

    `weights` of the three rates add up to 1. `satisfied_from` is the lowest of the answers 5 … 1 that counts
    as satisfied. Departments with fewer than `minimum` answers are not ranked. Below `inherited_below`, a
    share of its allowance, what is left of a clock when the ticket comes to a department is little.
    """

    satisfied_from: int
    minimum: int
    inherited_below: float
    weights: Mapping[str, float]

    @classmethod
    def parse(cls, table: Table) -> "ScorecardRules":
        weights = table.table("weights")
        parsed = cls(
            satisfied_from=table.whole("satisfied_from", least=1, most=BEST),
            minimum=table.whole("minimum"),
            inherited_below=table.share("inherited_below"),
            weights={rate: weights.share(rate) for rate in WEIGHTS},
        )
        weights.done()
        table.done()
        if abs(sum(parsed.weights.values()) - 1) > 1e-9:
            raise table.broken("weights", "must add up to 1")
        return parsed


def _below_one(table: Table, key: str) -> float:
    """Read a share that evidence can prove: all and none cannot."""
    share = table.share(key)
    if not 0 < share < 1:
        raise table.broken(key, "must be above 0.0 and below 1.0")
    return share


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.hostname) and not (parts.username or parts.query)


def _natural(table: Table, key: str) -> timedelta:
    length = table.allowance(key).duration
    if length is None or table.allowance(key).is_working:
        raise table.broken(key, "must be in m, h or d")
    return length


def _member(choices: type[Choice], table: Table, key: str, value: str) -> Choice:
    try:
        return choices(value)
    except ValueError:
        raise table.broken(key, f"{value!r} is none of {', '.join(choices)}") from None


def _dissatisfaction(code: str, table: Table) -> Dissatisfaction:
    parsed = Dissatisfaction(code, table.text("name"), table.truth("department_fault"))
    table.done()
    return parsed
