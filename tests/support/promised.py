"""What became of the promises of a database: kept, told, texted."""

import json
from pathlib import Path

from sqlalchemy import select

from hotline import runtime
from hotline.models.notice import Notice
from hotline.models.outbox import OutboxMessage
from hotline.tickets import promises
from hotline.work import SYSTEM

IN_INBOX = {promises.TELL_DEPARTMENT, promises.TELL_DESK}


def messages() -> list[OutboxMessage]:
    with runtime.view(SYSTEM) as work:
        rows = list(work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))
        work.session.expunge_all()
        return rows


def sms_keys(file: Path) -> list[str]:
    """Return the key of every text message that was sent, in order."""
    return [json.loads(line)["key"] for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def assert_each_kept_once(file: Path) -> None:
    """Nothing is open, no inbox line is missing or double, no text went out twice or to nobody's order."""
    everything = messages()
    with runtime.view(SYSTEM) as work:
        told = list(work.session.scalars(select(Notice.outbox_id).order_by(Notice.outbox_id)))
    texted = sms_keys(file)
    letters = {f"outbox-{one.id}" for one in everything if one.kind not in IN_INBOX}
    assert [one.id for one in everything if one.done_at is None or one.parked_at] == []
    assert told == [one.id for one in everything if one.kind in IN_INBOX]
    assert len(texted) == len(set(texted))
    assert set(texted) <= letters
