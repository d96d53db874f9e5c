"""Try other rules on more tickets than a page can wait for."""

from hotline import runtime
from hotline.errors import InvalidInput
from hotline.tickets.whatif import rules, runs
from hotline.tickets.whatif.replaying import Answer, replay
from hotline.work import SYSTEM


def try_rules(run_id: int) -> None:
    """Do the trial that was asked for. Safe to run twice: one that has ended is left alone."""
    with runtime.view(SYSTEM) as work:
        if runs.run_of(work, run_id).ended_at is not None:
            return
    try:
        answer = _answer(run_id)
    except InvalidInput as refused:  # the profile or the calendar has changed since it was asked
        with runtime.work(SYSTEM) as work:
            runs.end(work, run_id, refusal=next(iter(refused.fields.values())))
        return
    except BaseException:  # also an interrupt: whoever waits for the answer must be told there is none
        with runtime.work(SYSTEM) as work:
            runs.end(work, run_id, refusal="trial_failed")
        raise
    with runtime.work(SYSTEM) as work:
        runs.end(work, run_id, answer=answer)


def _answer(run_id: int) -> Answer:
    def progress(tickets: int) -> None:
        with runtime.work(SYSTEM) as work:
            runs.run_of(work, run_id).done = tickets

    with runtime.view(SYSTEM) as work, rules.refusing_empty_calendars():
        question = rules.question_of(work, runs.asked_of(runs.run_of(work, run_id)))
        return replay(work, question, progress=progress)
