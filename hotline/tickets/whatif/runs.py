"""Trials of other rules as rows: asked for, followed while they run, read again."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import defer

from hotline.errors import NotFound
from hotline.models.outbox import OutboxMessage
from hotline.models.what_if import WhatIf
from hotline.tickets.promises import TRY_RULES
from hotline.tickets.whatif import written
from hotline.tickets.whatif.replaying import Answer
from hotline.tickets.whatif.rules import Asked
from hotline.work import Work

# More tickets than that would keep a page waiting: a worker replays them.
AT_ONCE = 5_000
# Of more flips a page is no use; the figures are of all.
MOST_FLIPS = 2_000
KEPT = timedelta(days=90)


def enter(work: Work, asked: Asked, tickets: int) -> WhatIf:
    """Write down what is asked of so many tickets; one of more than AT_ONCE is promised. Forgets old ones."""
    run = WhatIf(
        asked_at=work.now,
        asked_by_id=work.actor.user_id,
        first=asked.first,
        last=asked.last,
        whole=asked.whole,
        targets=asked.targets,
        hours=asked.hours,
        of=tickets,
    )
    work.session.add(run)
    work.session.flush()
    # After the new one has its id: SQLite would give it that of one that is gone.
    work.session.execute(delete(WhatIf).where(WhatIf.asked_at < work.now - KEPT))
    if tickets > AT_ONCE:
        work.session.add(OutboxMessage(kind=TRY_RULES, payload={"what_if": run.id}))
    return run


def asked_of(run: WhatIf) -> Asked:
    return Asked(run.first, run.last, run.whole, run.targets, run.hours)


def run_of(work: Work, run_id: int) -> WhatIf:
    """Raises NotFound."""
    run = work.session.get(WhatIf, run_id)
    if run is None:
        raise NotFound("what-if", run_id)
    return run


def recent(work: Work, number: int = 10) -> list[WhatIf]:
    """Return the last trials, newest first, without what came out. One query."""
    newest = select(WhatIf).options(defer(WhatIf.answer)).order_by(WhatIf.id.desc()).limit(number)
    return list(work.session.scalars(newest))


def answer_of(run: WhatIf) -> Answer | None:
    return written.from_json(run.answer) if run.answer is not None else None


def end(work: Work, run_id: int, *, answer: Answer | None = None, refusal: str | None = None) -> None:
    run = run_of(work, run_id)
    run.ended_at, run.refusal = work.now, refusal
    if answer is not None:
        run.done = answer.tickets
        run.answer = written.as_json(answer, most=MOST_FLIPS)
