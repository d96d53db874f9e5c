"""Hand a file to another system over https, once."""

from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from hotline.notify.channel import Undelivered

# Shorter than a job may run.
_PATIENCE = 20.0
_TAKEN_BEFORE = 409


def post(address: str, body: bytes, *, key: str) -> None:
    """Post `body` as JSON; what comes again under the same `key` is dropped there.

    Follows no redirect: the address is the city's to say. Raises Undelivered without what was answered.
    """
    parts = urlsplit(address)
    connection = HTTPSConnection(parts.hostname or "", parts.port, timeout=_PATIENCE)
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
    try:
        connection.request("POST", parts.path or "/", body, headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise Undelivered(type(error).__name__) from None
    finally:
        connection.close()
    if not (200 <= status < 300 or status == _TAKEN_BEFORE):
        raise Undelivered(f"status {status}")
