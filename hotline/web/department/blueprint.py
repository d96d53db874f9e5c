"""The pages of one department, and the way back from each of them to the list it was opened from."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.web.access import local_path

pages = Blueprint("department", __name__, url_prefix="/department")


def way_back() -> str | None:
    """Return the list from which this form was opened; None when it was the ticket."""
    return local_path(request.values.get("back"))


def next_row() -> str:
    """Return the number of the ticket below, empty when the form was not opened from a list."""
    number = request.values.get("next", "")
    return number if number.isalnum() else ""


def place(number: str) -> str:
    """Return where this ticket stands: its row in the list the person came from, else its page."""
    back = way_back()
    return f"{back}#t-{number}" if back else url_for("tickets.ticket", number=number)


def go_on(number: str) -> ResponseReturnValue:
    """After the action: the next row of the list, else the ticket."""
    return redirect(place(next_row() or number), 303)
