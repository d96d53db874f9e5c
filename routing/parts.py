"""Which part of a road: a side, a stretch, or its house numbers.

A road that crosses areas, or runs between them, lies in each of them with a part. What the text says of the
part decides; what it does not say is what to ask.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

HIGHEST = 99_999
_SIDE = re.compile(r"[路街][东南西北]")
_STRETCH = re.compile(r"[东南西北中]段")
_NUMBERS = re.compile(r"(?:(\d{1,5})[-~至](\d{1,5})号?)?(?:([单双])号)?")
# How far behind the name of a road its side may stand: 长堤路菜市场门口，路东.
_REACH = 24
_SAID_SIDE = re.compile(
    "(?:的|以|靠|[路街])?([东南西北])[侧边面]|以?([东南西北])(?=[有的是，、,：:\\s]|$)|[路街]([东南西北])(?![段头])"
    # Not 杏花路东, which is another road's.
    "|.*?[，、,：:\\s在是于到靠][路街]([东南西北])(?![段头])"
)
_SAID_STRETCH = re.compile(r"[的靠]?([东南西北中])[段头]")
_SAID_NUMBER = re.compile(r"[的\s]?(\d{1,5})(?:[-~至]\d{1,5})?号(?![楼线门])")
_CLAUSE = re.compile(r"[。！？!?;；\n]")


class PartKind(StrEnum):
    SIDE = "side"
    STRETCH = "stretch"
    NUMBERS = "numbers"


@dataclass(frozen=True)
class Part:
    """`text` is as the profile writes it. `where`: the side or stretch; `odd`: None means all numbers."""

    kind: PartKind
    text: str
    where: str = ""
    first: int = 0
    last: int = HIGHEST
    odd: bool | None = None

    def overlaps(self, other: "Part") -> bool:
        """Whether an address can lie in both; both are of one kind."""
        if self.kind is not PartKind.NUMBERS:
            return self.where == other.where
        parities = {self.odd, other.odd}
        shared = range(max(self.first, other.first), min(self.last, other.last) + 1)
        if parities == {True, False}:
            return False
        return any(self.holds_number(number) and other.holds_number(number) for number in shared[:2])

    def holds_number(self, number: int) -> bool:
        return self.first <= number <= self.last and self.odd in (None, number % 2 == 1)


@dataclass(frozen=True)
class Said:
    """What a text says of the part of a road, and where that ends."""

    kind: PartKind
    value: str
    end: int

    def is_in(self, part: Part) -> bool:
        if self.kind is not part.kind:
            return False
        if self.kind is PartKind.NUMBERS:
            return part.holds_number(int(self.value))
        return self.value == part.where


def parse(text: str) -> Part:
    """Read a part such as "路东", "北段", "1-120号", "单号" or "121-300双号". Raises ValueError."""
    if _SIDE.fullmatch(text):
        return Part(PartKind.SIDE, text, text[1])
    if _STRETCH.fullmatch(text):
        return Part(PartKind.STRETCH, text, text[0])
    numbers = _NUMBERS.fullmatch(text)
    if not text or numbers is None or (numbers[1] and not text.endswith("号")):
        raise ValueError(text)
    first, last = int(numbers[1] or 1), int(numbers[2] or HIGHEST)
    if not 0 < first <= last:
        raise ValueError(text)
    odd = None if numbers[3] is None else numbers[3] == "单"
    return Part(PartKind.NUMBERS, text, first=first, last=last, odd=odd)


def said(text: str, end: int) -> Iterator[Said]:
    """Yield what stands behind the name of a road, which ends at `end`, of the part that is meant."""
    stop = _CLAUSE.search(text, end, end + _REACH)
    reach = stop.start() if stop else end + _REACH
    for kind, pattern in (
        (PartKind.NUMBERS, _SAID_NUMBER),
        (PartKind.STRETCH, _SAID_STRETCH),
        (PartKind.SIDE, _SAID_SIDE),
    ):
        if found := pattern.match(text, end, reach):
            yield Said(kind, next(group for group in found.groups() if group), found.end())
