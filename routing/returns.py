"""When and why a department may say "not mine" (退单)."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from routing.errors import BrokenTable

Value = TypeVar("Value")
KEYS = frozenset({"window", "limit", "refusals", "once_per_department", "reasons"})
REASON_KEYS = frozenset({"name", "needs_basis", "needs_department", "needs_evidence"})


@dataclass(frozen=True)
class ReturnReason:
    """`needs_basis`: the law or mandate must be cited. `needs_department`: who should have it instead.

    `needs_evidence`: what was found must be told (佐证).
    """

    code: str
    name: str
    needs_basis: bool
    needs_department: bool
    needs_evidence: bool

    def missing(self, *, basis: str, department: str | None, evidence: str) -> tuple[str, ...]:
        """Return which of "basis", "department" and "evidence" still have to be given."""
        wanted = (
            ("basis", self.needs_basis, basis.strip()),
            ("department", self.needs_department, department),
            ("evidence", self.needs_evidence, evidence.strip()),
        )
        return tuple(name for name, needed, given in wanted if needed and not given)


@dataclass(frozen=True)
class Ground:
    """What a return rests on: its reason, and to whom it points; where it names nobody, what it cites.

    Two grounds are the same when they are equal. A law cited once more for another department is another
    ground; the same law in other spacing, width or punctuation is not.
    """

    reason: str
    points_to: str

    @classmethod
    def of(cls, reason: str, *, basis: str, department: str | None) -> "Ground":
        return cls(reason, f"to {department}" if department else f"by {_bare(basis)}")


def _bare(words: str) -> str:
    folded = unicodedata.normalize("NFKC", words).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


@dataclass(frozen=True)
class ReturnRules:
    """`window` is an allowance as written, such as "4wh", counted from the accept to the leader's signature.

    At the `limit`-th return, granted or asked for, the supervisor arbitrates instead of the desk; so he does
    once the desk has refused `refusals` of them.
    """

    window: str
    limit: int
    refusals: int
    once_per_department: bool
    reasons: Mapping[str, ReturnReason]

    @classmethod
    def parse(cls, table: Mapping[str, object]) -> "ReturnRules":
        """Read returns.toml. Raises BrokenTable."""
        _check_keys("returns.toml", table, KEYS)
        limit, refusals = _typed(table, "limit", int), _typed(table, "refusals", int)
        for name, number in (("limit", limit), ("refusals", refusals)):
            if number < 1:
                raise BrokenTable("returns", f"{name} must be at least 1")
        reasons = _typed(table, "reasons", dict)
        if not reasons:
            raise BrokenTable("returns", "no reason for a return is given")
        return cls(
            window=_typed(table, "window", str),
            limit=limit,
            refusals=refusals,
            once_per_department=_typed(table, "once_per_department", bool),
            reasons={code: _reason(code, reason) for code, reason in reasons.items()},
        )

    def goes_to_arbitration(self, returns: int) -> bool:
        """Whether the return that makes `returns` on this ticket, itself included, is the supervisor's."""
        return returns >= self.limit

    def ends_in_dispute(self, refused: int) -> bool:
        """Whether so many refusals on one ticket show that desk and departments do not agree."""
        return refused >= self.refusals

    def may_ask(self, department: str, asked_before: Collection[str]) -> bool:
        """Whether a department may ask on a ticket on which the departments `asked_before` already did."""
        return not (self.once_per_department and department in asked_before)


def is_ping_pong(gave_back: Sequence[str], to: str) -> bool:
    """Whether a ticket would go to and fro (A→B→A): it goes `to` one that gave it back before another did.

    `gave_back`: the departments whose returns were granted, the first one first. Sent once more to the one
    that gave it back last it does not: there the desk corrects itself.
    """
    return to in gave_back and any(one != to for one in gave_back[gave_back.index(to) :])


def _reason(code: str, table: object) -> ReturnReason:
    if not isinstance(table, dict):
        raise BrokenTable("returns", f"reasons.{code} is not a table")
    _check_keys(f"reasons.{code}", table, REASON_KEYS)
    return ReturnReason(
        code=code,
        name=_typed(table, "name", str),
        needs_basis=_typed(table, "needs_basis", bool),
        needs_department=_typed(table, "needs_department", bool),
        needs_evidence=_typed(table, "needs_evidence", bool),
    )


def _check_keys(where: str, table: Mapping[str, object], allowed: frozenset[str]) -> None:
    for key in table:
        if key not in allowed:
            raise BrokenTable("returns", f"unknown key {key!r} in {where}")


def _typed(table: Mapping[str, object], key: str, kind: type[Value]) -> Value:
    """Return a value of exactly this type: TOML's true is no number."""
    value = table.get(key)
    if type(value) is not kind:
        raise BrokenTable("returns", f"{key} must be a {kind.__name__}, not {value!r}")
    return value
