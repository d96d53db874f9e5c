"""The supervisor's pages, and the way back from a form to the page it was opened from."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.web.access import local_path

pages = Blueprint("supervisor", __name__, url_prefix="/supervisor")


def way_back(number: str) -> str:
    """Return the board, where the form was opened from it, else the ticket."""
    return local_path(request.values.get("back")) or url_for("tickets.ticket", number=number)


def done(number: str, words: str) -> ResponseReturnValue:
    flash(words, "met")
    return redirect(way_back(number), 303)
