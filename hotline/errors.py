"""What can go wrong, by who can act on it.

HotlineError
├── NotFound              no such thing, or not for your eyes            → 404
│   └── AlreadyRated      the caller has answered for this round before  → 409
├── NotAllowed            the role, or this person here, may not do this → 403
├── IllegalTransition     the ticket is past that point                  → 409
├── ChangedByAnother      someone else saved first; see `.ticket`        → 409
├── ClaimedByAnother      a colleague has it open; see `.name`           → 409
├── InvalidInput          the form must be corrected; see `.fields`      → 422
│   ├── CallerNotContacted
│   └── LimitReached      a cap of the city's rules; see `.rule`
├── BrokenCity            the profile is wrong; see `.file`, `.line`     → refuses to start
│   └── NoSuchCity        there is no profile at all; see `.folder`
└── BrokenSettings        the environment is wrong; see `.problems`      → refuses to start

Facts are attributes; the words that people read are made in `hotline.labels`.
"""

from collections.abc import Mapping
from pathlib import Path


class HotlineError(Exception):
    """The root of everything that the hotline raises on purpose."""


class NotFound(HotlineError):
    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"no {kind} {key!r} here")
        self.kind, self.key = kind, key


class AlreadyRated(NotFound):
    """What the caller could rate is no longer open: this round has its answer."""

    def __init__(self, number: str) -> None:
        super().__init__("rating", number)


class NotAllowed(HotlineError):
    """`reason` is a code of `hotline.labels.REFUSALS`: "role", "own_side", "not_lead" …"""

    def __init__(self, action: str, reason: str = "role") -> None:
        super().__init__(f"may not {action}: {reason}")
        self.action, self.reason = action, reason


class IllegalTransition(HotlineError):
    def __init__(self, action: str, status: str) -> None:
        super().__init__(f"cannot {action} a ticket that is {status}")
        self.action, self.status = action, status


class ChangedByAnother(HotlineError):
    def __init__(self, number: str) -> None:
        super().__init__(f"ticket {number} was changed by another")
        self.number = number


class ClaimedByAnother(HotlineError):
    """`name` of the dispatcher who has the ticket open."""

    def __init__(self, number: str, name: str) -> None:
        super().__init__(f"ticket {number} is with {name}")
        self.number, self.name = number, name


class InvalidInput(HotlineError):
    """`fields` maps a field to a code of `hotline.labels.PROBLEMS`, in the order of the form."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{name}: {problem}" for name, problem in fields.items()))
        self.fields = dict(fields)


class CallerNotContacted(InvalidInput):
    """A result may not be filed before the caller was contacted (先联系，后办结)."""

    def __init__(self, number: str) -> None:
        super().__init__({"contacted": "caller_not_contacted"})
        self.number = number


class LimitReached(InvalidInput):
    """A cap of the city's rules: returns, extensions, suspensions, urging."""

    def __init__(self, field: str, rule: str, limit: object) -> None:
        super().__init__({field: rule})
        self.rule, self.limit = rule, limit


class BrokenCity(HotlineError):
    def __init__(self, file: str, line: int | None, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}" if line else f"{file}: {message}")
        self.file, self.line, self.message = file, line, message


class NoSuchCity(BrokenCity):
    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), None, "no such folder")
        self.folder = folder


class BrokenSettings(HotlineError):
    """`problems` maps a variable to a code of `hotline.labels.SETTINGS`, its value behind a colon."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = dict(problems)
