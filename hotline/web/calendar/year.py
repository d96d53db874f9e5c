"""The calendar in force: a year at a glance, its local rules, its versions."""

from typing import Annotated

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import Field

from hotline import runtime
from hotline.cities import calendars
from hotline.cities.calendar_files import FIRST_YEAR, LAST_YEAR
from hotline.tickets import upkeep
from hotline.tickets.calendars import versions
from hotline.tickets.calendars.applying import APPLIERS
from hotline.web import forms
from hotline.web.access import open_to
from hotline.web.calendar import months
from hotline.web.calendar.blueprint import pages


class YearQuery(forms.Form):
    """`office`: the code of a department that has hours of its own; empty: the city."""

    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] | None = None
    office: forms.Line = ""


@pages.get("")
@open_to(*APPLIERS)
def show() -> ResponseReturnValue:
    query = forms.read(YearQuery, request.args)
    with runtime.view(g.viewer) as work:
        offices = work.city.calendars.offices
        calendar = work.city.calendars.of(query.office)
        today = calendar.day_of(work.now)
        year = query.year or today.year
        return render_template(
            "calendar/show.html",
            work=work,
            months=months.months_of(calendar, year, today),
            year=year,
            years=(max(year - 1, FIRST_YEAR), min(year + 1, LAST_YEAR)),
            office=query.office if query.office in offices else "",
            offices=sorted(offices),
            rules=list(months.local_rules(work)),
            end=upkeep.calendar_end(work),
            proposals=versions.proposed(work),
            history=versions.history(work),
        )


@pages.get("/calendar.toml")
@open_to(*APPLIERS)
def export() -> ResponseReturnValue:
    """Answer with the calendar.toml in force, to change and hand in again."""
    with runtime.view(g.viewer) as work:
        answer = Response(work.city.hours, content_type="application/toml; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=calendars.HOURS)
    return answer
