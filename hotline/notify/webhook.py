"""Hand a file to another system over https, once."""

import hashlib
import hmac
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from hotline import clock
from hotline.notify.channel import Undelivered

# Shorter than a job may run.
_PATIENCE = 20.0
_TAKEN_BEFORE = 409
_LONGEST_ANSWER = 10_000


def post(address: str, body: bytes, *, key: str, secret: str = "") -> bytes:
    """Post `body` as JSON and return the answer; what comes again under the same `key` is dropped there.

    With a `secret` it is signed (see `signature`). Follows no redirect: the address is the city's to say.
    Raises Undelivered without what was answered.
    """
    parts = urlsplit(address)
    connection = HTTPSConnection(parts.hostname or "", parts.port, timeout=_PATIENCE)
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
    if secret:
        at = str(int(clock.now().timestamp()))
        headers |= {"X-Hotline-Time": at, "X-Hotline-Signature": signature(secret, at, key, body)}
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        status, answer = response.status, response.read(_LONGEST_ANSWER)
    except (OSError, HTTPException) as error:
        raise Undelivered(type(error).__name__) from None
    finally:
        connection.close()
    if not (200 <= status < 300 or status == _TAKEN_BEFORE):
        raise Undelivered(f"status {status}")
    return answer


def signature(secret: str, at: str, key: str, body: bytes) -> str:
    """Return the HMAC-SHA256, in hex, over `at.key.body`. `at`: seconds since 1970, to know a replay by."""
    return hmac.new(secret.encode(), f"{at}.{key}.".encode() + body, hashlib.sha256).hexdigest()
