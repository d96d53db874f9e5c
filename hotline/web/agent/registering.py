"""登记: a call becomes a ticket, and what the caller is told of it."""

from collections.abc import Callable

from flask import g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

import classifier
from hotline import runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Role
from hotline.models.ticket import Kind
from hotline.tickets import (
    callers,
    calls,
    deadlines,
    drafts,
    forecast,
    intake,
    splitting,
    timeline,
    worklists,
)
from hotline.tickets.callers import Identity
from hotline.web import forms, names
from hotline.web.access import open_to
from hotline.web.agent.blueprint import pages
from hotline.web.agent.call_form import CallForm, Go
from hotline.web.agent.closing import usual_mode
from hotline.web.agent.desk import desk
from hotline.work import Work


@pages.post("/agent/log")
@open_to(Role.AGENT)
@forms.shown_again(desk)
def log() -> ResponseReturnValue:
    form = forms.read(CallForm, request.form)
    try:
        codes = _register(form)
    except IntegrityError:
        # Two presses of one form, or two calls of one new caller, met: the other's rows stand now.
        codes = _register(form)
    if any(codes.values()):
        session["codes"] = codes
    return redirect(url_for(".logged", number=next(iter(codes))), 303)


def _register(form: CallForm) -> dict[str, str | None]:
    """Register, and answer or transfer in one go. Returns the code of each number, None where it stood."""
    with runtime.work(g.viewer) as work:
        go = Go.TRANSFER if form.transfer_to else form.go
        _require_readable(work, form, go)
        if form.split:
            return _register_parts(work, form)
        logged = intake.log(work, _call_of(work, form), auto_lane=go is Go.LOG)
        if logged.code and go is Go.ANSWER:
            intake.answer(work, logged.ticket, form.answer, source=form.source)
        if logged.code and go is Go.TRANSFER:
            target = form.transfer_to or form.target
            mode = usual_mode(work, target, form.mode)
            intake.transfer(work, logged.ticket, target, mode, form.note, consent=form.consent)
        drafts.discard(work, form.request_key)
        return {logged.ticket.number: logged.code}


def _register_parts(work: Work, form: CallForm) -> dict[str, str | None]:
    """Register a ticket for each part, if the parts are still those that were shown."""
    parts = splitting.parts_of(work, form.content, form.address)
    if form.split.split() != [str(part.span.start) for part in parts]:
        raise InvalidInput({"content": "text_changed"})
    logged = splitting.log_parts(work, _call_of(work, form), parts, kind=form.kind)
    drafts.discard(work, form.request_key)
    return {one.ticket.number: one.code for one in logged}


def _require_readable(work: Work, form: CallForm, go: Go) -> None:
    """Name every field to put right at once, in the order of the form: the caller is waiting."""
    is_placed = form.address or form.area or intake.place_in(work, form.content)
    problems = {} if is_placed else {"address": "missing_where"}
    phone = "" if form.anonymous else form.phone
    readings: tuple[Callable[[], object], ...] = (
        lambda: names.category_of(work.city, form.category),
        lambda: names.area_of(work.city, form.area),
        lambda: callers.phone_digits(phone),
    )
    for read in readings:
        try:
            read()
        except InvalidInput as unreadable:
            problems |= unreadable.fields
    problems |= _meant_otherwise(form, go)
    if problems:
        raise InvalidInput(problems)


def _meant_otherwise(form: CallForm, go: Go) -> dict[str, str]:
    """Ask about what was filled in for another way than was pressed; an emergency waits for no answer."""
    if form.transfer_to:
        return {}
    answered = {"answer": "written_answer"} if form.answer and go is not Go.ANSWER else {}
    targeted = {"target": "chosen_target"} if form.target and go is not Go.TRANSFER else {}
    return answered | targeted


def _call_of(work: Work, form: CallForm) -> intake.Call:
    return intake.Call(
        request_key=form.request_key or forms.new_request_key(),
        content=form.content,
        address=form.address,
        channel=form.channel,
        kind=form.kind or Kind(classifier.kind_of(form.content)),
        urgency=form.urgency,
        category=names.category_of(work.city, form.category),
        area=names.area_of(work.city, form.area),
        occurred=form.occurred,
        subject=form.subject,
        wish=form.wish,
        identity=Identity(form.name or None, form.phone or None),
        anonymous=form.anonymous,
        confidential=form.confidential,
        enterprise=form.enterprise,
    )


@pages.get("/agent/logged/<number>")
@open_to(Role.AGENT)
def logged(number: str) -> ResponseReturnValue:
    """Show the number, what to read out, and once the retrieval code."""
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        codes = session.pop("codes", {})
        others = worklists.of_same_call(work, ticket)
        transferred = timeline.acted(work, ticket, Action.TRANSFER)
        target = work.city.transfers.get(transferred[-1].details["target"]) if transferred else None
        return render_template(
            "agent/logged.html",
            work=work,
            ticket=ticket,
            code=codes.get(number),
            promise=forecast.promised(work, ticket, deadlines.running(work, ticket)),
            others=others,
            codes=codes,
            promises={one.id: forecast.promised(work, one, deadlines.running(work, one)) for one in others},
            is_sampled=work.city.follow_up.sampling.get(ticket.kind, 0) == 1 and not ticket.anonymous,
            target=target,
        )


@pages.get("/agent/today")
@open_to(Role.AGENT)
def today() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        tickets = calls.logged_today(work)
        clocks = deadlines.nearest_of(work, tickets)
        return render_template("agent/today.html", work=work, tickets=tickets, clocks=clocks)
