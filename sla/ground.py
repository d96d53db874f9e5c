"""The ground that rules divide: which tickets each still gets when those before it have taken theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from sla.case import CHANNELS, KINDS, URGENCIES, Case, Conditions

# Some of the values of each thing that a rule may ask, in the order of `Ground.values`.
Field = tuple[frozenset[str | bool | int], ...]


@dataclass(frozen=True)
class Overlap:
    """Two rules, by their places from 0, that both match `case`; neither covers the other."""

    earlier: int
    later: int
    case: Case


@dataclass(frozen=True)
class Ground:
    """Every sort of ticket that some rules can tell apart: a product of few values.

    For categories and areas these are the prefixes that the rules mention, each for the codes that begin with
    it and with no longer one, and the empty word for all others; for rounds those at which a rule begins.
    """

    values: tuple[tuple[str | bool | int, ...], ...]

    @classmethod
    def of(cls, rules: Sequence[Conditions]) -> "Ground":
        categories = {prefix for rule in rules for prefix in rule.categories}
        areas = {prefix for rule in rules for prefix in rule.areas}
        rounds = {rule.round_from for rule in rules}
        return cls(
            (
                *(KINDS, URGENCIES, ("", *sorted(categories)), ("", *sorted(areas))),
                *(CHANNELS, (False, True), tuple(sorted({1, *rounds}))),
            )
        )

    def field_of(self, rule: Conditions) -> Field:
        """Return the tickets that `rule` matches."""
        kinds, urgencies, categories, areas, channels, enterprise, rounds = self.values
        return (
            frozenset(rule.kinds or kinds),
            frozenset(rule.urgencies or urgencies),
            frozenset(one for one in categories if str(one).startswith(rule.categories or "")),
            frozenset(one for one in areas if str(one).startswith(rule.areas or "")),
            frozenset(rule.channels or channels),
            frozenset(one for one in enterprise if rule.enterprise in (None, one)),
            frozenset(one for one in rounds if int(one) >= rule.round_from),
        )

    def case_in(self, field: Field) -> Case:
        """Return the first ticket of `field`."""
        first = [
            next(one for one in values if one in part)
            for values, part in zip(self.values, field, strict=True)
        ]
        kind, urgency, category, area, channel, enterprise, nth = first
        return Case(
            str(kind), str(urgency), str(category), str(area), str(channel), bool(enterprise), int(nth)
        )

    def left_of(self, rule: Conditions, earlier: Iterable[Conditions]) -> tuple[Field, ...]:
        """Return what is left of the tickets of `rule` by those before it; empty when it never applies."""
        left: tuple[Field, ...] = (self.field_of(rule),)
        for other in earlier:
            taken = self.field_of(other)
            left = tuple(rest for field in left for rest in _without(field, taken))
        return left


def overlaps(rules: Sequence[Conditions]) -> tuple[Overlap, ...]:
    """Return the pairs of rules that match a common ticket and of which neither covers the other."""
    ground = Ground.of(rules)
    fields = [ground.field_of(rule) for rule in rules]
    found = []
    for earlier, later in combinations(range(len(rules)), 2):
        common = _common(fields[earlier], fields[later])
        if all(common) and common not in (fields[earlier], fields[later]):
            found.append(Overlap(earlier, later, ground.case_in(common)))
    return tuple(found)


def _common(one: Field, other: Field) -> Field:
    return tuple(mine & theirs for mine, theirs in zip(one, other, strict=True))


def _without(field: Field, taken: Field) -> list[Field]:
    """Return `field` less `taken`, as fields that lie apart."""
    common = _common(field, taken)
    if not all(common):
        return [field]
    rest: list[Field] = []
    for place, part in enumerate(field):
        if outside := part - common[place]:
            rest.append((*common[:place], outside, *field[place + 1 :]))
    return rest
