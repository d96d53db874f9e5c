"""One rung of the ladder: when it comes, on what condition, whom it tells and how."""

from dataclasses import dataclass
from enum import StrEnum

from sla.allowance import Allowance
from sla.policy import Stage


class Tell(StrEnum):
    """Whom a rung tells. The desk is the hotline's own whose clock it is; all others belong to departments
    and the supervisors.
    """

    HANDLER = "handler"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    LEVEL_ABOVE = "level_above"
    DESK = "desk"


class By(StrEnum):
    """How it tells. What is told by the digest alone goes out with the next one, not by itself."""

    INBOX = "inbox"
    SMS = "sms"
    WEBHOOK = "webhook"
    WECOM = "wecom"
    DIGEST = "digest"


class Measure(StrEnum):
    """From where a rung counts: before the deadline, after it, or from the start of the clock."""

    LEFT = "left"
    AFTER = "after"
    RAN = "ran"


class Want(StrEnum):
    """A condition without a number."""

    NEVER_CONTACTED = "never_contacted"
    UNEXPLAINED = "unexplained"
    SUPERVISED = "supervised"


@dataclass(frozen=True)
class Telling:
    tell: tuple[Tell, ...]
    by: tuple[By, ...] = (By.INBOX,)


@dataclass(frozen=True)
class Facts:
    """What conditions ask of the ticket when they are asked.

    `contacted`: somebody reached the caller in this dispatch. `explained`: the department wrote something
    down or asked for something since the deadline. `unsatisfied`: how many follow-ups in all rounds.
    """

    contacted: bool
    explained: bool
    urged: int
    unsatisfied: int
    supervised: int


@dataclass(frozen=True)
class Conditions:
    """All of them must hold."""

    wants: frozenset[Want] = frozenset()
    urged_from: int = 0
    unsatisfied_from: int = 0

    def hold(self, facts: Facts) -> bool:
        return (
            not (Want.NEVER_CONTACTED in self.wants and facts.contacted)
            and not (Want.UNEXPLAINED in self.wants and facts.explained)
            and not (Want.SUPERVISED in self.wants and not facts.supervised)
            and facts.urged >= self.urged_from
            and facts.unsatisfied >= self.unsatisfied_from
        )

    @property
    def may_come_true(self) -> bool:
        """Whether they can hold later although they do not now: urgings and bad answers only grow."""
        return bool(Want.SUPERVISED in self.wants or self.urged_from or self.unsatisfied_from)


@dataclass(frozen=True)
class Rung:
    """`name` is how people know it, and keeps it from firing twice.

    `length` is measured by `measure`; None from the start on: it fires as soon as its conditions hold.
    """

    name: str
    stages: tuple[Stage, ...]
    measure: Measure
    length: Allowance | None
    telling: Telling
    when: Conditions = Conditions()
