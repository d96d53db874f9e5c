"""责任时间: whose time it was, of the whole city."""

from flask.typing import ResponseReturnValue

from hotline.lifecycle import Role
from hotline.web import custody_report
from hotline.web.access import open_to
from hotline.web.supervisor.blueprint import pages

ENDPOINTS = {"page": "supervisor.time", "tickets": "supervisor.time_tickets", "file": "supervisor.time_file"}


@pages.get("/time")
@open_to(Role.SUPERVISOR)
def time() -> ResponseReturnValue:
    return custody_report.show(None, ENDPOINTS)


@pages.get("/time/tickets")
@open_to(Role.SUPERVISOR)
def time_tickets() -> ResponseReturnValue:
    """List what one number of the page is made of."""
    return custody_report.show_tickets(None, ENDPOINTS)


@pages.get("/time.csv")
@open_to(Role.SUPERVISOR)
def time_file() -> ResponseReturnValue:
    return custody_report.answer_file(None)
