from flask import Blueprint

from hotline.tickets.calendars import versions
from hotline.tickets.calendars.applying import APPLIERS
from hotline.web import shell

pages = Blueprint("calendar", __name__, url_prefix="/calendar")

shell.NAV.append(shell.Entry("calendar.show", "日历", APPLIERS, count=versions.waiting))
