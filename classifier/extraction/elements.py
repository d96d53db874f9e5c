"""The fields that an agent fills in, found in free text: the five elements (五要素), a phone, the accused.

Patterns of the language, not of a city. Nothing is invented: each element is a place in the text, or None.
"""

import re
from dataclasses import dataclass

from classifier.extraction.callers import caller, caller_name
from classifier.extraction.parties import accused
from classifier.extraction.phones import phone
from classifier.extraction.places import where
from classifier.extraction.times import when
from classifier.extraction.wishes import before_number, trimmed, wanted
from classifier.text import Span, fold

# What is longer is a document, and its elements stand in its beginning.
_READ_AT_MOST = 20_000

# What remains must say something: fewer characters are a greeting or a leftover.
_LEAST_TOLD = 4
# Signs and digits alone tell nothing (😀, 1234567890); "停电3天" does.
_LEAST_LETTERS = 3
_GREETING = re.compile(r"(?:您好|你好|喂|领导好?|尊敬的[^,。!]{1,10}|来电人?|反映|我要投诉|投诉)[,。!:; ]*")


@dataclass(frozen=True)
class Elements:
    """Places in the text as it was given; None where the text does not say.

    `phone` is the caller's where the text says whose it is. `accused`: the party complained of. `name`: what
    the caller is called, where `who` may be what he is.
    """

    who: Span | None = None
    when: Span | None = None
    where: Span | None = None
    what: Span | None = None
    wanted: Span | None = None
    phone: Span | None = None
    accused: Span | None = None
    name: Span | None = None


def extract(text: str) -> Elements:
    """Find the fields. Linear in the text."""
    begun = text[:_READ_AT_MOST]
    folded = fold(begun)
    read = folded.text
    wish = wanted(read)
    found = {
        "who": caller(read),
        "when": when(read),
        "where": where(read),
        "wanted": before_number(read, wish) if wish else None,
        "what": _what(read, wish),
        "accused": accused(read, wish),
        "name": caller_name(read),
    }
    spans = {name: folded.original(span) for name, span in found.items() if span is not None}
    return Elements(**spans, phone=phone(begun))


def _what(text: str, wish: Span | None) -> Span | None:
    """The telling: all before the wish, or all behind it where the text begins with the wish."""
    greeting = _GREETING.match(text)
    told = Span(greeting.end() if greeting else 0, len(text))
    if wish is not None:
        before, behind = Span(told.start, max(told.start, wish.start)), Span(wish.end, len(text))
        told = before if before.end - before.start >= behind.end - behind.start else behind
    bare = trimmed(text, told)
    if bare is None or bare.end - bare.start < _LEAST_TOLD:
        return None
    return bare if sum(map(str.isalpha, bare.of(text))) >= _LEAST_LETTERS else None
