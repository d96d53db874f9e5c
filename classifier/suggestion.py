"""All that the machine says about one text. A person confirms it."""

from collections.abc import Sequence
from dataclasses import dataclass

from classifier.alarm import Alarm, Heard
from classifier.explanation import Word, explain
from classifier.extraction import Elements, extract
from classifier.features import READ_AT_MOST
from classifier.keywords import Emergency, Hit, KeywordKind, Keywords, Risk
from classifier.kinds import Kind, kind_of
from classifier.model import Model, Scored, says_something
from classifier.taxonomy import Taxonomy, Urgency
from classifier.wording import judge

# Below this the first category is a guess: its usual urgency says nothing about the ticket.
_SURE_ENOUGH = 0.5


@dataclass(frozen=True)
class Suggestion:
    """`categories` are best first and may be none; `words` are those that spoke for the first one.

    `transfers`: codes of other channels that the text says it is before or belongs to.
    """

    categories: tuple[Scored, ...]
    words: tuple[Word, ...]
    kind: Kind
    urgency: Urgency
    risks: tuple[Risk, ...]
    emergencies: tuple[Emergency, ...]
    transfers: tuple[str, ...]
    elements: Elements
    hits: tuple[Hit, ...]
    heard: Heard | None = None


def suggest(
    text: str,
    *,
    taxonomy: Taxonomy,
    keywords: Keywords,
    model: Model | None,
    alarm: Alarm | None = None,
    top: int = 5,
) -> Suggestion:
    """Judge `text`. Never fails on what a text contains; two letters are the least that say anything.

    Without a model the words of the taxonomy and the keywords judge alone, and no probability exceeds
    `wording.AT_MOST`, so that nothing is dispatched on it. Categories that left the taxonomy since the model
    was trained are not suggested.
    """
    hits = keywords.hits(text)
    categories, words = _categories(text, taxonomy, hits, model, top)
    return Suggestion(
        categories=categories,
        words=words,
        kind=kind_of(text),
        urgency=_urgency(categories, hits, taxonomy),
        risks=tuple(Risk(value) for value in _values(hits, KeywordKind.RISK)),
        emergencies=tuple(Emergency(value) for value in _values(hits, KeywordKind.EMERGENCY)),
        transfers=_values(hits, KeywordKind.TRANSFER),
        elements=extract(text),
        hits=hits,
        heard=alarm.listen(text) if alarm else None,
    )


def _categories(
    text: str, taxonomy: Taxonomy, hits: Sequence[Hit], model: Model | None, top: int
) -> tuple[tuple[Scored, ...], tuple[Word, ...]]:
    if not says_something(text[:READ_AT_MOST]):
        return (), ()
    if model is None:
        return judge(text, taxonomy, hits, top)
    [found] = model.predict([text], top=len(model.labels))
    categories = tuple(scored for scored in found if scored.code in taxonomy)[:top]
    return categories, explain(model, text, categories[0].code) if categories else ()


def _urgency(categories: Sequence[Scored], hits: Sequence[Hit], taxonomy: Taxonomy) -> Urgency:
    """The highest of what the words say and what the category usually is; an emergency is the highest."""
    found = [Urgency.NORMAL, *(Urgency(value) for value in _values(hits, KeywordKind.URGENCY))]
    if any(hit.kind is KeywordKind.EMERGENCY for hit in hits):
        found.append(Urgency.CRITICAL)
    if categories and categories[0].probability >= _SURE_ENOUGH:
        found.append(taxonomy[categories[0].code].urgency or Urgency.NORMAL)
    return max(found, key=lambda urgency: urgency.rank)


def _values(hits: Sequence[Hit], kind: KeywordKind) -> tuple[str, ...]:
    """What the hits of one kind say, each once, in the order of the text."""
    return tuple(dict.fromkeys(hit.value for hit in hits if hit.kind is kind))
