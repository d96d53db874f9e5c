"""How a message reaches somebody outside."""

from typing import Protocol


class Undelivered(Exception):
    """The gateway did not take the message; to be tried again."""


class Channel(Protocol):
    def send(self, to: str, text: str, *, key: str) -> None:
        """Deliver `text` once: a gateway drops what comes again under the same `key`.

        Raises Undelivered when it must be tried again.
        """
