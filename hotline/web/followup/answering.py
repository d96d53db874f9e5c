"""Write down one call: what the caller answered, or that nobody did."""

from dataclasses import replace

from flask import flash, g, request
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.lifecycle import Status
from hotline.models.follow_up import Contacted, Solved
from hotline.models.ticket import Ticket
from hotline.tickets import callbacks, followup, worklists
from hotline.web import filters, forms
from hotline.web.access import open_to
from hotline.web.followup.blueprint import FOLLOWERS, go_on, pages
from hotline.web.followup.person import person
from hotline.work import Work


class Attempt(forms.Form):
    """One call. `step`: only when the follower judges otherwise than the reason does."""

    next: forms.Line = ""
    reached: bool
    contacted: Contacted | None = None
    solved: Solved | None = None
    satisfied: int | None = None
    reason: forms.Line = ""
    comment: forms.Passage = ""
    step: forms.Line = ""

    def answers(self) -> followup.Answers:
        if not self.reached:
            return followup.Answers(self.request_key, reached=False, comment=self.comment)
        return followup.Answers(
            self.request_key,
            True,
            self.contacted,
            self.solved,
            self.satisfied,
            self.reason or None,
            self.comment,
        )


@pages.post("/<number>/attempt")
@open_to(*FOLLOWERS)
@forms.shown_again(person)
def attempt(number: str) -> ResponseReturnValue:
    form = forms.read(Attempt, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        answers = form.answers()
        if followup.is_good(work, answers):
            answers = replace(answers, reason=None)
        step = form.step or callbacks.usual_step(work, ticket, answers)
        followup.record_follow_up(work, ticket, answers, step=step)
        follows = _after(work, ticket, answers)
    flash(f"{number} {follows}", "met")
    return go_on(form.next)


def _after(work: Work, ticket: Ticket, answers: followup.Answers) -> str:
    """Say what became of the ticket."""
    if not answers.reached:
        return _after_missed(work, ticket)
    if ticket.status is Status.CLOSED:
        return "回访完成，已结案"
    if ticket.status is Status.DISPATCHED:
        return f"已退回{filters.department(ticket.lead_code, work)}重办，第 {ticket.round} 轮"
    return f"已办满 {ticket.round} 轮，已转督办员决定"


def _after_missed(work: Work, ticket: Ticket) -> str:
    attempts = [one for one in followup.attempts_of(work, ticket) if one.round == ticket.round]
    count = f"已记未接通，第 {len(attempts)} 次"
    if len(attempts) >= work.city.follow_up.attempts:
        return f"{count}；评价链接会用短信发给诉求人，{work.city.follow_up.link_days} 天内有效"
    again = followup.again_at(work, ticket, attempts)
    return f"{count}；{labels.moment(again, work.now, work.city.zone)} 后可再拨" if again else count
