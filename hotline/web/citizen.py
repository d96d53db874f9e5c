"""The caller's own pages: where is my matter, press for it, take it back, say how it was. No sign-in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from classifier import mask
from hotline import labels, runtime
from hotline.errors import AlreadyRated, InvalidInput, NotFound
from hotline.lifecycle import Action, Role, Status, actions_for
from hotline.models.follow_up import Contacted, FollowUp, Solved, Via
from hotline.models.ticket import Ticket
from hotline.tickets import followup, numbers, rating, supervision, urgings, worklists
from hotline.web import filters, forms, progress
from hotline.web.access import open_to_all
from hotline.web.security import failed, limiter
from hotline.web.typed import typed_in
from hotline.work import CITIZEN, Work

pages = Blueprint("citizen", __name__)

# How long a look-up stays open, and under which name the signed session keeps it.
OPEN_FOR = timedelta(minutes=30)
TRACKED = "track"
FAILED_BY_ADDRESS, FAILED_BY_NUMBER = "30 per 15 minutes", "10 per 15 minutes"
REFUSED_BY_ADDRESS = "60 per 15 minutes"


class Withdrawal(StrEnum):
    SOLVED = "solved"
    ELSEWHERE = "elsewhere"
    OTHER = "other"


# By whom it was pressed for, as the caller reads it.
URGED_BY: Mapping[Role, str] = {
    Role.CITIZEN: "您在这里催的",
    Role.AGENT: "话务员替您催的",
    Role.SUPERVISOR: "督办员催的",
}

WITHDRAWALS: Mapping[Withdrawal, str] = {
    Withdrawal.SOLVED: "事情已经解决了",
    Withdrawal.ELSEWHERE: "改走其他渠道",
    Withdrawal.OTHER: "其他原因",
}


class LookUp(forms.Form):
    number: forms.Line
    code: forms.Line


class Take(forms.Form):
    reason: Withdrawal
    words: forms.Passage = ""
    sure: bool = False


class Rating(forms.Form):
    """`round`: the one that the form was drawn for."""

    round: int | None = None
    contacted: Contacted | None = None
    solved: Solved | None = None
    satisfied: int | None = None
    comment: forms.Passage = ""

    def answers(self) -> followup.Answers:
        return followup.Answers(
            self.request_key or forms.new_request_key(),
            True,
            self.contacted,
            self.solved,
            self.satisfied,
            comment=self.comment,
        )


@pages.context_processor
def _context() -> dict[str, str]:
    return {"telephone": runtime.current().city.hotline.telephone}


@pages.errorhandler(NotFound)
def _gone(error: NotFound) -> tuple[str, int]:
    return render_template("citizen/gone.html", said=_said()), 404


@pages.errorhandler(AlreadyRated)
def _rated_before(error: AlreadyRated) -> tuple[str, int]:
    return render_template("citizen/rated.html", said=_said()), 409


def _said() -> str:
    """Return the words of a form that comes too late."""
    return "\n\n".join(typed_in(request.form))


def _is_unknown(response: Response) -> bool:
    return response.status_code == 404


# Look up


def _typed_number() -> str:
    typed = str(forms.one_line(request.form.get("number", "")))
    return numbers.as_printed(typed)[: forms.LINE_LENGTH]


@pages.get("/track")
@open_to_all
def track() -> ResponseReturnValue:
    return render_template("citizen/look_up.html")


@pages.post("/track")
@open_to_all
@limiter.limit(FAILED_BY_ADDRESS, deduct_when=failed)
@limiter.limit(FAILED_BY_NUMBER, key_func=lambda: f"ticket:{_typed_number()}", deduct_when=failed)
@forms.shown_again(track)
def track_post() -> ResponseReturnValue:
    form = forms.read(LookUp, request.form)
    number = _typed_number()
    with runtime.view(CITIZEN) as work:
        if not numbers.is_open_to(work, number, form.code):
            raise InvalidInput({"number": "no_match"})
        session[TRACKED] = [number, (work.now + OPEN_FOR).timestamp()]
    return redirect(url_for(".ticket"), 303)


@pages.post("/track/leave")
@open_to_all
def leave() -> ResponseReturnValue:
    session.pop(TRACKED, None)
    return redirect(url_for(".track"), 303)


def _tracked(work: Work) -> Ticket:
    """Return the ticket that this browser looked up. Raises NotFound when that is too long ago."""
    number, until = session.get(TRACKED) or ("", 0)
    if work.now.timestamp() > until:
        raise NotFound("look-up", "expired")
    return worklists.ticket_for(work, number)


@pages.get("/track/ticket")
@open_to_all
def ticket() -> ResponseReturnValue:
    with runtime.view(CITIZEN) as work:
        shown = _tracked(work)
        possible = actions_for(shown.status, (Role.CITIZEN,))
        return render_template(
            "citizen/ticket.html",
            work=work,
            ticket=shown,
            matter=mask(shown.title),
            progress=progress.progress_of(work, shown),
            answer=progress.answer_of(work, shown),
            may_rate=rating.may_rate(work, shown),
            # Once the result is there it is the caller's turn to say how it was.
            may_urge=Action.URGE in possible and shown.status is not Status.AWAITING_FOLLOW_UP,
            may_withdraw=Action.WITHDRAW in possible and shown.status is not Status.AWAITING_FOLLOW_UP,
            urged=_urged(work, shown),
            quiet_hours=work.city.urging.quiet // timedelta(hours=1),
        )


@dataclass(frozen=True)
class Urged:
    """How often it was pressed for: `last`, by whom and to whom, in words. `again`: from when it may be.

    `is_used_up`: it was pressed for as often as the city lets callers.
    """

    times: int
    last: str
    again: str | None
    is_used_up: bool


def _urged(work: Work, shown: Ticket) -> Urged | None:
    had = urgings.urgings_of(work, shown)
    if had.last is None:
        return None
    at = labels.citizen_moment(had.last.at, work.now, work.city.zone)
    again = labels.citizen_moment(had.again_at, work.now, work.city.zone) if had.again_at else None
    by, told = URGED_BY[had.last.by], filters.holder(had.last.told, work)
    return Urged(len(had.all), f"{at}，{by}，已转给{told}", again, had.is_used_up)


# Press, take back


@pages.post("/track/urge")
@open_to_all
@limiter.limit(REFUSED_BY_ADDRESS, deduct_when=failed)
@forms.shown_again(ticket)
def urge() -> ResponseReturnValue:
    with runtime.work(CITIZEN) as work:
        told = filters.holder(supervision.urge(work, _tracked(work)), work)
    flash(f"已替您催了，由热线转给{told}。办理时限不变，有进展会更新在这一页。", "met")
    return redirect(url_for(".ticket"), 303)


@pages.get("/track/withdraw")
@open_to_all
def withdraw() -> ResponseReturnValue:
    with runtime.view(CITIZEN) as work:
        shown = _tracked(work)
        if Action.WITHDRAW not in actions_for(shown.status, (Role.CITIZEN,)):
            return redirect(url_for(".ticket"), 303)
        return render_template(
            "citizen/withdraw.html", work=work, ticket=shown, matter=mask(shown.title), reasons=WITHDRAWALS
        )


@pages.post("/track/withdraw")
@open_to_all
@limiter.limit(REFUSED_BY_ADDRESS, deduct_when=failed)
@forms.shown_again(withdraw)
def withdraw_post() -> ResponseReturnValue:
    form = forms.read(Take, request.form)
    if not form.sure:
        raise InvalidInput({"sure": "confirm"})
    reason = WITHDRAWALS[form.reason] + (f"：{form.words}" if form.words else "")
    with runtime.work(CITIZEN) as work:
        supervision.withdraw(work, _tracked(work), reason=reason)
    flash("已撤回，承办单位不再办理。情况有变，随时可以再打热线。", "met")
    return redirect(url_for(".ticket"), 303)


# Rate


@pages.post("/track/rate")
@open_to_all
@limiter.limit(REFUSED_BY_ADDRESS, deduct_when=failed)
@forms.shown_again(ticket)
def rate() -> ResponseReturnValue:
    form = forms.read(Rating, request.form)
    with runtime.work(CITIZEN) as work:
        _thank(work, rating.rate(work, _tracked(work), form.answers(), via=Via.TRACK, round_=form.round))
    return redirect(url_for(".ticket"), 303)


def _thank(work: Work, answered: FollowUp) -> None:
    good = followup.is_good(work, answered)
    flash(
        "谢谢，评价已收到，这件事办结。"
        if good
        else "谢谢，评价已收到。回访员会看您的意见，该重办的退回重办。",
        "met",
    )


@pages.get("/rate/<token>")
@open_to_all
@limiter.limit(REFUSED_BY_ADDRESS, deduct_when=_is_unknown)
def link(token: str) -> ResponseReturnValue:
    with runtime.view(CITIZEN) as work:
        shown = rating.ticket_of_link(work, token)
        return render_template(
            "citizen/rate.html", work=work, ticket=shown, matter=mask(shown.title), token=token
        )


@pages.post("/rate/<token>")
@open_to_all
@limiter.limit(REFUSED_BY_ADDRESS, deduct_when=_is_unknown)
@forms.shown_again(link)
def link_post(token: str) -> ResponseReturnValue:
    form = forms.read(Rating, request.form)
    with runtime.work(CITIZEN) as work:
        _thank(work, rating.rate_by_link(work, token, form.answers()))
    return redirect(url_for(".thanks"), 303)


@pages.get("/thanks")
@open_to_all
def thanks() -> ResponseReturnValue:
    return render_template("citizen/thanks.html")
