"""What several names of places say together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby

from routing.areas import AreaTree
from routing.context import Trust
from routing.mentions import PLACE_RANK, SHORT_RANK, Mention


@dataclass(frozen=True)
class Belief:
    """`areas`, none in another, are what is left; `decided` left no more of them than that.

    `together`: the names fit, and one of them means several areas.
    """

    areas: frozenset[str]
    decided: Mention
    together: bool


def believe(tree: AreaTree, mentions: Sequence[Mention]) -> Belief | None:
    """Return what a text says that has these names, None where it says nothing.

    What only names a body, or where somebody comes from, is heard where nothing else names a place in the
    city: the place of the problem decides.
    """
    heard = [belief for told in _most_telling_first(tree, mentions) if (belief := _hear_all(tree, told))]
    whole = frozenset({tree.root.code})
    return next((belief for belief in heard if belief.areas != whole), heard[0] if heard else None)


def _most_telling_first(tree: AreaTree, mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    plain = [mention for mention in mentions if mention.trust is Trust.PLAIN]
    yield plain
    # 盖山派出所 says itself that 盖山 is a town.
    yield [mention.ranked(PLACE_RANK) for mention in mentions if mention.trust is Trust.BODY]
    # A short form alone may be a neighbourhood that is larger than the town of its name.
    yield [_around(tree, mention) for mention in plain if mention.rank == SHORT_RANK]
    yield [mention for mention in mentions if mention.trust is Trust.ASIDE]


def _around(tree: AreaTree, mention: Mention) -> Mention:
    return mention.ranked(PLACE_RANK).meaning(frozenset(tree.path(code)[1] for code in mention.areas))


def _hear_all(tree: AreaTree, mentions: Iterable[Mention]) -> Belief | None:
    """Hear name by name, the more trusted rank first.

    A named area outranks places: a road known only from another district is then not believed. Names of equal
    rank that fit together narrow each other; those that do not become alternatives.
    """
    belief = None
    by_rank = sorted(mentions, key=lambda mention: mention.rank)
    for rank, group in groupby(by_rank, key=lambda mention: mention.rank):
        several = list(group)
        if rank == SHORT_RANK:
            several = list(_in_named_districts(tree, belief, several))
        belief = _hear(tree, belief, several)
    return belief


def _in_named_districts(
    tree: AreaTree, belief: Belief | None, mentions: Iterable[Mention]
) -> Iterator[Mention]:
    """Yield short forms as far as what they lie in is named, or is the city itself."""
    root = tree.root.code
    named = (belief.areas if belief else frozenset()) - {root}
    for mention in mentions:
        yield mention.meaning(
            frozenset(
                code
                for code in mention.areas
                if tree.areas[code].parent == root or any(tree.contains(outer, code) for outer in named)
            )
        )


def _hear(tree: AreaTree, belief: Belief | None, mentions: Sequence[Mention]) -> Belief | None:
    """Return the belief narrowed by mentions of one rank; those that contradict it are not credible."""
    credible = [
        mention.meaning(_meet(tree, belief.areas, mention.areas)) if belief else mention
        for mention in mentions
    ]
    credible = [mention for mention in credible if mention.areas]
    if not credible:
        return belief
    agreed = reduce(lambda some, others: _meet(tree, some, others), (mention.areas for mention in credible))
    areas = agreed or _deepest(tree, (mention.areas for mention in credible))
    return Belief(areas, next(mention for mention in credible if mention.areas & areas), bool(agreed))


def _meet(tree: AreaTree, some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Return the deeper area of every pair where one lies in the other."""
    inner = {code for code in some if not others.isdisjoint(tree.path(code))}
    return frozenset(inner | {code for code in others if not some.isdisjoint(tree.path(code))})


def _deepest(tree: AreaTree, sets: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return the union without areas that only contain another of it."""
    union = frozenset[str]().union(*sets)
    holders = {outer for code in union for outer in tree.path(code)[1:]}
    return union - holders
