"""What came of each ticket when several were sent or taken back together: one line for each, in words.

The page of results is an address: it can be read again, and what may still be taken back is asked anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from flask import url_for

from hotline import labels
from hotline.errors import (
    ChangedByAnother,
    ClaimedByAnother,
    HotlineError,
    IllegalTransition,
    InvalidInput,
    NotAllowed,
)
from hotline.tickets.paging import PAGE
from hotline.web import forms

SENT, RECALLED = "sent", "recalled"
# One page of equal ones and the ticket that they are equal to.
MOST = PAGE + 1
_GOOD = frozenset({SENT, RECALLED})


@dataclass(frozen=True)
class Outcome:
    """`code`: "sent", "recalled", or why not: "taken:<status>", "claimed:<name>", "problem:<code>" …"""

    number: str
    code: str

    @property
    def is_good(self) -> bool:
        return self.code in _GOOD

    @property
    def words(self) -> str:
        kind, _, rest = self.code.partition(":")
        match kind:
            case "sent":
                return "已派出"
            case "recalled":
                return "已撤回，回到待派单"
            case "taken":
                return f"没有办成：现在是“{labels.STATUSES.get(rest, rest)}”，同事已经办过"
            case "claimed":
                return f"没有派出：{rest}正在派"
            case "changed":
                return "没有派出：打开列表后同事改过，请看过再派"
            case "refused":
                return labels.refusal(rest)
            case "problem":
                return f"没有派出：{labels.problem(rest)}"
        return "没有办成：没有这张工单，或不归您看"


@dataclass
class Tried:
    code: str = ""


def asked(numbers: Iterable[str]) -> list[str]:
    """Return the numbers, each once, and no more than a page shows."""
    return list(dict.fromkeys(numbers))[:MOST]


@contextmanager
def attempt() -> Iterator[Tried]:
    """Keep why the one inside could not be done; the others go on."""
    tried = Tried()
    try:
        yield tried
    except HotlineError as refusal:
        tried.code = _code_of(refusal)


def _code_of(refusal: HotlineError) -> str:
    if isinstance(refusal, IllegalTransition):
        return f"taken:{refusal.status}"
    if isinstance(refusal, ClaimedByAnother):
        return f"claimed:{refusal.name}"
    if isinstance(refusal, ChangedByAnother):
        return "changed"
    if isinstance(refusal, NotAllowed):
        return f"refused:{refusal.reason}"
    if isinstance(refusal, InvalidInput):
        return f"problem:{next(iter(forms.problems_of(refusal).values()))}"
    return "gone"


def address(outcomes: Sequence[Outcome]) -> str:
    return url_for("dispatcher.sent", one=[f"{each.number}:{each.code}" for each in outcomes])


def read(written: Iterable[str]) -> list[Outcome]:
    """Return the outcomes of an address."""
    parts = [text.partition(":") for text in written]
    return [Outcome(number, code) for number, _, code in parts if number][:MOST]
