"""Words that mean something by themselves: emergencies, risks, urgency, channels, names of a category."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from classifier.errors import BrokenKeywords
from classifier.taxonomy import Taxonomy, Urgency
from classifier.text import Span, fold, normalise

COLUMNS = ("kind", "word", "value", "unless")

_SENTENCE_ENDS = "。!?;"


class KeywordKind(StrEnum):
    EMERGENCY = "emergency"
    RISK = "risk"
    URGENCY = "urgency"
    CATEGORY = "category"
    TRANSFER = "transfer"


class Emergency(StrEnum):
    """The line that an emergency belongs to."""

    POLICE = "110"
    FIRE = "119"
    AMBULANCE = "120"
    TRAFFIC = "122"


class Risk(StrEnum):
    SELF_HARM = "self_harm"
    THREAT = "threat"
    GATHERING = "gathering"
    CROWD = "crowd"
    MINOR = "minor"
    UNREST = "unrest"
    SAFETY = "safety"
    PUBLICITY = "publicity"
    POLICE_LEAD = "police_lead"


@dataclass(frozen=True)
class Rule:
    """`word` means `value` unless one of `unless` cancels it (see `Keywords.hits`). All normalised."""

    kind: KeywordKind
    word: str
    value: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """A rule that applied; `start` and `end` are places in the text as it was given."""

    kind: KeywordKind
    value: str
    word: str
    start: int
    end: int


class Keywords:
    """The keyword rules of a city."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules = tuple(rules)
        self._by_start: dict[str, list[Rule]] = {}
        for rule in self.rules:
            self._by_start.setdefault(rule.word[:2], []).append(rule)

    @classmethod
    def parse(cls, rows: Iterable[tuple[int, Mapping[str, str]]], taxonomy: Taxonomy) -> "Keywords":
        """Read the rows of keywords.csv, each with its line number. `unless` is separated by "|".

        The value of a transfer is a channel's code, which only the city knows: it is not checked here. Raises
        BrokenKeywords with the line of the first fault.
        """
        rules: dict[Rule, int] = {}
        for line, row in rows:
            rule = _rule(row, line, taxonomy)
            if rule in rules:
                raise BrokenKeywords(f"this rule is already on line {rules[rule]}", line)
            rules[rule] = line
        return cls(rules)

    def hits(self, text: str) -> tuple[Hit, ...]:
        """The rules that apply to `text`, in order of place. Linear in the text.

        An `unless` that contains the rule's word (跳楼 unless 跳楼价) cancels the word inside it; any other
        one (着火 unless 演练) cancels the word anywhere in the same sentence.
        """
        folded = fold(text)
        found: list[Hit] = []
        for start, end in _sentences(folded.text):
            for rule, at in self._matches(folded.text, start, end):
                place = folded.original(Span(at, at + len(rule.word)))
                found.append(Hit(rule.kind, rule.value, rule.word, place.start, place.end))
        return tuple(found)

    def _matches(self, text: str, start: int, end: int) -> Iterator[tuple[Rule, int]]:
        cancelled: dict[Rule, bool] = {}
        for at in range(start, end - 1):
            for rule in self._by_start.get(text[at : at + 2], ()):
                if not text.startswith(rule.word, at, end) or _is_part(rule, text, at):
                    continue
                if rule not in cancelled:
                    cancelled[rule] = _is_cancelled(rule, text, start, end)
                if not cancelled[rule]:
                    yield rule, at


def spoken(hits: Iterable[Hit], *kinds: KeywordKind) -> tuple[Hit, ...]:
    """Return the hits of `kinds` to tell people of: of those that overlap and mean the same, the longest."""
    told: list[Hit] = []
    latest: dict[tuple[KeywordKind, str], int] = {}
    for hit in hits:
        if hit.kind not in kinds:
            continue
        before = latest.get((hit.kind, hit.value))
        if before is None or told[before].end <= hit.start:
            latest[hit.kind, hit.value] = len(told)
            told.append(hit)
        elif hit.end - hit.start > told[before].end - told[before].start:
            told[before] = hit
    return tuple(told)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for index, character in enumerate(text):
        if character in _SENTENCE_ENDS:
            yield start, index
            start = index + 1
    yield start, len(text)


def _is_part(rule: Rule, text: str, at: int) -> bool:
    """Does the word at `at` stand inside one of the longer words that cancel it?"""
    for longer in rule.unless:
        offset = longer.find(rule.word)
        if offset >= 0 and at >= offset and text.startswith(longer, at - offset):
            return True
    return False


def _is_cancelled(rule: Rule, text: str, start: int, end: int) -> bool:
    return any(rule.word not in other and text.find(other, start, end) >= 0 for other in rule.unless)


def _rule(row: Mapping[str, str], line: int, taxonomy: Taxonomy) -> Rule:
    kind, word, value, unless = (_field(row, column, line) for column in COLUMNS)
    if kind not in tuple(KeywordKind):
        raise BrokenKeywords(f"unknown kind {kind!r}", line)
    word = normalise(word)
    if len(word) < 2:
        raise BrokenKeywords(f"word {word!r} is too short: two characters at least", line)
    if not _is_known(KeywordKind(kind), value, taxonomy):
        raise BrokenKeywords(f"unknown {kind} {value!r}", line)
    others = tuple(other for part in unless.split("|") if (other := normalise(part)))
    if word in others:
        raise BrokenKeywords(f"word {word!r} cancels itself", line)
    return Rule(KeywordKind(kind), word, value, others)


def _is_known(kind: KeywordKind, value: str, taxonomy: Taxonomy) -> bool:
    match kind:
        case KeywordKind.EMERGENCY:
            return value in tuple(Emergency)
        case KeywordKind.RISK:
            return value in tuple(Risk)
        case KeywordKind.URGENCY:
            return value in (Urgency.URGENT, Urgency.CRITICAL)
        case KeywordKind.CATEGORY:
            return value in taxonomy.categories
        case KeywordKind.TRANSFER:
            return bool(value)


def _field(row: Mapping[str, str], column: str, line: int) -> str:
    value = row.get(column)
    if value is None:
        raise BrokenKeywords(f"column {column} is missing", line)
    return value.strip()
