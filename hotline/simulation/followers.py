"""The follow-up desk and the caller who answers it, by phone or by the link."""

from hotline.lifecycle import Role, Status
from hotline.models.follow_up import Contacted, FollowUp, Solved, Via
from hotline.models.ticket import Ticket
from hotline.simulation import words
from hotline.simulation.agenda import Plan
from hotline.simulation.scene import Scene
from hotline.tickets import followup, rating
from hotline.tickets.followup import Answers
from hotline.work import CITIZEN, Work

_REACHED = 0.78
_ANSWERS_LINK = 0.55
_CONTENT_IF_SOLVED, _CONTENT_IF_NOT = 0.96, 0.12
_FAULTS = ("not_handled", "perfunctory", "late", "attitude", "not_contacted")
_NO_FAULTS = ("policy", "out_of_duty", "other")
_IS_FAULT = 0.7


def next_for_follow_up(scene: Scene, work: Work, ticket: Ticket) -> Plan | None:
    """Judge the bad answer that stands, else call, else wait for the link; None: the link will expire."""
    tries = [one for one in followup.attempts_of(work, ticket) if one.round == ticket.round]
    if any(one.reached for one in tries):
        return _plan_judgement(scene, work, ticket)
    if len(tries) >= work.city.follow_up.attempts:
        if not scene.fate(ticket).meets("answers link", _ANSWERS_LINK):
            return None
        at = scene.after(work.now, 30, 60 * 24 * (work.city.follow_up.link_days - 1))
        return scene.plan(at, CITIZEN, answer_link, Status.AWAITING_FOLLOW_UP)
    low = 4.1 if tries else 1.0
    caller = scene.cast.uninvolved(work, ticket, Role.FOLLOW_UP, scene.rng)
    return scene.plan(scene.after_work(work.now, low, low + 9), caller, call_back, Status.AWAITING_FOLLOW_UP)


def _plan_judgement(scene: Scene, work: Work, ticket: Ticket) -> Plan:
    last = ticket.round >= work.city.follow_up.max_rounds
    judge = scene.cast.uninvolved(work, ticket, Role.SUPERVISOR if last else Role.FOLLOW_UP, scene.rng)
    act = close_after_all if last else judge_answer
    return scene.plan(scene.after_work(work.now, 1, 8), judge, act, Status.AWAITING_FOLLOW_UP)


def call_back(scene: Scene, work: Work, ticket: Ticket) -> None:
    if scene.rng.random() > _REACHED:
        followup.record_follow_up(work, ticket, Answers(scene.key(), reached=False))
        return
    answers = _answers(scene, ticket)
    step = None
    if not followup.is_good(work, answers) and ticket.round < work.city.follow_up.max_rounds:
        step = _step(answers.reason)
    followup.record_follow_up(work, ticket, answers, step=step)


def answer_link(scene: Scene, work: Work, ticket: Ticket) -> None:
    rating.rate(work, ticket, _answers(scene, ticket), via=Via.LINK)


def judge_answer(scene: Scene, work: Work, ticket: Ticket) -> None:
    """What came by link: whose fault it is decides whether it goes back."""
    last = followup.last_answer(work, ticket)
    reason = last.reason if last and last.reason else scene.rng.choice(_FAULTS)
    followup.conclude_standing(work, ticket, step=_step(reason), reason=reason, text=_comment(last))


def close_after_all(scene: Scene, work: Work, ticket: Ticket) -> None:
    """After the last round the supervisor has the last word."""
    followup.conclude_standing(work, ticket, step=followup.CLOSE, reason=None, text="")


def _step(reason: str | None) -> str:
    return followup.SEND_BACK if reason in _FAULTS else followup.CLOSE


def _comment(last: FollowUp | None) -> str:
    return last.comment if last else ""


def _answers(scene: Scene, ticket: Ticket) -> Answers:
    """What this caller says: mostly what the department's care deserves."""
    rng = scene.rng
    solved = scene.fate(ticket).meets("solved", scene.diligence(ticket.lead_code).care)
    content = rng.random() < (_CONTENT_IF_SOLVED if solved else _CONTENT_IF_NOT)
    contacted = rng.choices((Contacted.YES, Contacted.NO, Contacted.UNSURE), (94, 3, 3))[0]
    if solved and content:
        satisfied = rng.choices((5, 4, 3), (45, 40, 15))[0]
        return Answers(
            scene.key(), True, contacted, Solved.YES, satisfied, None, rng.choice(words.COMMENTS_GOOD)
        )
    reason = rng.choice(_FAULTS if rng.random() < _IS_FAULT else _NO_FAULTS)
    said = Solved.YES if solved else rng.choice((Solved.PARTLY, Solved.NO))
    satisfied = rng.choice((3, 2)) if content else rng.choices((2, 1), (70, 30))[0]
    if said is Solved.YES:
        satisfied = min(satisfied, 2)
    return Answers(scene.key(), True, contacted, said, satisfied, reason, rng.choice(words.COMMENTS_BAD))
