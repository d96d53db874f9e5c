"""How a city supervises in writing (督办单): the rungs, the reasons, how long a reply may take."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hotline.cities.tables import Table
from sla import Allowance

# The reasons that a suggestion gives by itself; every city has them, under names of its own.
SUGGESTED = ("overdue", "unsatisfied", "urged")


@dataclass(frozen=True)
class Rung:
    """One level of orders. `leader`: who answers there by office, where the order names nobody."""

    name: str
    leader: str


@dataclass(frozen=True)
class Grounds:
    """When an order is due by the rules: late for so long and not a word, so many bad answers or urgings."""

    overdue: Allowance
    unsatisfied: int
    urged: int

    @classmethod
    def parse(cls, table: Table) -> "Grounds":
        parsed = cls(
            overdue=table.allowance("overdue"),
            unsatisfied=table.whole("unsatisfied", least=1),
            urged=table.whole("urged", least=1),
        )
        table.done()
        return parsed


@dataclass(frozen=True)
class OrderRules:
    """`top`: who answers above a department that has none above it, None where nobody does.

    `automatic`: an order overdue goes to the level above by itself. A reply takes from `shortest` to
    `longest`; what it usually takes is the stage `supervision` of targets.toml.
    """

    top: str | None
    automatic: bool
    shortest: Allowance
    longest: Allowance
    rungs: tuple[Rung, ...]
    reasons: Mapping[str, str]
    grounds: Grounds

    @classmethod
    def parse(cls, table: Table, departments: Collection[str]) -> "OrderRules":
        """Raises BrokenKey. `departments`: the codes that there are."""
        parsed = cls(
            top=table.text("top", empty=True) or None,
            automatic=table.truth("automatic"),
            shortest=table.allowance("shortest"),
            longest=table.allowance("longest"),
            rungs=tuple(_rung(one) for one in table.tables("level")),
            reasons=_reasons(table),
            grounds=Grounds.parse(table.table("suggest")),
        )
        if parsed.top is not None and parsed.top not in departments:
            raise table.broken("top", f"names {parsed.top!r}, which is no department")
        if not parsed.rungs:
            raise table.broken("level", "must be given as [[level]]")
        table.done()
        return parsed

    @property
    def top_level(self) -> int:
        return len(self.rungs)

    def rung(self, level: int) -> Rung:
        """Return the rung of a level, from 1; what was issued above today's highest has that one's name."""
        return self.rungs[min(level, len(self.rungs)) - 1]


def _rung(table: Table) -> Rung:
    parsed = Rung(table.text("name"), table.text("leader"))
    table.done()
    return parsed


def _reasons(table: Table) -> Mapping[str, str]:
    reasons: dict[str, str] = {}
    for one in table.tables("reason"):
        code = one.text("code")
        if code in reasons:
            raise one.broken("code", f"{code!r} is there twice")
        reasons[code] = one.text("name")
        one.done()
    if missing := [code for code in SUGGESTED if code not in reasons]:
        raise table.broken("reason", f"has none with the code {missing[0]!r}, which a suggestion gives")
    return reasons
