"""What a change of the dictionary would do: the newest tickets cut as now and as then. Nothing is saved."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

import classifier
from classifier.features import READ_AT_MOST
from classifier.segmentation import Place, places
from hotline.errors import NotFound
from hotline.models.ticket import Ticket
from hotline.tickets import dictionary, triage
from hotline.work import Work

NEWEST = 500
EXAMPLES = 3


@dataclass(frozen=True)
class Effect:
    """What becomes of one word. In `found` of the tickets it stands.

    In `changed` of those it is cut differently than before, in `whole` nowhere cut any more. `examples`: one
    place that changed each, from different tickets, no two alike.
    """

    word: str
    found: int
    changed: int
    whole: int
    examples: tuple[Place, ...]

    @property
    def is_whole(self) -> bool:
        """Whether it would be cut in none of them."""
        return self.whole == self.found


@dataclass(frozen=True)
class Preview:
    """What the change would do to so many `tickets`, to the words that change most first."""

    tickets: int
    added: tuple[Effect, ...]
    removed: tuple[Effect, ...]


def preview(work: Work, new_words: Iterable[str] = (), *, removed: Iterable[str] = ()) -> Preview:
    """Cut the newest tickets with the present words and with those that there would be.

    Raises InvalidInput as `dictionary.add` does, NotFound for a removed word that is not there. A second or
    two; two queries, three with new words.
    """
    present = dictionary.words(work)
    gone, asked = tuple(dict.fromkeys(removed)), tuple(new_words)
    for word in gone:
        if word not in present:
            raise NotFound("word", word)
    added = dictionary.accepted(work, asked) if asked or not gone else ()
    then = [*(word for word in present if word not in gone), *added]
    texts = _newest(work)
    effects = _effects((*added, *gone), texts, present, then)
    return Preview(len(texts), _by_change(effects[: len(added)]), _by_change(effects[len(added) :]))


def _newest(work: Work) -> list[str]:
    """The texts of the newest tickets, as the model reads them. One query.

    Confidential ones are left out (保密): what they say is not for an administrator, not even in pieces.
    """
    newest = (
        select(Ticket.title, Ticket.content, Ticket.own_until)
        .where(Ticket.confidential.is_(False))
        .order_by(Ticket.logged_at.desc(), Ticket.id.desc())
        .limit(NEWEST)
    )
    texts = (triage.whole_text(*row) for row in work.session.execute(newest))
    return [classifier.normalise(classifier.mask(text[:READ_AT_MOST])) for text in texts]


def _effects(words: tuple[str, ...], texts: list[str], present: list[str], then: list[str]) -> list[Effect]:
    cut, cut_then = classifier.segmenter(words=present).cut, classifier.segmenter(words=then).cut
    found: dict[str, list[tuple[Place, ...]]] = {word: [] for word in words}
    for text in texts:
        # Elsewhere a word more or less decides only between two ways as likely: one text in a thousand.
        inside = [word for word in words if word in text]
        if inside:
            before, after = cut(text), cut_then(text)
            for word in inside:
                found[word].append(tuple(places(word, before, after)))
    return [_effect(word, tickets) for word, tickets in found.items()]


def _effect(word: str, tickets: list[tuple[Place, ...]]) -> Effect:
    """Add up what becomes of a word; `tickets` are its places in each ticket that has it."""
    changed = [next((place for place in one if place.is_changed), None) for one in tickets]
    examples = dict.fromkeys(place for place in changed if place)
    return Effect(
        word,
        found=len(tickets),
        changed=sum(place is not None for place in changed),
        whole=sum(all(place.is_whole for place in one) for one in tickets),
        examples=tuple(examples)[:EXAMPLES],
    )


def _by_change(effects: list[Effect]) -> tuple[Effect, ...]:
    return tuple(sorted(effects, key=lambda effect: -effect.changed))
