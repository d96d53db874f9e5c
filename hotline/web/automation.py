"""What goes without a person (自动派单) by category and week, another promise tried on it, the switch."""

from dataclasses import replace
from typing import Literal, get_args

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Role
from hotline.logs import log
from hotline.tickets import coverage, lanes
from hotline.tickets.coverage import Line
from hotline.web import filters, forms, names, shell
from hotline.web.access import open_to, sees_tickets

pages = Blueprint("automation", __name__, url_prefix="/automation")

LOOK_ON = (Role.DISPATCHER, Role.SUPERVISOR, Role.ADMIN)
shell.NAV.append(shell.Entry("automation.show", "自动派单", frozenset(LOOK_ON)))

Promised = Literal["0.80", "0.90", "0.95", "0.97", "0.98", "0.99"]
VIEWS = {"all": "全部", "open": "自动派的", "held": "人工停用", "near": "证据快够的"}
# So many faultless decisions away counts as near.
NEAR = 20


class CoverageQuery(forms.Form):
    promise: Promised | Literal[""] = ""
    view: Literal["all", "open", "held", "near"] = "all"


class HoldForm(forms.Form):
    reason: forms.Line = ""


@pages.get("")
@open_to(*LOOK_ON)
def show() -> ResponseReturnValue:
    query = forms.read(CoverageQuery, request.args)
    with runtime.view(g.viewer) as work:
        promised = work.city.auto_dispatch.promise
        asked = replace(promised, precision=float(query.promise)) if query.promise else promised
        found = coverage.lines(work, asked)
        weeks = coverage.weeks(work)
        return render_template(
            "automation/show.html",
            work=work,
            rules=work.city.auto_dispatch,
            asked=asked,
            lines=[line for line in found if _is_in(line, query.view)],
            counts={view: sum(_is_in(line, view) for line in found) for view in VIEWS},
            views=VIEWS,
            view=query.view,
            promises=get_args(Promised),
            fewest=coverage.fewest(asked),
            outlook=_outlook(found),
            weeks=weeks,
            month=coverage.total(week.count for week in weeks[-4:]),
            turns=coverage.turns(work),
            sees_tickets=sees_tickets(g.viewer),
        )


def _is_in(line: Line, view: str) -> bool:
    return {
        "open": line.is_open,
        "held": line.is_held,
        "near": line.missing is not None and 0 < line.missing <= NEAR,
    }.get(view, True)


def _outlook(found: list[Line]) -> dict[str, float]:
    """What the promise asked for would do: how many categories, what share, how many right of a hundred."""
    judged = sum(line.recent.judged for line in found)
    going = [line for line in found if line.threshold is not None and not line.is_held]
    cases = sum(line.cases for line in going)
    return {
        "categories": len(going),
        "coverage": sum(line.passing for line in going) / judged if judged else 0.0,
        "right": sum(line.right for line in going) / cases if cases else 0.0,
    }


@pages.get("/<category>")
@open_to(*LOOK_ON)
def lane(category: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        names.require_leaf(work.city, category)
        promise = work.city.auto_dispatch.promise
        found = {line.category: line for line in coverage.lines(work, promise)}
        return render_template(
            "automation/lane.html",
            work=work,
            category=category,
            line=found.get(category),
            promise=promise,
            fewest=coverage.fewest(promise),
            weeks=coverage.weeks(work, category),
            overruled=coverage.overruled(work, category),
            sees_tickets=sees_tickets(g.viewer),
            turns=coverage.turns(work, category),
        )


@pages.post("/<category>/hold")
@open_to(*LOOK_ON)
@forms.shown_again(lane)
def hold(category: str) -> ResponseReturnValue:
    form = forms.read(HoldForm, request.form)
    with runtime.work(g.viewer) as work:
        names.require_leaf(work.city, category)
        lanes.hold(work, category, reason=form.reason)
        log.info("lane_held", category=category, by=g.viewer.user_id)
        words = filters.category(category, work)
    flash(f"“{words}”已停用自动派单，从下一张起由派单员派", "met")
    return redirect(url_for(".lane", category=category), 303)


@pages.post("/<category>/release")
@open_to(Role.SUPERVISOR, Role.ADMIN)
def release(category: str) -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        names.require_leaf(work.city, category)
        lanes.release(work, category)
        log.info("lane_released", category=category, by=g.viewer.user_id)
        words = filters.category(category, work)
    flash(f"“{words}”恢复按证据自动派单", "met")
    return redirect(url_for(".lane", category=category), 303)
