"""What each round came to: the first result (首次办结) and the final one (最终办结) stand apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline.lifecycle import Action
from hotline.models.deadline import DeadlineOutcome
from hotline.models.follow_up import Solved
from hotline.tickets.proof.story import Story
from hotline.tickets.timeline import Entry
from sla.policy import Stage

_JUDGED = (DeadlineOutcome.MET, DeadlineOutcome.LATE)


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one round that the hotline accepted.

    `resolved_at`: when the department handed it in, which is when its clock stopped. `outcome`: met or late,
    None where no clock ran. `solved`: what the caller said last in this round, None when nobody asked.
    """

    round: int
    department: str | None
    resolved_at: datetime
    outcome: DeadlineOutcome | None
    solved: Solved | None


def results(ledger: Sequence[Entry], story: Story) -> tuple[Result, ...]:
    """Return the accepted results, one a round at most, the first first. A later round changes no earlier."""
    handed_in: dict[int, Entry] = {}
    accepted: dict[int, Entry] = {}
    for entry in ledger:
        if entry.action is Action.RESOLVE:
            handed_in[entry.round] = entry
        elif entry.action is Action.ACCEPT_RESULT:
            accepted[entry.round] = handed_in[entry.round]
    said = answers(story)
    return tuple(
        Result(number, entry.department_code, entry.at, _outcome(story, number), said.get(number))
        for number, entry in accepted.items()
    )


def answers(story: Story) -> dict[int, Solved]:
    """Return whether the matter was solved by what the caller said last in each round, by round."""
    return {one.round: Solved(one.solved) for one in story.attempts if one.reached and one.solved}


def _outcome(story: Story, number: int) -> DeadlineOutcome | None:
    judged = [one for one in story.clocks if one.stage is Stage.RESOLVE and one.round == number]
    return next((one.outcome for one in reversed(judged) if one.outcome in _JUDGED), None)
