"""Keep what people decide as labels: the model learns of them, and its judgements are held against them."""

from sqlalchemy import select, update

from hotline.models.judgement import Judgement
from hotline.models.lesson import Lesson, Misled
from hotline.models.ticket import Ticket
from hotline.tickets import lanes
from hotline.work import Work


def learn(work: Work, ticket: Ticket, *, misled: Misled | None = None) -> None:
    """Keep the category and department as they stand now; what an earlier dispatch said is overruled.

    `misled`: what had spoken for another decision. Nothing to keep without a category. The lane of the
    category that had been suggested is weighed anew: a wrong one may close it at once.
    """
    if ticket.category_code is None or ticket.lead_code is None:
        return
    work.session.execute(
        update(Lesson).where(Lesson.ticket_id == ticket.id, Lesson.stands).values(stands=False)
    )
    work.session.add(
        Lesson(
            ticket_id=ticket.id,
            hop=ticket.hop,
            at=work.now,
            by_id=work.actor.user_id,
            category_code=ticket.category_code,
            lead_code=ticket.lead_code,
            misled=misled,
        )
    )
    work.session.flush()
    model = work.city.classifier
    judged = work.session.get(Judgement, (ticket.id, model.version)) if model else None
    if judged and judged.eligible and judged.category_code:
        lanes.reckon(work, judged.category_code)


def confirm(work: Work, ticket: Ticket) -> None:
    """The department takes on what went by the auto lane: nobody had decided this dispatch before."""
    decided = select(Lesson.id).where(Lesson.ticket_id == ticket.id, Lesson.hop == ticket.hop).limit(1)
    if work.session.scalar(decided) is None:
        learn(work, ticket)
