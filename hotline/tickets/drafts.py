"""What an agent has typed and not yet registered: kept sealed, one per agent and call."""

import json
from collections.abc import Mapping

from sqlalchemy import delete, exists, select

from hotline.db import insert_into
from hotline.models.draft import Draft
from hotline.models.ticket import Ticket
from hotline.work import Work

_PLACE = "drafts.fields"


def save(work: Work, request_key: str, fields: Mapping[str, str]) -> None:
    """Keep `fields` as they are, right or wrong; the last save of a call wins, also of two at once."""
    sealed = work.vault.seal(_PLACE, json.dumps(dict(fields), ensure_ascii=False))
    kept = {"fields_sealed": sealed, "saved_at": work.now}
    row = insert_into(work.session, Draft).values(user_id=work.actor.user_id, request_key=request_key, **kept)
    work.session.execute(row.on_conflict_do_update(index_elements=["user_id", "request_key"], set_=kept))


def latest(work: Work) -> tuple[str, dict[str, str]] | None:
    """Return the request key and the fields of the agent's newest draft, or None.

    Left out is a draft whose save overtook the registration of its call: taken up again, the next
    call would be typed into it and vanish behind the ticket that stands.
    """
    registered = exists().where(Ticket.request_key == Draft.request_key)
    newest = (
        select(Draft)
        .where(Draft.user_id == work.actor.user_id, ~registered)
        .order_by(Draft.saved_at.desc())
        .limit(1)
    )
    draft = work.session.scalar(newest)
    if draft is None:
        return None
    fields: dict[str, str] = json.loads(work.vault.open(_PLACE, draft.fields_sealed))
    return draft.request_key, fields


def discard(work: Work, request_key: str) -> None:
    """Forget a draft: its ticket was registered, or the agent threw it away."""
    work.session.execute(
        delete(Draft).where(Draft.user_id == work.actor.user_id, Draft.request_key == request_key)
    )
