"""Who has which ticket open: claimed by the page that shows it, and kept while somebody looks at it."""

from datetime import timedelta

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.errors import IllegalTransition
from hotline.lifecycle import Action
from hotline.logs import log
from hotline.tickets import claims, waiting, worklists
from hotline.web import forms
from hotline.web.access import may
from hotline.web.dispatcher.blueprint import pages
from hotline.work import Work


class ClaimForm(forms.Form):
    """`opened`: the page has just been opened. `take_over`: it was confirmed to take it from another."""

    opened: bool = False
    take_over: bool = False


def renewed_every(work: Work) -> int:
    """How many seconds pass between two signs of life: two may be lost before the claim is."""
    return max(5, work.city.dispatching.claim // timedelta(seconds=3))


@pages.post("/<number>/claim")
@may(Action.DISPATCH)
def claim(number: str) -> ResponseReturnValue:
    form = forms.read(ClaimForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        try:
            held = claims.claim(work, ticket, take_over=form.take_over)
        except IllegalTransition as gone:
            return _part(number, status=gone.status)
        if form.opened or form.take_over:
            claims.let_go(work, but=ticket)
        is_mine, name = held.user_id == g.viewer.user_id, held.user.name
        onward = None if is_mine else waiting.next_number(work, waiting.Place.of(ticket))
        every = renewed_every(work)
    if form.take_over:
        log.info("claim_taken_over", ticket=number)
        return redirect(url_for(".case", number=number), 303)
    if form.opened and onward:
        return _open(onward, instead_of=number, name=name)
    return _part(number, name=None if is_mine else name, every=every, onward=onward)


def _part(
    number: str,
    *,
    name: str | None = None,
    status: str | None = None,
    every: int = 0,
    onward: str | None = None,
) -> str:
    return render_template(
        "dispatcher/_claim.html", number=number, name=name, status=status, every=every, onward=onward
    )


def _open(number: str, *, instead_of: str, name: str) -> Response:
    """Another was quicker by a moment: go to what is free."""
    flash(f"{instead_of} {name}正在派，已为您打开下一件", "info")
    answer = Response(status=200)
    answer.headers["HX-Redirect"] = url_for(".case", number=number)
    return answer
