"""The number to call back: which of the phone numbers in a text is the caller's."""

import re
from collections.abc import Iterator

from classifier.extraction.numerals import SPOKEN_DIGITS, spoken_digits
from classifier.personal import find_personal
from classifier.text import Folded, Span, fold

_MOBILE = re.compile(r"(?<![\d+])(?:\+?86[ -]?)?1[3-9](?:[ -]?\d){9}(?!\d)", re.ASCII)
# Told digit by digit, with pauses: 幺三八,零零幺三,八零零零.
_PAUSE = "[ ,、.-]{0,2}"
_SPOKEN = re.compile(
    rf"(?<![{SPOKEN_DIGITS}\d])[幺一]{_PAUSE}[三四五六七八九](?:{_PAUSE}[{SPOKEN_DIGITS}]){{9}}(?![{SPOKEN_DIGITS}\d])"
)
_LANDLINE = re.compile(r"\(?0\d{2,3}(?:\)|[ -])?[2-9]\d{6,7}|[2-9]\d{6,7}", re.ASCII)
# 400 and 800: those of a firm.
_SERVICE = re.compile(r"(?<!\d)[48]00(?:[ -]?\d){7}(?!\d)", re.ASCII)
_CALLERS = re.compile(r"(?:我|本人|联系|手机|回电|来电|致电人|反映人|诉求人)[^,。!?;]{0,8}$")
_ANOTHERS = re.compile(
    r"(?:公司|单位|对方|老板|负责人|经理|[他她]|司机|客服|中介|骗子|店|厂|物业|校|医院|热线|收到|冒充)[^,。!?;]{0,8}$"
)
_BEFORE = 14


def phone(text: str) -> Span | None:
    """Where `text` tells a phone number: the caller's first, then a mobile, a landline, a firm's service."""
    folded = fold(text)
    found = sorted(_ranked(text, folded))
    return found[0][1] if found else None


def digits(words: str) -> str:
    """A number as it is dialled, where `words` tell it digit by digit; else `words` as they are."""
    read = fold(words).text
    return spoken_digits(read) if _SPOKEN.fullmatch(read) else words


def first_number(text: str, span: Span) -> Span | None:
    """The first mobile in a part of a folded text."""
    found = (pattern.search(text, span.start, span.end) for pattern in (_MOBILE, _SPOKEN))
    return min((Span(*match.span()) for match in found if match), default=None)


def _ranked(text: str, folded: Folded) -> Iterator[tuple[int, Span]]:
    personal = find_personal(text)
    numbers = list(_written(folded)) + [span for span in personal if _is_landline(span.of(text))]
    others = [span for span in personal if span not in numbers]
    for span in numbers:
        # An identity or bank card that reads as a mobile for eleven of its digits.
        if not any(_contains(other, span) for other in others):
            yield _rank(text, span), span


def _contains(other: Span, span: Span) -> bool:
    return (
        other.start <= span.start
        and span.end <= other.end
        and other.end - other.start > span.end - span.start
    )


def _written(folded: Folded) -> Iterator[Span]:
    for pattern in (_MOBILE, _SPOKEN, _SERVICE):
        for match in pattern.finditer(folded.text):
            yield folded.original(Span(*match.span()))


def _is_landline(found: str) -> bool:
    return _LANDLINE.fullmatch(fold(found).text) is not None


def _rank(text: str, span: Span) -> int:
    number = fold(digits(span.of(text))).text
    rank = 1 if _MOBILE.fullmatch(number) else 3 if _SERVICE.fullmatch(number) else 2
    before = fold(text[max(0, span.start - _BEFORE) : span.start]).text
    if _ANOTHERS.search(before):
        return rank + 3
    return 0 if _CALLERS.search(before) else rank
