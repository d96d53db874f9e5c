"""Judging by the city's own words, before a model is trained."""

from collections import defaultdict
from collections.abc import Sequence
from math import log

from classifier.explanation import Word
from classifier.features import READ_AT_MOST
from classifier.keywords import Hit, KeywordKind
from classifier.model import Scored
from classifier.taxonomy import Taxonomy
from classifier.text import Span, fold

# Words alone are right in about half of the cases, and how often is not known case by case.
AT_MOST = 0.4
# What one rare word of four characters weighs: evidence needs to exceed it to come near AT_MOST.
_DOUBT = 10.0
_LONGEST = 4


def judge(
    text: str, taxonomy: Taxonomy, hits: Sequence[Hit], top: int
) -> tuple[tuple[Scored, ...], tuple[Word, ...]]:
    """The categories whose terms or keyword rules occur in `text`, and the words that spoke for the first.

    A word weighs more the longer it is and the fewer categories share it. Probabilities add up to AT_MOST
    at the most.
    """
    places = _places(text, taxonomy)
    for hit in hits:
        if hit.kind is KeywordKind.CATEGORY and hit.value in taxonomy:
            places[hit.word, Span(hit.start, hit.end)].add(hit.value)
    votes: dict[str, dict[tuple[str, Span], float]] = defaultdict(dict)
    for place, codes in places.items():
        for code in codes:
            votes[code][place] = min(len(place[0]), _LONGEST) * log(1 + len(taxonomy) / len(codes))
    scores = {code: sum(weights.values()) for code, weights in votes.items()}
    ranking = sorted(scores, key=lambda code: (-scores[code], code))[:top]
    doubt = _DOUBT + sum(scores.values())
    categories = tuple(Scored(code, AT_MOST * scores[code] / doubt) for code in ranking)
    return categories, _words(votes[ranking[0]]) if ranking else ()


def _places(text: str, taxonomy: Taxonomy) -> dict[tuple[str, Span], set[str]]:
    """The first place of each term that occurs, with the leaves that it names."""
    folded = fold(text[:READ_AT_MOST])
    found: dict[tuple[str, Span], set[str]] = defaultdict(set)
    for term, codes in taxonomy.terms.items():
        at = folded.text.find(term)
        if at >= 0:
            found[term, folded.original(Span(at, at + len(term)))] |= codes
    return found


def _words(weights: dict[tuple[str, Span], float]) -> tuple[Word, ...]:
    total = sum(weights.values())
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:5]
    return tuple(Word(word, weight / total, span.start, span.end) for (word, span), weight in heaviest)
