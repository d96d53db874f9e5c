"""Words of this city that the segmenter must not cut; the next model that is taught knows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

import classifier
from hotline.errors import InvalidInput, NotFound
from hotline.models.dictionary import CityWord
from hotline.models.user import User
from hotline.models.version import Cause
from hotline.tickets import trainings
from hotline.work import Work

SHORTEST, LONGEST = 2, 20
MOST_AT_ONCE = 500
LISTED = 200


@dataclass(frozen=True)
class Entry:
    """`added_by` None: the city's profile brought it."""

    word: str
    added_at: datetime
    added_by: str | None


def words(work: Work) -> list[str]:
    """Every word, in order. One query."""
    return list(work.session.scalars(select(CityWord.word).order_by(CityWord.word)))


def entries(work: Work, *, part: str = "", number: int = LISTED) -> list[Entry]:
    """The words with `part` in them and who added them, newest first. One query."""
    newest = (
        select(CityWord.word, CityWord.added_at, User.name)
        .outerjoin(User, User.id == CityWord.added_by_id)
        .where(CityWord.word.contains(classifier.normalise(part), autoescape=True))
        .order_by(CityWord.added_at.desc(), CityWord.word)
        .limit(number)
    )
    return [Entry(word, added_at, name) for word, added_at, name in work.session.execute(newest)]


def count(work: Work) -> int:
    """How many words there are. One query."""
    return work.session.scalar(select(func.count()).select_from(CityWord)) or 0


def accepted(work: Work, written: Iterable[str]) -> tuple[str, ...]:
    """Return those of `written` that would be new, as texts are compared, each once.

    Raises InvalidInput when one of them is no word, or none is new. One query.
    """
    asked = tuple(dict.fromkeys(filter(None, map(classifier.normalise, written))))
    if not asked:
        raise InvalidInput({"words": "missing"})
    if len(asked) > MOST_AT_ONCE:
        raise InvalidInput({"words": f"too_many_words:{MOST_AT_ONCE}"})
    if problem := next(filter(None, map(_problem, asked)), ""):
        raise InvalidInput({"words": problem})
    known = frozenset(words(work))
    new = tuple(word for word in asked if word not in known)
    if not new:
        raise InvalidInput({"words": "words_known"})
    return new


def _problem(word: str) -> str:
    """Return the code of why this is no word, the word behind a colon; empty when it is one."""
    if " " in word:
        return f"word_spaced:{word[:LONGEST]}"
    if not any(character.isalnum() for character in word):
        return f"word_signs:{word[:LONGEST]}"
    if len(word) < SHORTEST:
        return f"word_short:{word}"
    if len(word) > LONGEST:
        return f"word_long:{word[:LONGEST]}"
    # A model's folder names its words, and it holds nothing of anyone.
    return "word_personal" if classifier.find_personal(word) else ""


def add(work: Work, written: Iterable[str]) -> tuple[str, ...]:
    """Add words and have a model taught that knows them. Returns those that are new. Raises InvalidInput."""
    new = accepted(work, written)
    work.session.add_all(
        CityWord(word=word, added_at=work.now, added_by_id=work.actor.user_id) for word in new
    )
    work.session.flush()
    trainings.ask(work, Cause.DICTIONARY)
    return new


def remove(work: Work, word: str) -> None:
    """Take a word out and have a model taught that no longer knows it. Raises NotFound."""
    entry = work.session.get(CityWord, word)
    if entry is None:
        raise NotFound("word", word)
    work.session.delete(entry)
    work.session.flush()
    trainings.ask(work, Cause.DICTIONARY)
