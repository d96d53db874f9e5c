"""A wait for the caller that a week of holidays falls into."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hotline.lifecycle import Action, Status
from hotline.tickets import suspension
from hotline.work import SYSTEM, Work
from sla.policy import Stage
from tests.builders import HANDLER, REVIEWER, a_contacted_ticket
from tests.journeys.conftest import Story

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=SHANGHAI)  # type: ignore[arg-type,misc]


def test_a_suspension_over_the_national_day_gives_back_only_the_working_time_it_took(
    work: Work, story: Story
) -> None:
    story.work = replace(work, now=shanghai(2026, 9, 28, 10))
    ticket = a_contacted_ticket(story.work)
    # 7 workdays after Monday: Tuesday and Wednesday, then 8, 9, the makeup Saturday 10, 12, 13 October.
    assert story.clock(ticket, Stage.RESOLVE).due_at == shanghai(2026, 10, 13, 18)

    story.go_to(shanghai(2026, 9, 29, 10))
    suspension.request_suspension(
        story.by(HANDLER), ticket, reason="caller_material", text="等待产权证明", until=date(2026, 10, 8)
    )
    suspension.decide_suspension(story.by(REVIEWER), ticket, granted=True, text="")
    assert (ticket.status, ticket.next_due_at) == (Status.SUSPENDED, None)

    story.go_to(shanghai(2026, 10, 7, 23, 59))
    assert suspension.due_resumes(story.by(SYSTEM)) == []
    story.go_to(shanghai(2026, 10, 8, 0, 1))
    for ticket_id in suspension.due_resumes(story.by(SYSTEM)):
        suspension.resume_when_due(story.by(SYSTEM), ticket_id)

    assert ticket.status is Status.ACCEPTED
    # Taken: 6 hours of the 29th and 7 of the 30th; the holidays cost nothing. 7 + 6 after the 13th.
    assert story.clock(ticket, Stage.RESOLVE).due_at == shanghai(2026, 10, 15, 17)
    assert Action.BREACH not in story.actions(ticket)
