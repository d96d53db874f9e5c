"""Asking for a new model, and following how far its training is."""

from datetime import timedelta

from sqlalchemy import func, select

from hotline.models.lesson import Lesson
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.models.version import Cause, Training
from hotline.tickets.promises import TEACH
from hotline.work import Work

# The newest labels: older ones teach how things were done once.
MOST = 20_000
# A training whose worker was lost is offered again; one this old will not end any more.
GIVEN_UP = timedelta(hours=6)


def ask(work: Work, cause: Cause) -> Training:
    """Have a model taught soon, by a worker; the one under way where there is one.

    One that has begun has read the dictionary already: a change of that asks for another.
    """
    running = under_way(work)
    if running is not None and (running.started_at is None or cause is not Cause.DICTIONARY):
        return running
    training = enter(work, cause)
    work.session.add(OutboxMessage(kind=TEACH, payload={"training": training.id}))
    return training


def enter(work: Work, cause: Cause) -> Training:
    training = Training(cause=cause, asked_at=work.now, asked_by_id=work.actor.user_id)
    work.session.add(training)
    work.session.flush()
    return training


def under_way(work: Work) -> Training | None:
    """The training that has been asked for and has not ended, or None. One query."""
    open_ = (
        select(Training)
        .where(Training.ended_at.is_(None), Training.asked_at > work.now - GIVEN_UP)
        .order_by(Training.id.desc())
        .limit(1)
    )
    return work.session.scalar(open_)


def recent(work: Work, number: int = 5) -> list[Training]:
    """The last trainings, newest first. One query."""
    return list(work.session.scalars(select(Training).order_by(Training.id.desc()).limit(number)))


def decided(work: Work) -> int:
    """How many labels there are to learn of. One query."""
    return work.session.scalar(select(func.count()).select_from(Lesson).where(Lesson.stands)) or 0


def labelled(work: Work) -> list[tuple[Ticket, str]]:
    """The newest tickets whose category was decided, with it, newest first. One query."""
    decided = (
        select(Ticket, Lesson.category_code)
        .join(Lesson, Lesson.ticket_id == Ticket.id)
        .where(Lesson.stands)
        .order_by(Ticket.logged_at.desc(), Ticket.id.desc())
        .limit(MOST)
    )
    return [(ticket, category) for ticket, category in work.session.execute(decided)]
