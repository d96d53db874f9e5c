"""A group of WeCom (企业微信群机器人), by the address that its robot gives out.

It knows no keys: what is sent twice, because the answer was lost, is read twice.
"""

import json

from hotline.notify import webhook
from hotline.notify.channel import Undelivered


def say(address: str, text: str, *, key: str) -> None:
    """Put `text`, markdown of at most 4,096 bytes, into the group. Raises Undelivered, also when refused."""
    body = json.dumps({"msgtype": "markdown", "markdown": {"content": text}}, ensure_ascii=False)
    answer = webhook.post(address, body.encode(), key=key)
    try:
        code = json.loads(answer)["errcode"]
    except (ValueError, KeyError, TypeError):
        raise Undelivered("no errcode") from None
    if code != 0:
        raise Undelivered(f"errcode {code}")
