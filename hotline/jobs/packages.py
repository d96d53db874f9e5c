"""Send a transferred ticket to the other city's hotline, under a key by which that takes it once."""

from collections.abc import Mapping
from typing import Any

from hotline import runtime
from hotline.models.ticket import Ticket
from hotline.notify import webhook
from hotline.tickets import exchange
from hotline.work import SYSTEM


def send(payload: Mapping[str, Any]) -> None:
    """Build the package and post it; no transaction is open meanwhile. Raises Undelivered.

    Nothing of it is kept in the outbox: it may name the caller.
    """
    with runtime.view(SYSTEM) as work:
        ticket = work.session.get_one(Ticket, payload["ticket"])
        target = exchange.target_of(work, ticket)
        if target is None or not target.exchange:
            return
        package, address = exchange.package_of(work, ticket), target.exchange
    body = exchange.written(package, runtime.current().settings.exchange_key)
    webhook.post(address, body, key=package["key"])
