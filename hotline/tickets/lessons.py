"""Keep what people decide as labels: the model learns of them, and its judgements are held against them."""

from datetime import datetime

from sqlalchemy import select, update

from hotline.models.judgement import Judgement
from hotline.models.lesson import Lesson, Misled
from hotline.models.ticket import Ticket
from hotline.tickets import lanes
from hotline.work import Work


def learn(work: Work, ticket: Ticket, *, misled: Misled | None = None) -> None:
    """Keep the category and department as they stand now; what was decided before is overruled.

    `misled`: what had spoken for another decision. Nothing to keep without a category.
    """
    _decide(work, ticket, ticket.lead_code, misled)


def confirm(work: Work, ticket: Ticket) -> None:
    """The department takes on what went by the auto lane: nobody had decided this dispatch before."""
    decided = select(Lesson.id).where(Lesson.ticket_id == ticket.id, Lesson.hop == ticket.hop).limit(1)
    if work.session.scalar(decided) is None:
        learn(work, ticket)


def refute(work: Work, ticket: Ticket) -> None:
    """A return was granted: whose it is, is open again, and whoever named that department was wrong."""
    _decide(work, ticket, None, None)


def forget(work: Work, ticket: Ticket, *, at: datetime) -> None:
    """What was decided `at` that moment is taken back: nothing is learnt of it, the one before stands again.

    A lane that it closed is weighed anew.
    """
    kept = select(Lesson).where(Lesson.ticket_id == ticket.id).order_by(Lesson.id.desc()).limit(2)
    lessons = list(work.session.scalars(kept))
    if not lessons or lessons[0].at != at:
        return
    category = lessons[0].category_code
    work.session.delete(lessons[0])
    for earlier in lessons[1:]:
        earlier.stands = True
    work.session.flush()
    lanes.reopen_if_closed(work, category, at=at)


def _decide(work: Work, ticket: Ticket, lead: str | None, misled: Misled | None) -> None:
    if ticket.category_code is None:
        return
    work.session.execute(
        update(Lesson).where(Lesson.ticket_id == ticket.id, Lesson.stands).values(stands=False)
    )
    lesson = Lesson(
        ticket_id=ticket.id,
        hop=ticket.hop,
        at=work.now,
        by_id=work.actor.user_id,
        category_code=ticket.category_code,
        lead_code=lead,
        misled=misled,
    )
    work.session.add(lesson)
    work.session.flush()
    _close_what_it_breaks(work, lesson)


def _close_what_it_breaks(work: Work, lesson: Lesson) -> None:
    model = work.city.classifier
    judged = work.session.get(Judgement, (lesson.ticket_id, model.version)) if model else None
    if judged is None or not judged.eligible or judged.category_code is None:
        return
    if (lesson.category_code, lesson.lead_code) != (judged.category_code, judged.lead_code):
        lanes.close_if_broken(work, judged.category_code)
