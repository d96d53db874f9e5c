"""Ask the caller (回访): contacted? solved? satisfied? Then close, or send it back."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from hotline.errors import InvalidInput, LimitReached, NotFound
from hotline.lifecycle import Action, Role, Status
from hotline.models.caller import Caller
from hotline.models.follow_up import Contacted, FollowUp, Solved, Via
from hotline.models.ticket import Closing, Ticket, Urgency
from hotline.tickets import applications, callers, deadlines, dispatching, merging
from hotline.tickets.guards import require_uninvolved
from hotline.tickets.ledger import record
from hotline.tickets.promises import SEND_LINK, promise
from hotline.work import Work
from sla.clock import Clock
from sla.policy import Stage

# Steps of `conclude`: close the ticket, or send it back to be handled again (退回重办).
CLOSE, SEND_BACK = "close", "send_back"


@dataclass(frozen=True)
class Answers:
    """What one attempt brought. Not reached: the three answers stay None.

    `satisfied`: 5 非常满意 … 1 非常不满意. `reason`: a code of follow_up.toml, asked for when bad.
    """

    request_key: str
    reached: bool
    contacted: Contacted | None = None
    solved: Solved | None = None
    satisfied: int | None = None
    reason: str | None = None
    comment: str = ""


def is_good(work: Work, answers: Answers | FollowUp) -> bool:
    """Solved, and satisfied from the city's level on."""
    return answers.solved is Solved.YES and (answers.satisfied or 0) >= work.city.scorecard.satisfied_from


def can_be_asked(work: Work, ticket: Ticket) -> bool:
    """Tell whether there is a number to call."""
    caller = work.session.get_one(Caller, ticket.caller_id)
    return not ticket.anonymous and caller.phone_sealed is not None


def is_sampled(work: Work, ticket: Ticket) -> bool:
    """Tell whether this ticket is drawn for follow-up, by the share of its kind in follow_up.toml.

    The draw is of the ticket's number, so that nobody can repeat it until it suits. What is critical,
    supervised or handled again is always asked.
    """
    if ticket.urgency is Urgency.CRITICAL or ticket.supervised or ticket.round > 1:
        return True
    drawn = int(hashlib.sha256(f"sample:{ticket.number}".encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
    return drawn < work.city.follow_up.sampling[ticket.kind]


def record_follow_up(work: Work, ticket: Ticket, answers: Answers, *, step: str | None = None) -> FollowUp:
    """Write down one attempt and what follows from it. The same `request_key` again changes nothing.

    Good answers close the ticket. After bad ones the follower judges (`step`): sent back while the
    city's rounds last, else the supervisor decides; closed when the reason is not the department's.
    Unreached: once the attempts run out a link goes to the caller. Raises InvalidInput, NotAllowed.
    """
    if (standing := standing_of(work, answers.request_key)) is not None:
        return standing
    require_uninvolved(work, ticket, Action.ATTEMPT)
    require_whole(work, answers)
    if not answers.reached:
        _require_gap(work, ticket)
    follow_up = file_answers(work, ticket, answers, Via.PHONE)
    if not answers.reached:
        if _tries(work, ticket) == work.city.follow_up.attempts:
            work.session.add(promise(SEND_LINK, ticket, Action.ATTEMPT))
    elif is_good(work, answers):
        close(work, ticket, Closing.FOLLOWED_UP)
    elif step:
        conclude(work, ticket, answers, step=step)
    return follow_up


def _require_gap(work: Work, ticket: Ticket) -> None:
    if again_at(work, ticket, attempts_of(work, ticket)) is not None:
        raise LimitReached("reached", "called_just_now", str(work.city.follow_up.attempt_gap))


def again_at(work: Work, ticket: Ticket, attempts: Sequence[FollowUp]) -> datetime | None:
    """Return from when a call that gets no answer counts again (不同时段), None when it does now."""
    missed = [one.at for one in attempts if not one.reached and one.round == ticket.round]
    if not missed:
        return None
    due = Clock(missed[-1]).due_at(work.city.calendar, work.city.follow_up.attempt_gap)
    return due if due is not None and work.now < due else None


def conclude(work: Work, ticket: Ticket, answers: Answers, *, step: str) -> None:
    """Judge a bad answer: close it, or send it back. Raises LimitReached when no round is left."""
    if step == CLOSE:
        if Role.SUPERVISOR in work.actor.roles:
            close(work, ticket, Closing.AFTER_LIMIT, reason=answers.reason, text=answers.comment)
        elif answers.reason is None:
            raise InvalidInput({"reason": "choose"})
        elif work.city.follow_up.reasons[answers.reason].department_fault:
            raise InvalidInput({"step": "fault_must_go_back"})
        else:
            close(work, ticket, Closing.FOLLOWED_UP, reason=answers.reason, text=answers.comment)
    elif step == SEND_BACK:
        if answers.reason is None:
            raise InvalidInput({"reason": "choose"})
        require_round_left(work, ticket)
        send_back(work, ticket, reason=answers.reason, text=answers.comment)
    else:
        raise InvalidInput({"step": "choose"})


def require_round_left(work: Work, ticket: Ticket) -> None:
    """Refuse another round when the last was handled (LimitReached); the supervisor may order one."""
    if ticket.round >= work.city.follow_up.max_rounds and Role.SUPERVISOR not in work.actor.roles:
        raise LimitReached("step", "rounds_used", work.city.follow_up.max_rounds)


def conclude_standing(work: Work, ticket: Ticket, *, step: str, reason: str | None, text: str) -> None:
    """Judge the bad answer that stands on the ticket: one that came by link, or at the last round."""
    require_uninvolved(work, ticket, Action.SEND_BACK)
    last = last_answer(work, ticket)
    if last is None:
        raise NotFound("follow-up", ticket.number)
    reason = reason or last.reason
    if reason is not None and reason not in work.city.follow_up.reasons:
        raise InvalidInput({"reason": "choose"})
    answers = Answers(
        last.request_key, True, last.contacted, last.solved, last.satisfied, reason, text.strip()
    )
    conclude(work, ticket, answers, step=step)


def send_back(work: Work, ticket: Ticket, *, reason: str, text: str) -> None:
    """Back to the department that handled it: next round, with the shorter clocks of targets.toml."""
    record(work, ticket, Action.SEND_BACK, department=ticket.lead_code, reason=reason, text=text.strip())
    deadlines.settle(work, ticket, Stage.FOLLOW_UP)
    begin_round(work, ticket)


def begin_round(work: Work, ticket: Ticket) -> None:
    """Start the next round with the department that holds the ticket."""
    applications.lapse(work, ticket)
    ticket.round += 1
    ticket.closing = ticket.closed_at = None
    if ticket.lead_code:
        dispatching.assign(work, ticket, dispatching.Choice(ticket.lead_code))
        dispatching.start_department_clocks(work, ticket)


def close_unasked(work: Work, ticket: Ticket, closing: Closing) -> None:
    """Nobody could be, or had to be, asked: closed outside the denominators of the three rates."""
    close(work, ticket, closing)


def close(work: Work, ticket: Ticket, closing: Closing, **judged: Any) -> None:
    """`judged`: the reason and the words of whoever closed it after a bad answer."""
    record(work, ticket, Action.CLOSE, closing=closing, **judged)
    merging.tell_children(work, ticket)
    ticket.closing = closing
    ticket.closed_at = work.now
    dispatching.end_assignments(work, ticket)
    deadlines.settle(work, ticket, Stage.FOLLOW_UP)


def file_answers(work: Work, ticket: Ticket, answers: Answers, via: Via) -> FollowUp:
    attempt = work.session.scalar(
        select(func.count()).where(FollowUp.ticket_id == ticket.id, FollowUp.round == ticket.round)
    )
    follow_up = FollowUp(
        ticket_id=ticket.id,
        request_key=answers.request_key,
        round=ticket.round,
        attempt=(attempt or 0) + 1,
        via=via,
        at=work.now,
        by_id=work.actor.user_id,
        department_code=ticket.lead_code,
        reached=answers.reached,
        contacted=answers.contacted,
        solved=answers.solved,
        satisfied=answers.satisfied,
        reason=answers.reason,
        comment=answers.comment.strip(),
    )
    record(
        work,
        ticket,
        Action.ATTEMPT,
        via=via,
        attempt=follow_up.attempt,
        reached=answers.reached,
        contacted=answers.contacted,
        solved=answers.solved,
        satisfied=answers.satisfied,
        reason=answers.reason,
        comment=answers.comment.strip(),
    )
    work.session.add(follow_up)
    work.session.flush()
    return follow_up


def require_whole(work: Work, answers: Answers) -> None:
    if not answers.reached:
        return
    problems = {
        name: "choose" for name in ("contacted", "solved", "satisfied") if getattr(answers, name) is None
    }
    if answers.satisfied is not None and not 1 <= answers.satisfied <= 5:
        problems["satisfied"] = "choose"
    if answers.reason is not None and answers.reason not in work.city.follow_up.reasons:
        problems["reason"] = "choose"
    if (
        not problems
        and not is_good(work, answers)
        and answers.reason is None
        and Role.CITIZEN not in work.actor.roles
    ):
        problems["reason"] = "choose"
    if problems:
        raise InvalidInput(problems)


def standing_of(work: Work, request_key: str) -> FollowUp | None:
    return work.session.scalar(select(FollowUp).where(FollowUp.request_key == request_key))


def attempts_of(work: Work, ticket: Ticket) -> list[FollowUp]:
    """Return every attempt, oldest first. One query."""
    tried = select(FollowUp).where(FollowUp.ticket_id == ticket.id).order_by(FollowUp.id)
    return list(work.session.scalars(tried))


def answers_of(work: Work, ticket: Ticket) -> list[FollowUp]:
    """Return what the caller answered in any round, oldest first. One query."""
    return [one for one in attempts_of(work, ticket) if one.reached]


def last_answer(work: Work, ticket: Ticket) -> FollowUp | None:
    """Return the newest attempt of this round that reached the caller, or None."""
    reached = [one for one in answers_of(work, ticket) if one.round == ticket.round]
    return reached[-1] if reached else None


def _tries(work: Work, ticket: Ticket) -> int:
    """Return how often a person tried to reach the caller in this round."""
    tries = [one for one in attempts_of(work, ticket) if one.round == ticket.round]
    return sum(one.via is Via.PHONE for one in tries)


def expired(work: Work, *, limit: int = 100) -> list[int]:
    """Return tickets whose attempts have run out and whose link has expired unanswered, as ids."""
    rules = work.city.follow_up
    if not rules.unreached_closes:
        return []
    # Begins with the few tickets that wait: all answers ever given would be read otherwise.
    over = (
        select(Ticket.id)
        .join(FollowUp, (FollowUp.ticket_id == Ticket.id) & (FollowUp.round == Ticket.round))
        .where(Ticket.status == Status.AWAITING_FOLLOW_UP)
        .group_by(Ticket.id)
        .having(
            func.count() >= rules.attempts,
            func.max(FollowUp.satisfied).is_(None),
            func.max(FollowUp.at) < work.now - timedelta(days=rules.link_days),
        )
        .order_by(Ticket.id)
        .limit(limit)
    )
    return list(work.session.scalars(over))


def close_expired(work: Work, ticket_id: int) -> bool:
    """Close one such ticket as unreached; tell whether it still was one. Safe to repeat."""
    ticket = work.session.get(Ticket, ticket_id, with_for_update=True)
    if ticket is None or ticket.status is not Status.AWAITING_FOLLOW_UP or last_answer(work, ticket):
        return False
    close_unasked(work, ticket, Closing.UNREACHED)
    return True


def phone_of(work: Work, ticket: Ticket) -> str | None:
    """Return the number to deliver a message to, or None. Never shown on a page."""
    if ticket.anonymous:
        return None
    return callers.identity_of(work, work.session.get_one(Caller, ticket.caller_id)).phone
