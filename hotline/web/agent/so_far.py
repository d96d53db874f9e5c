"""The call as far as it has been written down."""

from dataclasses import dataclass

from hotline.models.ticket import Kind, Urgency


@dataclass(frozen=True)
class SoFar:
    """What has been typed, read leniently: it is not finished. Empty or unknown choices are None."""

    content: str
    address: str
    occurred: str
    wish: str
    subject: str
    phone: str
    name: str
    known_caller: bool
    anonymous: bool
    category: str | None
    area: str | None
    kind: Kind | None
    urgency: Urgency
