"""督办单, all of them: which rules ask for one, which stand, how departments answer."""

from datetime import datetime, time, timedelta

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.errors import HotlineError, InvalidInput, NotAllowed, NotFound
from hotline.lifecycle import Action, Role
from hotline.models.deadline import Deadline
from hotline.tickets import order_grounds, ordered, orders, timeline, worklists
from hotline.web import forms
from hotline.web.access import open_to
from hotline.web.supervisor.blueprint import pages
from hotline.web.supervisor.demands import times
from hotline.work import Work

DAYS = 30
SUGGESTED = 20
BATCH = 50
STANDINGS = {
    "live": "没有了结的",
    "issued": "待回复",
    "overdue": "逾期未回复",
    "answered": "待核",
    "ended": "已了结",
    "all": "全部",
}


class OrdersQuery(forms.Form):
    """What the list is narrowed to; what is asked wrongly counts as not asked."""

    standing: forms.Line = "live"
    department: forms.Line = ""
    level: forms.Line = ""
    reason: forms.Line = ""
    after: forms.Line = ""

    def narrowed(self, work: Work) -> ordered.Filter:
        return ordered.Filter(
            standing=self.standing if self.standing in STANDINGS else "live",
            department=self.department if self.department in work.city.departments else None,
            level=int(self.level) if self.level.isdecimal() and len(self.level) < 3 else None,
            reason=self.reason if self.reason in work.city.orders.reasons else None,
        )


class BatchForm(forms.Form):
    """One demand for several tickets, each on the ground on which it was suggested."""

    text: forms.Passage
    within: forms.Line = ""
    numbers: tuple[str, ...] = ()


@pages.get("/orders", endpoint="ordered")
@open_to(Role.SUPERVISOR)
def listed() -> ResponseReturnValue:
    query = forms.read(OrdersQuery, request.args)
    with runtime.view(g.viewer) as work:
        narrowed = query.narrowed(work)
        page = ordered.page(work, narrowed, after=query.after or None)
        since = _first_midnight(work)
        return render_template(
            "supervisor/ordered.html",
            work=work,
            narrowed=narrowed,
            page=page,
            late={one for one, clock in page.clocks.items() if _is_overdue(clock, work)},
            counts=ordered.counts(work, narrowed),
            standings=STANDINGS,
            args={name: text for name, text in request.args.to_dict().items() if name != "after"},
            is_first=not query.after,
            grounds=order_grounds.grounds(work, limit=SUGGESTED),
            tallies=ordered.tallies(work, since),
            urged=timeline.counted_by_role(work, Action.URGE, since=since),
            days=DAYS,
            times=times(work),
        )


def _is_overdue(clock: Deadline, work: Work) -> bool:
    return clock.settled_at is None and clock.due_at is not None and clock.due_at < work.now


def _first_midnight(work: Work) -> datetime:
    first = work.city.calendar.day_of(work.now) - timedelta(days=DAYS - 1)
    return datetime.combine(first, time(), work.city.zone)


@pages.post("/orders")
@open_to(Role.SUPERVISOR)
@forms.shown_again(listed)
def issue_many() -> ResponseReturnValue:
    """Issue an order for each selected ticket, in a transaction of its own, and say what became of each."""
    form = forms.read(BatchForm, request.form)
    asked = [one.partition("/") for one in dict.fromkeys(form.numbers)][:BATCH]
    results = [(number, _issue_one(number, reason, form)) for number, _, reason in asked]
    failed = [f"{number}：{problem}" for number, problem in results if problem]
    if not asked:
        flash("还没有选中工单。请先勾选要发督办单的工单", "near")
    else:
        words = f"已发督办单 {len(asked) - len(failed)} 张"
        flash("；".join([words, *failed]), "near" if failed else "met")
    return redirect(url_for(".ordered"), 303)


def _issue_one(number: str, reason: str, form: BatchForm) -> str | None:
    """Return why no order was issued, in words; None when it was."""
    try:
        with runtime.work(g.viewer) as work:
            ticket = worklists.ticket_for(work, number)
            orders.issue(work, ticket, orders.Demand(form.text, reason, within=form.within))
    except HotlineError as refusal:
        return _why_not(refusal)
    return None


def _why_not(refusal: HotlineError) -> str:
    if isinstance(refusal, InvalidInput):
        return labels.problem(next(iter(forms.problems_of(refusal).values()))).rstrip("。")
    if isinstance(refusal, NotAllowed):
        return labels.refusal(refusal.reason).rstrip("。")
    return "没有这张工单" if isinstance(refusal, NotFound) else "刚被他人更新，请再看一眼"
