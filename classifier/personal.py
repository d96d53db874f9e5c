"""Personal data in free text: phones, identity cards, plates, bank cards."""

import re
from collections.abc import Callable, Iterator

from classifier.text import Folded, Span, fold

_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)", re.ASCII)
_LANDLINE = re.compile(r"(?<!\d)\(?0\d{2,3}(?:\)|[ -])?[2-9]\d{6,7}(?!\d)", re.ASCII)
# Without an area code seven or eight digits are a phone only where the text says so.
_LOCAL_PHONE = re.compile(r"(?:电话|座机|联系方式|号码)(?:是|为)?[: ]{0,2}([2-9]\d{6,7})(?!\d)", re.ASCII)
_IDENTITY = re.compile(r"(?<![\da-z])\d{17}[\dx](?![\da-z])", re.ASCII)
_BANK_CARD = re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)", re.ASCII)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-np-z][· .-]?"
    r"(?=[a-z]{0,5}\d)[a-hj-np-z\d]{4,5}[a-hj-np-z\d挂学警港澳](?![a-z\d])",
    re.ASCII,
)

# GB 11643-1999: the weights of the seventeen digits and the check character by remainder.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"


def find_personal(text: str) -> tuple[Span, ...]:
    """Where `text` holds personal data, in order, without overlaps. Linear.

    Identity cards must have a right check character, bank cards a right Luhn digit; names are not found.
    """
    folded = fold(text)
    found: list[Span] = []
    for span in sorted(_candidates(folded), key=lambda span: (span.start, -span.end)):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return tuple(found)


def mask(text: str) -> str:
    """`text` with every personal character replaced by an asterisk; its length stays the same."""
    characters = list(text)
    for span in find_personal(text):
        characters[span.start : span.end] = "*" * (span.end - span.start)
    return "".join(characters)


def _candidates(folded: Folded) -> Iterator[Span]:
    for pattern, accepts in _RULES:
        for match in pattern.finditer(folded.text):
            group = pattern.groups
            if accepts(match[group]):
                yield folded.original(Span(match.start(group), match.end(group)))


def _anything(found: str) -> bool:
    return True


def _is_identity(digits: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return _CHECKS[total % 11] == digits[17]


def _is_bank_card(found: str) -> bool:
    """Luhn: every second digit from the right is doubled, and the sum of all digits ends in 0."""
    digits = [int(character) for character in reversed(found) if character.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


_RULES: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (_IDENTITY, _is_identity),
    (_BANK_CARD, _is_bank_card),
    (_MOBILE, _anything),
    (_LANDLINE, _anything),
    (_LOCAL_PHONE, _anything),
    (_PLATE, _anything),
)
