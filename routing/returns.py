"""When and why a department may say "not mine" (退单)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from routing.errors import BrokenTable

Value = TypeVar("Value")
KEYS = frozenset({"window", "limit", "once_per_department", "reasons"})
REASON_KEYS = frozenset({"name", "needs_basis", "needs_department"})


@dataclass(frozen=True)
class ReturnReason:
    """`needs_basis`: the law or mandate must be cited. `needs_department`: who should have it instead."""

    code: str
    name: str
    needs_basis: bool
    needs_department: bool

    def missing(self, *, basis: str, department: str | None) -> tuple[str, ...]:
        """Return which of "basis" and "department" still have to be given."""
        wanted = (
            ("basis", self.needs_basis, basis.strip()),
            ("department", self.needs_department, department),
        )
        return tuple(name for name, needed, given in wanted if needed and not given)


@dataclass(frozen=True)
class ReturnRules:
    """`window` is an allowance as written, such as "4wh", counted from the accept.

    At the `limit`-th return, granted or asked for, the supervisor arbitrates instead of the desk.
    """

    window: str
    limit: int
    once_per_department: bool
    reasons: Mapping[str, ReturnReason]

    @classmethod
    def parse(cls, table: Mapping[str, object]) -> "ReturnRules":
        """Read returns.toml. Raises BrokenTable."""
        _check_keys("returns.toml", table, KEYS)
        limit = _typed(table, "limit", int)
        if limit < 1:
            raise BrokenTable("returns", "limit must be at least 1")
        reasons = _typed(table, "reasons", dict)
        if not reasons:
            raise BrokenTable("returns", "no reason for a return is given")
        return cls(
            window=_typed(table, "window", str),
            limit=limit,
            once_per_department=_typed(table, "once_per_department", bool),
            reasons={code: _reason(code, reason) for code, reason in reasons.items()},
        )

    def goes_to_arbitration(self, returns: int) -> bool:
        """Whether the return that makes `returns` on this ticket, itself included, is the supervisor's."""
        return returns >= self.limit

    def may_ask(self, department: str, asked_before: Collection[str]) -> bool:
        """Whether a department may ask on a ticket on which the departments `asked_before` already did."""
        return not (self.once_per_department and department in asked_before)


def _reason(code: str, table: object) -> ReturnReason:
    if not isinstance(table, dict):
        raise BrokenTable("returns", f"reasons.{code} is not a table")
    _check_keys(f"reasons.{code}", table, REASON_KEYS)
    return ReturnReason(
        code=code,
        name=_typed(table, "name", str),
        needs_basis=_typed(table, "needs_basis", bool),
        needs_department=_typed(table, "needs_department", bool),
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
