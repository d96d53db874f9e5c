"""The frame of the desk: a page beside its list, and the way on to the next person."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hotline.lifecycle import Role
from hotline.tickets import callbacks
from hotline.web.followup.listing import Listed
from hotline.work import Work

pages = Blueprint("followup", __name__, url_prefix="/follow-up")

# The supervisor asks and judges what the desk may not any more.
FOLLOWERS = (Role.FOLLOW_UP, Role.SUPERVISOR)


def draw(template: str, work: Work, listed: Listed, **values: object) -> str:
    return render_template(
        template,
        work=work,
        listed=listed,
        shift=callbacks.shift_of(work),
        here="followup.desk",
        counts={"followup.desk": sum(listed.counts.values())},
        **values,
    )


def go_on(number: str) -> ResponseReturnValue:
    """Go on with the person who followed."""
    return redirect(url_for(".person", number=number) if number else url_for(".desk"), 303)
