"""What several names of places say together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby

from routing.areas import AreaTree, Level
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
    told = [_in_full(tree, mention) for mention in mentions]
    heard = [belief for some in _most_telling_first(tree, told) if (belief := _hear_all(tree, some))]
    whole = frozenset({tree.root.code})
    return next((belief for belief in heard if belief.areas != whole), heard[0] if heard else None)


def _in_full(tree: AreaTree, mention: Mention) -> Mention:
    """Return a short form as if it were the full name, where it can mean nothing else.

    It can right behind what it lies in, where that is the city itself, and in the name of a body: 盖山派出所
    says that 盖山 is a town. Elsewhere it may mean more: 金山 is a part of the city that several towns share.
    """
    if mention.rank < SHORT_RANK:
        return mention
    root = tree.root.code
    named = mention.behind - {root}
    sure = frozenset(
        code
        for code in mention.areas
        if mention.trust is Trust.BODY
        or tree.areas[code].parent == root
        or not named.isdisjoint(tree.path(code))
    )
    return mention.meaning(sure, rank=Level.SUBDISTRICT.depth) if sure else mention


def _most_telling_first(tree: AreaTree, mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    plain = [mention for mention in mentions if mention.trust is Trust.PLAIN]
    yield [mention for mention in plain if mention.rank < SHORT_RANK]
    yield [mention for mention in mentions if mention.trust is Trust.BODY]
    yield [_around(tree, mention) for mention in plain if mention.rank == SHORT_RANK]
    yield [mention for mention in mentions if mention.trust is Trust.ASIDE and mention.rank < SHORT_RANK]


def _around(tree: AreaTree, mention: Mention) -> Mention:
    """Return what holds the towns that a short form may mean."""
    holders = frozenset(tree.path(code)[1] for code in mention.areas)
    return mention.meaning(holders, rank=Level.DISTRICT.depth)


def _hear_all(tree: AreaTree, mentions: Iterable[Mention]) -> Belief | None:
    """Hear name by name, the more trusted rank first.

    A named area outranks places: a road known only from another district is then not believed. Names of equal
    rank that fit together narrow each other; those that do not become alternatives.
    """
    belief = None
    by_rank = sorted(mentions, key=lambda mention: mention.rank)
    for _, group in groupby(by_rank, key=lambda mention: mention.rank):
        belief = _hear(tree, belief, list(group))
    return belief


def _hear(tree: AreaTree, belief: Belief | None, mentions: Sequence[Mention]) -> Belief | None:
    """Return the belief narrowed by mentions of one rank; places that contradict it are not credible."""
    held = belief.areas if belief else frozenset({tree.root.code})
    narrowed = [_meet(tree, held, mention.areas) or _rival(mention) for mention in mentions]
    credible = [areas for areas in narrowed if areas]
    if not credible:
        return belief
    agreed = reduce(lambda some, others: _meet(tree, some, others), credible, held)
    areas = agreed or _deepest(tree, [held, *credible])
    telling = [
        mention for mention, left in zip(mentions, narrowed, strict=True) if left & mention.areas & areas
    ]
    decided = telling[0] if telling else belief.decided if belief else mentions[0]
    together = bool(agreed) and (belief is None or belief.together or len(areas) == 1)
    return Belief(areas, decided, together)


def _rival(mention: Mention) -> frozenset[str]:
    """Return what a mention means against what is believed: one named area is as good as another."""
    return mention.areas if mention.rank < PLACE_RANK else frozenset()


def _meet(tree: AreaTree, some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Return the deeper area of every pair where one lies in the other."""
    inner = {code for code in some if not others.isdisjoint(tree.path(code))}
    return frozenset(inner | {code for code in others if not some.isdisjoint(tree.path(code))})


def _deepest(tree: AreaTree, sets: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return the union without areas that only contain another of it."""
    union = frozenset[str]().union(*sets)
    holders = {outer for code in union for outer in tree.path(code)[1:]}
    return union - holders
