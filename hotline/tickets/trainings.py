"""Asking for a new model, and following how far its training is."""

from datetime import timedelta

from sqlalchemy import Select, func, select

from hotline.db import insert_into
from hotline.models.lesson import Lesson
from hotline.models.mark import Mark
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.models.version import Cause, Training
from hotline.tickets.promises import TEACH
from hotline.work import Work

# The newest labels: older ones teach how things were done once.
MOST = 20_000
# A training whose worker was lost is offered again within two hours; one this old will not end any more.
GIVEN_UP = timedelta(hours=4)
_TURN = "training"


def ask(work: Work, cause: Cause) -> Training:
    """Have a model taught soon, by a worker; the one under way where there is one.

    One that has begun has read the dictionary already: a change of that asks for another.
    """
    _take_turns(work)
    running = under_way(work)
    if running is not None and (running.started_at is None or cause is not Cause.DICTIONARY):
        return running
    training = enter(work, cause)
    work.session.add(OutboxMessage(kind=TEACH, payload={"training": training.id}))
    return training


def _take_turns(work: Work) -> None:
    """Wait for whoever else asks, until the end of the transaction."""
    new = insert_into(work.session, Mark).values(name=_TURN, value="")
    work.session.execute(new.on_conflict_do_nothing())
    work.session.execute(select(Mark).where(Mark.name == _TURN).with_for_update())


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
    return work.session.scalar(select(func.count()).select_from(_labels().subquery())) or 0


def labelled(work: Work) -> list[tuple[Ticket, str]]:
    """The newest tickets whose category was decided, with it, newest first. One query."""
    newest = _labels().order_by(Ticket.logged_at.desc(), Ticket.id.desc()).limit(MOST)
    return [(row[0], row[1]) for row in work.session.execute(newest)]


def _labels() -> Select[Ticket, str]:
    """What was decided and not refuted; who reported what is nobody's example (举报保密)."""
    return (
        select(Ticket, Lesson.category_code)
        .join(Lesson, Lesson.ticket_id == Ticket.id)
        .where(Lesson.stands, Lesson.lead_code.is_not(None), ~Ticket.confidential)
    )
