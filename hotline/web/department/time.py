"""责任时间: what one department kept and answers for; of others it sees nothing."""

from flask import g
from flask.typing import ResponseReturnValue

from hotline.web import custody_report
from hotline.web.access import DEPARTMENT_ROLES, open_to
from hotline.web.department.blueprint import pages

ENDPOINTS = {"page": "department.time", "tickets": "department.time_tickets", "file": "department.time_file"}


@pages.get("/time")
@open_to(*DEPARTMENT_ROLES)
def time() -> ResponseReturnValue:
    return custody_report.show(g.viewer.department_code, ENDPOINTS)


@pages.get("/time/tickets")
@open_to(*DEPARTMENT_ROLES)
def time_tickets() -> ResponseReturnValue:
    """List what one number of the page is made of."""
    return custody_report.show_tickets(g.viewer.department_code, ENDPOINTS)


@pages.get("/time.csv")
@open_to(*DEPARTMENT_ROLES)
def time_file() -> ResponseReturnValue:
    return custody_report.answer_file(g.viewer.department_code)
