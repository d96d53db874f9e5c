"""What the department was told about its tickets (提醒)."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.tickets import notices
from hotline.web.access import DEPARTMENT_ROLES, open_to
from hotline.web.department.blueprint import pages, way_back


@pages.get("/notices")
@open_to(*DEPARTMENT_ROLES)
def inbox() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return render_template(
            "department/inbox.html", work=work, lines=notices.inbox(work), unread=notices.unread(work)
        )


@pages.post("/notices/<int:notice_id>")
@open_to(*DEPARTMENT_ROLES)
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Mark a notice as read and show its ticket."""
    with runtime.work(g.viewer) as work:
        number = notices.read(work, notice_id).number
    return redirect(url_for("tickets.ticket", number=number), 303)


@pages.post("/notices/read")
@open_to(*DEPARTMENT_ROLES)
def read_notices() -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        notices.read_all(work)
    flash("提醒都已标为看过", "met")
    return redirect(way_back() or url_for(".inbox"), 303)
