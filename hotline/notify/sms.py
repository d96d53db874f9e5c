"""Text messages through a gateway over https: one signed JSON object each."""

import json
from dataclasses import dataclass

from hotline.notify import webhook


@dataclass(frozen=True)
class HttpSms:
    """The gateway sends `text` to the number `to`, and drops what comes again under the same `key`."""

    address: str
    secret: str

    def send(self, to: str, text: str, *, key: str) -> None:
        body = json.dumps({"to": to, "text": text, "key": key}, ensure_ascii=False).encode()
        webhook.post(self.address, body, key=key, secret=self.secret)
