"""What a rule may ask of a ticket."""

from dataclasses import dataclass

KINDS = ("enquiry", "help", "complaint", "report", "suggestion", "praise")
URGENCIES = ("normal", "urgent", "critical")
CHANNELS = (
    "phone", "wechat", "web", "app", "sms", "email", "social", "hall",
    "mayor_mailbox", "national_platform", "other",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A ticket, as the rules see it. `category` and `area` are codes, empty when unknown."""

    kind: str
    urgency: str
    category: str = ""
    area: str = ""
    channel: str = ""
    enterprise: bool = False
    round: int = 1


@dataclass(frozen=True)
class Conditions:
    """What a ticket must be for a rule to apply: one of each; empty or None where any will do.

    `categories` and `areas` are prefixes of codes.
    """

    kinds: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    enterprise: bool | None = None
    round_from: int = 1

    def match(self, case: Case) -> bool:
        return (
            (not self.kinds or case.kind in self.kinds)
            and (not self.urgencies or case.urgency in self.urgencies)
            and (not self.categories or case.category.startswith(self.categories))
            and (not self.areas or case.area.startswith(self.areas))
            and (not self.channels or case.channel in self.channels)
            and self.enterprise in (None, case.enterprise)
            and case.round >= self.round_from
        )

    def cover(self, other: "Conditions") -> bool:
        """Whether every ticket that `other` matches is matched here."""
        return (
            _contain(self.kinds, other.kinds)
            and _contain(self.urgencies, other.urgencies)
            and _contain_prefixes(self.categories, other.categories)
            and _contain_prefixes(self.areas, other.areas)
            and _contain(self.channels, other.channels)
            and self.enterprise in (None, other.enterprise)
            and self.round_from <= other.round_from
        )


def _contain(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return not words or (bool(others) and set(others) <= set(words))


def _contain_prefixes(prefixes: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return not prefixes or (bool(others) and all(other.startswith(prefixes) for other in others))
