"""What a department or a desk of the hotline was told about its tickets (提醒)."""

from typing import Annotated

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from hotline import runtime
from hotline.lifecycle import Role
from hotline.tickets import digests, drift, notices
from hotline.web import forms, shell
from hotline.web.access import DEPARTMENT_ROLES, HOTLINE_ROLES, local_path, open_to
from hotline.web.addresses import LARGEST_ID

pages = Blueprint("inbox", __name__, url_prefix="/notices")

# An agent is told nothing: what he has registered goes on at other desks.
DESKS = HOTLINE_ROLES - {Role.AGENT}
# A department has its bell beside its pile.
shell.NAV.append(shell.Entry("inbox.told", "提醒", DESKS, count=notices.unread))


class InboxQuery(forms.Form):
    before: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None


@pages.get("")
@open_to(*DESKS, *DEPARTMENT_ROLES)
def told() -> ResponseReturnValue:
    query = forms.read(InboxQuery, request.args)
    with runtime.view(g.viewer) as work:
        return render_template(
            "inbox.html",
            work=work,
            inbox=notices.inbox(work, before=query.before),
            unread=notices.unread(work),
            digest=digests.latest(work),
            is_first=query.before is None,
        )


@pages.post("/<int:notice_id>")
@open_to(*DESKS, *DEPARTMENT_ROLES)
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Mark a notice as read and show what it is about."""
    with runtime.work(g.viewer) as work:
        address = _subject(notices.read(work, notice_id))
    return redirect(address, 303)


def _subject(line: notices.Line) -> str:
    """Where a notice leads: to its ticket, or to all that show what moved."""
    if line.notice.topic == drift.TOPIC:
        moved = line.notice.facts
        return url_for("models.drifted", category=moved["category"], aspect=moved["aspect"])
    return url_for("tickets.ticket", number=line.ticket.number)


@pages.post("/read")
@open_to(*DESKS, *DEPARTMENT_ROLES)
def read_all() -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        notices.read_all(work)
    flash("提醒都已标为看过", "met")
    return redirect(local_path(request.form.get("back")) or url_for(".told"), 303)
