"""Another calendar is proposed: from a file that was handed in, or a local exception from a form."""

import re
import tempfile
from pathlib import Path
from typing import Literal

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from classifier.errors import BrokenTable
from hotline import faults, runtime
from hotline.cities import calendar_files
from hotline.cities.calendar_files import Handed
from hotline.cities.calendars import LocalException
from hotline.errors import BrokenCity, InvalidInput
from hotline.logs import log
from hotline.tickets.calendars import proposing
from hotline.tickets.calendars.applying import APPLIERS
from hotline.tickets.calendars.effect import effect_of
from hotline.tickets.calendars.proposing import Change
from hotline.web import forms, names
from hotline.web.access import open_to
from hotline.web.calendar.blueprint import pages
from hotline.work import Work

_BETWEEN = re.compile(r"[、，,；;\s]+")


class HandInForm(forms.Form):
    source: forms.Line = ""
    because: forms.Line = ""


class ExceptionForm(forms.Form):
    """`exception`: what is otherwise on these days. `departments`: their names; empty: the whole city."""

    exception: Literal["closed", "open"]
    since: forms.Day
    until: forms.Day | None = None
    departments: forms.Passage = ""
    reason: forms.Line


@pages.get("/import")
@open_to(*APPLIERS)
def hand_in() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return render_template("calendar/import.html", work=work)


@pages.post("/import")
@open_to(*APPLIERS)
@forms.shown_again(hand_in)
def hand_in_post() -> ResponseReturnValue:
    form = forms.read(HandInForm, request.form)
    handed = _handed(request.files.get("file"), form.source)
    with runtime.view(g.viewer) as work:
        change = proposing.of_file(work, handed)
    return _proposed(change, form.because)


@pages.get("/exception")
@open_to(*APPLIERS)
def exception() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return render_template(
            "calendar/exception.html", work=work, departments=sorted(names.department_names(work.city))
        )


@pages.post("/exception")
@open_to(*APPLIERS)
@forms.shown_again(exception)
def exception_post() -> ResponseReturnValue:
    form = forms.read(ExceptionForm, request.form)
    with runtime.view(g.viewer) as work:
        change = proposing.of_exception(work, _exception(work, form))
    return _proposed(change, form.reason)


def _exception(work: Work, form: ExceptionForm) -> LocalException:
    written = [text for text in _BETWEEN.split(form.departments) if text]
    codes = [names.department_of(work.city, text, "departments") for text in written]
    return LocalException(
        closes=form.exception == "closed",
        first=form.since,
        last=form.until or form.since,
        reason=form.reason,
        departments=tuple(dict.fromkeys(code for code in codes if code)),
    )


def _proposed(change: Change, because: str) -> ResponseReturnValue:
    """Reckon what the change would do while others go on writing, then keep it."""
    with runtime.view(g.viewer) as work:
        effect = effect_of(work, proposing.city_under(work, change), change.touch)
    with runtime.work(g.viewer) as work:
        proposal = proposing.propose(work, change, effect, because=because).id
        log.info("calendar_proposed", version=proposal, moved=effect.moved, by=g.viewer.user_id)
    flash("已提出，还没有生效。请另一位督办员或管理员看过预览后应用", "met")
    return redirect(url_for(".version", version_id=proposal), 303)


def _handed(file: FileStorage | None, source: str) -> Handed:
    """Read what was sent, before any transaction. Raises InvalidInput."""
    if file is None or not file.filename:
        raise InvalidInput({"file": "no_calendar_file"})
    called = Path(str(forms.one_line(file.filename)).replace("\\", "/")).name[-80:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"handed{Path(called).suffix.lower()[:8]}"
        file.save(path)
        try:
            return calendar_files.read(path, called, source=source)
        except BrokenTable as broken:
            fault = broken.fault.name
            said = faults.of_file(fault, path, called=called, row=broken.row, detail=broken.detail)
            raise InvalidInput({"file": f"broken_file:{said}"}) from broken
        except BrokenCity as broken:
            raise InvalidInput({"file": f"broken_calendar:{broken}"}) from broken
