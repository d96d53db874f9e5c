"""What asking and deciding made of a ticket, replayed."""

from datetime import date

from hotline.models.application import ApplicationKind, ApplicationState
from hotline.models.assignment import Part
from hotline.tickets.proof.story import Asked, Story
from hotline.tickets.timeline import Entry
from sla.allowance import parse as parse_allowance
from sla.policy import Stage


def file(kind: ApplicationKind, story: Story, entry: Entry) -> None:
    said = entry.details
    until = said.get("until")
    story.applications[said["application"]] = Asked(
        kind=kind,
        round=story.row.round,
        department_code=entry.department_code,
        reason=said["reason"],
        basis=said.get("basis", "").strip(),
        text=said["text"].strip(),
        suggested_code=said.get("suggested"),
        amount=said.get("amount"),
        until=date.fromisoformat(until) if until else None,
        asked_at=entry.at,
        asked_by_id=entry.actor_id,
        evidence=said.get("evidence", ""),
        entry=said.get("entry"),
    )


def draft_return(story: Story, entry: Entry) -> None:
    """A later draft takes the place of the one before."""
    file(ApplicationKind.RETURN_DRAFT, story, entry)
    if before := entry.details["before"]:
        _close(story.applications[before], entry, ApplicationState.REFUSED, "")


def request_return(story: Story, entry: Entry) -> None:
    """The leader signs what a handler had drafted, or asks of himself."""
    file(ApplicationKind.RETURN, story, entry)
    lead = story.newest(Part.LEAD)
    story.applications[entry.details["application"]].dispatched_by_id = lead.assigned_by_id if lead else None
    if draft := entry.details["draft"]:
        _close(story.applications[draft], entry, ApplicationState.GRANTED, "")


def decide(story: Story, entry: Entry, state: ApplicationState) -> None:
    _close(story.applications[entry.details["application"]], entry, state, entry.details["text"])


def _close(asked: Asked, entry: Entry, state: ApplicationState, text: str) -> None:
    asked.state, asked.decision = state, text
    asked.decided_at, asked.decided_by_id = entry.at, entry.actor_id


def refuse(story: Story, entry: Entry) -> None:
    decide(story, entry, ApplicationState.REFUSED)


def grant_extension(story: Story, entry: Entry) -> None:
    decide(story, entry, ApplicationState.GRANTED)
    more = parse_allowance(entry.details["amount"])
    for clock in story.running(Stage.RESOLVE):
        clock.extend(more)


def grant_suspension(story: Story, entry: Entry) -> None:
    decide(story, entry, ApplicationState.GRANTED)
    story.row.resume_on = date.fromisoformat(entry.details["until"])


def defer(story: Story, entry: Entry) -> None:
    story.lapse(entry)
    story.row.resume_on = date.fromisoformat(entry.details["review_on"])


def resume(story: Story, entry: Entry) -> None:
    story.row.resume_on = None


def grant_exclusion(story: Story, entry: Entry) -> None:
    if entry.details["final"]:
        decide(story, entry, ApplicationState.GRANTED)
    else:
        asked = story.applications[entry.details["application"]]
        asked.state, asked.seconded_by_id = ApplicationState.SECONDED, entry.actor_id
