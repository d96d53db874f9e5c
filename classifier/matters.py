"""Several matters in one call: where one ends and the next begins."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from classifier.features import READ_AT_MOST
from classifier.model import Scored
from classifier.text import Span, fold

# Judges texts: the categories of each, best first, as `Model.predict`.
Judge = Callable[[Sequence[str]], Sequence[Sequence[Scored]]]

# No more than this may a part say for the category of another.
SHARED = 0.1
# Fewer letters name no matter: a moment, a thank-you, "就这两件事". A sentence that nothing announces, and is
# not longer than that, tells where the caller lives or what he wishes.
SHORTEST, SHORTEST_UNANNOUNCED = 8, 25
# A text in more pieces is a document, not a call.
MOST_PIECES = 60

_NUMERAL = "一二三四五六七八九十"
_CLAUSE = r"(?:^|(?<=[。!?;:,、 …]))"
# "2.5元" and "3、4号楼" count nothing; a bare "还有" goes on about the same as often as not.
_LISTED = re.compile(
    rf"{_CLAUSE}(?:还有(?!人|没有|[一两几]?[个位名]人)|[{_NUMERAL}][、.](?![{_NUMERAL}\d])|第[{_NUMERAL}](?:[,、:]|[点条]|[个件][^,。]{{0,4}}[,、:是])"
    rf"|其[一二三四]|[一二三四]是|\([{_NUMERAL}\d]\)|\d[、.)](?!\d))"
)
_ADDED = re.compile(
    rf"{_CLAUSE}(?:(?:还|再)?(?:另外|此外)|除此(?:之|以)外|还有(?:就是|一?[个件]?(?:事|问题|点|条))"
    r"|(?:同时|也|再|还)(?:想|要)?(?:反映|投诉|举报|咨询|问|打听)|再[一有](?:个|件)?(?:事|问题|就是|点)?|再就是|再者"
    r"|顺便|顺带|其次|另一?[件个]?(?:事|问题)|对了)"
)
_OPENING = re.compile(
    rf"\s*(?:(?:[（(]?(?:[{_NUMERAL}]|\d{{1,2}})[、.．)）]|第[{_NUMERAL}][点条件个]?|其[一二三四]|[一二三四]是)[、,，:：]?\s*)?"
    r"(?:(?:还|再)?(?:另外|此外)(?:还?有一?[件个]?(?:事|问题)?)?|再[一有]个?|再就是|还有(?:就是|一?[个件](?:事|问题))"
    r"|顺便(?:问一下|说一下)?|其次|对了|同时)?[,，、:：\s]*"
)
_SENTENCE_END = re.compile("(?<=[。!?;])")
_LINE_END = re.compile(r"[\r\n]\s*")


class Opening(Enum):
    """What a part begins with, and how sure it must then be of its category.

    Points of a list are most often arguments in one matter, and a sentence that nothing announces is most
    often its background: each needs more than "另外还有个事".
    """

    ADDED = 0.55
    LISTED = 0.8
    NONE = 0.93


@dataclass(frozen=True)
class Matter:
    """`span`: its part of the text. `probability`: how sure the part by itself is of its category."""

    span: Span
    category: str
    probability: float


Apart = Callable[[Matter, Matter], bool]


def of_two_categories(one: Matter, other: Matter) -> bool:
    return one.category != other.category


def find_matters(text: str, judge: Judge, *, apart: Apart = of_two_categories) -> tuple[Matter, ...]:
    """Return the matters of `text` in their order; none unless it clearly holds two or more.

    Their spans follow on each other and cover the text: what is of no matter stays with the one before it.
    Any two of them are `apart`. Judges each piece once and each part a few times: milliseconds.
    """
    pieces = _pieces(text)
    if not 2 <= len(pieces) <= MOST_PIECES:
        return ()
    parts = [
        part
        for stretch in _joined(_judged(text, _stretches(pieces), judge))
        for part in _joined(_judged(text, _inside(stretch, pieces), judge))
    ]
    while len(parts) > 1:
        parts = _judged(text, parts, judge)
        doubtful = next((at for at in range(len(parts)) if not _stands(parts, at, apart)), None)
        if doubtful is None:
            return tuple(part.matter for part in parts)
        parts = _without(parts, doubtful)
    return ()


def pieces_of(text: str) -> tuple[Span, ...]:
    """Return where a person may cut: pieces that follow on each other and cover the text."""
    return tuple(piece.span for piece in _pieces(text))


def without_opening(text: str) -> str:
    """Return `text` without the words that only say that something else begins, as "另外，" or "二、"."""
    begun = _OPENING.match(text)
    bare = text[begun.end() :] if begun else text
    return bare if any(sign.isalpha() for sign in bare) else text


@dataclass(frozen=True)
class _Part:
    """A stretch of text. `scored` is empty while it has not been judged, or says too little."""

    span: Span
    opening: Opening
    scored: Sequence[Scored] = ()

    @property
    def matter(self) -> Matter:
        return Matter(self.span, self.scored[0].code, self.scored[0].probability)

    def holds(self, certainty: float) -> bool:
        return bool(self.scored) and self.scored[0].probability >= certainty

    def and_then(self, other: "_Part") -> "_Part":
        return _Part(Span(self.span.start, other.span.end), self.opening)


def _pieces(text: str) -> list[_Part]:
    """Cut where a clause announces something else, behind sentences, and at line ends."""
    folded = fold(text[:READ_AT_MOST])
    openings: dict[int, Opening] = {}
    for pattern, opening in (
        (_SENTENCE_END, Opening.NONE),
        (_LISTED, Opening.LISTED),
        (_ADDED, Opening.ADDED),
    ):
        for found in pattern.finditer(folded.text):
            if found.start() < len(folded.text):
                openings[folded.origins[found.start()]] = opening
    for line in _LINE_END.finditer(text[:READ_AT_MOST]):
        openings.setdefault(line.end(), Opening.NONE)
    starts = sorted(at for at in openings if 0 < at < len(text))
    return [
        _Part(Span(start, end), openings.get(start, Opening.NONE))
        for start, end in pairwise([0, *starts, len(text)])
    ]


def _stretches(pieces: Sequence[_Part]) -> list[_Part]:
    """Put together what lies between one announcement and the next."""
    found: list[_Part] = []
    for piece in pieces:
        if found and piece.opening is Opening.NONE:
            found[-1] = found[-1].and_then(piece)
        else:
            found.append(piece)
    return found


def _inside(stretch: _Part, pieces: Sequence[_Part]) -> list[_Part]:
    """Return the pieces of a stretch, whose own announcements have served."""
    own = [one for one in pieces if stretch.span.start <= one.span.start < stretch.span.end]
    return [replace(one, opening=stretch.opening if one is own[0] else Opening.NONE) for one in own]


def _seams(parts: Sequence[_Part], at: int) -> Opening:
    """Return the harder of the openings at the two ends of a part; that of the text is none."""
    seams = [parts[one].opening for one in (at, at + 1) if 0 < one < len(parts)]
    return max(seams or [parts[at].opening], key=lambda opening: opening.value)


def _judged(text: str, parts: Sequence[_Part], judge: Judge) -> list[_Part]:
    telling = [_says_enough(part.span.of(text), _seams(parts, at)) for at, part in enumerate(parts)]
    said = [part.span.of(text) for part, tells in zip(parts, telling, strict=True) if tells]
    judgements = iter(judge(said))
    return [
        replace(part, scored=next(judgements) if tells else ())
        for part, tells in zip(parts, telling, strict=True)
    ]


def _says_enough(said: str, opening: Opening) -> bool:
    least = SHORTEST_UNANNOUNCED if opening is Opening.NONE else SHORTEST
    return sum(sign.isalpha() for sign in said) >= least


def _joined(judged: Sequence[_Part]) -> list[_Part]:
    """Join neighbours unless each is sure of a category of its own."""
    parts: list[_Part] = []
    category: str | None = None
    for at, part in enumerate(judged):
        own = part.scored[0].code if part.holds(_seams(judged, at).value) else None
        if parts and (category is None or own is None or own == category):
            parts[-1] = parts[-1].and_then(part)
            category = category or own
        else:
            parts.append(part)
            category = own
    return parts


def _stands(parts: Sequence[_Part], at: int, apart: Apart) -> bool:
    """Tell whether a part is sure of its category, by itself and against all the others."""
    part = parts[at]
    others = [one for one in parts if one is not part]
    if not part.holds(_seams(parts, at).value) or not all(one.scored for one in others):
        return False
    shares = {one.code: one.probability for one in part.scored}
    return all(
        shares.get(other.matter.category, 0.0) <= SHARED and apart(part.matter, other.matter)
        for other in others
    )


def _without(parts: Sequence[_Part], at: int) -> list[_Part]:
    """Give a part to the one before it; the first takes the next."""
    at = at or 1
    return [*parts[: at - 1], parts[at - 1].and_then(parts[at]), *parts[at + 1 :]]
