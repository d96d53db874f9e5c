"""After the last round the caller is still not content: the supervisor closes it or starts another round."""

from typing import Literal

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.errors import IllegalTransition
from hotline.lifecycle import Action, Role, Status
from hotline.tickets import callbacks, deadlines, followup, timeline, worklists
from hotline.web import filters, forms, trail
from hotline.web.access import open_to
from hotline.web.supervisor.blueprint import done, pages, way_back

# What was done in each round, and what the caller said of it.
ROUNDS = frozenset({Action.RESOLVE, Action.ATTEMPT, Action.SEND_BACK, Action.SEND_BACK_RESULT, Action.REOPEN})


class JudgeForm(forms.Form):
    step: Literal["close", "send_back"]
    reason: forms.Line = ""
    text: forms.Passage


@pages.get("/tickets/<number>/judge")
@open_to(Role.SUPERVISOR)
def judge(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        answer = followup.last_answer(work, ticket)
        if ticket.status is not Status.AWAITING_FOLLOW_UP or answer is None:
            raise IllegalTransition(Action.CLOSE, ticket.status)
        events = [event for event in timeline.events_of(work, ticket) if event.action in ROUNDS]
        return render_template(
            "supervisor/judge.html",
            work=work,
            ticket=ticket,
            answer=answer,
            back=way_back(number),
            clock_now=deadlines.nearest_of(work, [ticket]).get(ticket.id),
            entries=trail.entries(events, work),
            next_round=callbacks.next_round(work, ticket),
            reasons=[(code, one.name) for code, one in work.city.follow_up.reasons.items()],
        )


@pages.post("/tickets/<number>/judge")
@open_to(Role.SUPERVISOR)
@forms.shown_again(judge)
def judge_post(number: str) -> ResponseReturnValue:
    form = forms.read(JudgeForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        followup.conclude_standing(work, ticket, step=form.step, reason=form.reason or None, text=form.text)
        closed = ticket.status is Status.CLOSED
        short, round_ = filters.department(ticket.lead_code, work), ticket.round
    if closed:
        return done(number, f"{number} 已结案，评价照记，计入{short}的三率")
    return done(number, f"{number} 已退回{short}重办，第 {round_} 轮")
