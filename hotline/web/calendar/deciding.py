"""A proposed calendar with what it would move, and the second person who puts it in force."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.errors import InvalidInput
from hotline.logs import log
from hotline.models.calendar import CalendarChange, CalendarStanding, CalendarVersion
from hotline.tickets.calendars import applying, proposing, versions
from hotline.tickets.calendars.applying import APPLIERS
from hotline.tickets.calendars.effect import Effect, effect_of
from hotline.web import forms
from hotline.web.access import open_to, sees_tickets
from hotline.web.calendar.blueprint import pages
from hotline.work import Work

MOST_DAYS = 60


class DecidingForm(forms.Form):
    """`stamp`: the proposal and the calendar as the page showed them."""

    stamp: forms.Line = ""


@dataclass(frozen=True)
class Turned:
    """A day that is worked, or called, otherwise than before; `before` empty where it was not known."""

    day: date
    before: str
    after: str


@pages.get("/versions/<int:version_id>")
@open_to(*APPLIERS)
def version(version_id: int) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        found = versions.overview(work, version_id)
        changed = versions.changes(work, found.version)
        turned = _turned(changed)
        waits = found.version.standing is CalendarStanding.PROPOSED
        effect, fault = _effect(work, found.version) if waits else (None, "")
        return render_template(
            "calendar/version.html",
            work=work,
            found=found,
            version=found.version,
            turned=turned[:MOST_DAYS],
            others=len(changed) - len(turned),
            left_out=max(0, len(turned) - MOST_DAYS),
            hours=_hours(work, found.version),
            effect=effect,
            fault=fault,
            stamp=applying.stamp_of(work, found.version),
            may_apply=applying.may_apply(work, found.version),
            sees_tickets=sees_tickets(g.viewer),
        )


def _effect(work: Work, proposal: CalendarVersion) -> tuple[Effect | None, str]:
    """Return what a proposal would do now, or in words why it can no longer be."""
    if proposal.changes_hours and applying.hours_changed_since(work, proposal):
        return None, labels.problem("hours_changed")
    change = proposing.change_of(work, proposal)
    try:
        return effect_of(work, proposing.city_under(work, change), change.touch), ""
    except InvalidInput as broken:
        return None, labels.problem(next(iter(broken.fields.values())))


def _turned(changed: Sequence[CalendarChange]) -> list[Turned]:
    turned = [Turned(one.day, _said(one.before), _said(one.after)) for one in changed]
    return [one for one in turned if one.before != one.after]


def _said(day: dict[str, object] | None) -> str:
    if day is None:
        return ""
    return " ".join(filter(None, ("上班" if day["works"] else "休息", str(day["name"]))))


def _hours(work: Work, of: CalendarVersion) -> list[tuple[str, str]]:
    """Return the lines of calendar.toml that a version takes out or puts in, each with - or +."""
    if not of.changes_hours or of.number == 1:
        return []
    before = work.city.hours if of.number is None else versions.hours_before(work, of.number)
    compared = difflib.unified_diff(before.splitlines(), of.hours.splitlines(), n=0, lineterm="")
    return [(line[0], line[1:]) for line in list(compared)[2:] if line[0] in "+-" and line[1:].strip()]


@pages.post("/versions/<int:version_id>/apply")
@open_to(*APPLIERS)
@forms.shown_again(version)
def apply(version_id: int) -> ResponseReturnValue:
    form = forms.read(DecidingForm, request.form)
    with runtime.work(g.viewer) as work:
        applied = applying.apply(work, version_id, seen=form.stamp)
        number = applied.number
        log.info("calendar_applied", version=applied.id, number=number, by=g.viewer.user_id)
    flash(f"日历第 {number} 版已生效，在办工单的时限正在后台重算", "met")
    return redirect(url_for(".version", version_id=version_id), 303)


@pages.post("/versions/<int:version_id>/drop")
@open_to(*APPLIERS)
@forms.shown_again(version)
def drop(version_id: int) -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        applying.drop(work, version_id)
        log.info("calendar_dropped", version=version_id, by=g.viewer.user_id)
    flash("已放弃，日历没有变", "met")
    return redirect(url_for(".show"), 303)
