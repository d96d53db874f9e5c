"""Replay a ledger: what each action made of its ticket, one function for each. Only entries are read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from hotline.lifecycle import Action, Status
from hotline.models.application import ApplicationKind, ApplicationState
from hotline.models.assignment import Ending, Part
from hotline.models.deadline import DeadlineOutcome
from hotline.models.ticket import CategorySource, Closing, Kind
from hotline.tickets.deadlines import DEPARTMENT_STAGES, HELP_STAGES
from hotline.tickets.proof import applications, helpers, orders
from hotline.tickets.proof.story import Attempt, Held, Kept, Row, Story
from hotline.tickets.timeline import Entry
from sla.alerts import Level
from sla.policy import Stage


def replay(ledger: Sequence[Entry]) -> Story:
    """Return what the rows must say after a whole ledger, which the lifecycle allows."""
    *_, (_, story) = stages(ledger)
    return story


def stages(ledger: Sequence[Entry]) -> Iterator[tuple[Entry, Story]]:
    """Yield each entry with the story so far: one story, told on."""
    story = Story(registered(ledger))
    for entry in ledger:
        happen(story, entry)
        yield entry, story


def registered(ledger: Sequence[Entry]) -> Row:
    """Return the row of the ticket as its first entry made it."""
    first = ledger[0]
    return Row(
        **first.details["registered"],
        logged_at=first.at,
        logged_by_id=first.actor_id,
        changed_at=ledger[-1].at,
    )


def happen(story: Story, entry: Entry) -> None:
    """Let one entry change the story."""
    _MADE[entry.action](story, entry)


def _log(story: Story, entry: Entry) -> None:
    story.start(entry, Stage.DISPATCH)


def _amend(story: Story, entry: Entry) -> None:
    changed = entry.details["changed"]
    for name, (_, value) in changed.items():
        setattr(story.row, name, value)
    if "category_code" in changed:
        story.row.category_source = CategorySource.PERSON
    story.row.confidential |= story.row.kind == Kind.REPORT


def _reckon(story: Story, entry: Entry) -> None:
    """After the calendar changed clocks move; after the facts changed others stand in their place."""
    running = {clock.key: clock for clock in story.running()}
    for key, (_, allowance) in entry.details.get("allowances", {}).items():
        old = running[key]
        old.end(entry, DeadlineOutcome.CANCELLED)
        if allowance:
            began = datetime.fromisoformat(entry.details["since"][key])
            rule, policy = entry.details["under"]
            story.add(old.stage, Kept(began, allowance, rule, policy), old.department_code, old.held)
            story.clocks[-1].extension = old.extension


def _answer(story: Story, entry: Entry) -> None:
    _leave_desk(story, entry)
    story.row.answer = entry.details["answer"]
    story.row.closing = Closing.ANSWERED


def _leave_desk(story: Story, entry: Entry) -> None:
    story.settle(entry, Stage.DISPATCH)
    story.cancel(entry)
    orders.lapse(story, entry)
    story.row.closed_at = entry.at


def _merge(story: Story, entry: Entry) -> None:
    story.row.parent_id = entry.details["parent"]
    story.lapse(entry)
    story.cancel(entry, outcome=DeadlineOutcome.MERGED)


def _unmerge(story: Story, entry: Entry) -> None:
    story.row.parent_id = None
    for clock in story.clocks:
        if clock.outcome is DeadlineOutcome.MERGED:
            clock.run_on()


def _split(story: Story, entry: Entry) -> None:
    story.row.call_id = entry.details["call"]
    _, story.row.own_until = entry.details["kept"]


def _withdraw(story: Story, entry: Entry) -> None:
    story.lapse(entry)
    orders.lapse(story, entry)
    story.end_parts(entry)
    story.cancel(entry)
    story.row.resume_on = None
    story.row.closed_at = entry.at


def _urge(story: Story, entry: Entry) -> None:
    story.row.urged += 1


def _dispatch(story: Story, entry: Entry) -> None:
    until = entry.details.get("recall_until")
    story.row.recall_until = datetime.fromisoformat(until) if until else None
    story.before_dispatch = frozenset(clock.key for clock in story.running())
    story.row.hop += 1
    story.settle(entry, Stage.DISPATCH)
    _hand_to(story, entry, entry.details["department"], entry.details["assisting"])


def _hand_to(story: Story, entry: Entry, department: str, assisting: Sequence[str] = ()) -> Held:
    story.row.lead_code = department
    story.end_parts(entry)
    lead = story.hold(entry, department, Part.LEAD)
    story.start(entry, Stage.ACCEPT, lead)
    _start_contact(story, entry, lead)
    _start_resolve(story, entry, lead)
    for helper in [story.hold(entry, code, Part.ASSISTING) for code in assisting]:
        story.start(entry, Stage.ASSIST, helper)
    return lead


def _start_contact(story: Story, entry: Entry, held: Held) -> None:
    if not (story.row.anonymous or story.row.confidential):
        story.start(entry, Stage.CONTACT, held)


def _start_resolve(story: Story, entry: Entry, lead: Held | None) -> None:
    """After a return it runs on from before, and is the new department's."""
    if not story.running(Stage.RESOLVE):
        story.start(entry, Stage.RESOLVE, lead)
    story.belong_to(story.row.lead_code)


def _recall(story: Story, entry: Entry) -> None:
    """What the dispatch started is over, what it settled runs on."""
    story.end_parts(entry, Ending.UNSENT)
    for clock in story.clocks:
        if clock.key not in story.before_dispatch:
            if not clock.settled_at and clock.stage in DEPARTMENT_STAGES:
                clock.end(entry, DeadlineOutcome.CANCELLED)
        elif clock.stage is Stage.DISPATCH:
            clock.run_on()
        elif clock.stage is Stage.RESOLVE:
            clock.department_code = None
    story.row.lead_code = story.row.recall_until = None
    story.row.hop -= 1


def _grant_return(story: Story, entry: Entry) -> None:
    applications.decide(story, entry, ApplicationState.GRANTED)
    story.lapse(entry)
    story.end_parts(entry)
    story.row.lead_code = None
    story.belong_to(None)
    story.cancel(entry, Stage.ACCEPT, Stage.CONTACT, *HELP_STAGES)
    story.start(entry, Stage.DISPATCH)


def _open_dispute(story: Story, entry: Entry) -> None:
    story.lapse(entry)
    story.cancel(entry, Stage.DISPATCH, Stage.ACCEPT, Stage.CONTACT)
    story.belong_to(None)


def _name_provisional(story: Story, entry: Entry) -> None:
    if standing := story.newest(Part.PROVISIONAL):
        standing.ended_at = entry.at
    named = story.hold(entry, entry.details["department"], Part.PROVISIONAL)
    story.belong_to(named.department_code)
    story.cancel(entry, Stage.CONTACT)
    _start_contact(story, entry, named)


def _convene(story: Story, entry: Entry) -> None:
    for code in entry.details["units"]:
        if not story.newest(Part.CONVENED, code):
            story.hold(entry, code, Part.CONVENED)


def _give_opinion(story: Story, entry: Entry) -> None:
    if part := story.newest(Part.CONVENED, entry.details["unit"]):
        part.answered_at = entry.at


def _designate(story: Story, entry: Entry) -> None:
    department, provisional = entry.details["department"], story.newest(Part.PROVISIONAL)
    story.cancel(entry, Stage.ACCEPT, Stage.CONTACT, *HELP_STAGES)
    helpers.let_go(story, entry)
    story.row.hop += department != story.row.lead_code
    story.row.designated = True
    lead = _hand_to(story, entry, department)
    if entry.to_status is Status.ACCEPTED:  # the provisional department goes on
        lead.accepted_at = entry.at
        story.settle(entry, Stage.ACCEPT)
        if provisional and provisional.contacted_at:
            lead.contacted_at = entry.at
            story.settle(entry, Stage.CONTACT)


def _accept(story: Story, entry: Entry) -> None:
    lead = story.newest(Part.LEAD)
    if lead:
        lead.accepted_at = entry.at
    story.settle(entry, Stage.ACCEPT)
    _start_resolve(story, entry, lead)


def _contact(story: Story, entry: Entry) -> None:
    if not entry.details["reached"]:
        return
    for held in _own_parts(story, entry):
        held.contacted_at = held.contacted_at or entry.at
    story.settle(entry, Stage.CONTACT)


def _own_parts(story: Story, entry: Entry) -> list[Held]:
    """Return what the actor's department holds of the ticket as the one that handles it."""
    parts = (Part.LEAD, Part.PROVISIONAL, Part.HANDED)
    held = [story.newest(part, entry.department_code) for part in parts]
    return [one for one in held if one]


def _resolve(story: Story, entry: Entry) -> None:
    story.row.answer = entry.details["answer"]
    story.lapse(entry)
    story.settle(entry, Stage.RESOLVE)
    story.cancel(entry, Stage.CONTACT)
    story.give_up(entry, story.running(*HELP_STAGES))
    for held in story.parts:
        if held.part in (Part.HANDED, Part.WHISTLED):
            held.ended_at = held.ended_at or entry.at
    story.start(entry, Stage.REVIEW)


def _accept_result(story: Story, entry: Entry) -> None:
    story.settle(entry, Stage.REVIEW)
    story.start(entry, Stage.FOLLOW_UP)


def _send_back_result(story: Story, entry: Entry) -> None:
    story.settle(entry, Stage.REVIEW)
    for clock in reversed(story.clocks):
        if (clock.stage, clock.round) == (Stage.RESOLVE, story.row.round):
            clock.run_on()
            break


def _attempt(story: Story, entry: Entry) -> None:
    said = {name: entry.details[name] for name in _ANSWERED}
    story.attempts.append(
        Attempt(
            **said,
            round=story.row.round,
            at=entry.at,
            by_id=entry.actor_id,
            department_code=story.row.lead_code,
        )
    )


_ANSWERED = ("attempt", "via", "reached", "contacted", "solved", "satisfied", "reason", "comment")


def _close(story: Story, entry: Entry) -> None:
    story.row.closing = Closing(entry.details["closing"])
    story.row.closed_at = entry.at
    story.end_parts(entry)
    story.settle(entry, Stage.FOLLOW_UP)


def _begin_round(story: Story, entry: Entry) -> None:
    """Sent back, or opened again."""
    story.lapse(entry)
    story.settle(entry, Stage.FOLLOW_UP)
    story.row.round += 1
    story.row.closing = story.row.closed_at = None
    if story.row.lead_code:
        _hand_to(story, entry, story.row.lead_code)
    else:
        story.start(entry, Stage.DISPATCH)


def _alert(level: Level, story: Story, entry: Entry) -> None:
    for clock in story.running():
        if clock.key == entry.details["clock"]:
            clock.alert_level = level


def _nothing(story: Story, entry: Entry) -> None:
    """It stands in the ledger alone."""


_MADE: Mapping[Action, Callable[[Story, Entry], None]] = {
    Action.LOG: _log,
    Action.AMEND: _amend,
    Action.ANSWER: _answer,
    Action.TRANSFER: _leave_desk,
    Action.MERGE: _merge,
    Action.UNMERGE: _unmerge,
    Action.SPLIT: _split,
    Action.DISPATCH: _dispatch,
    Action.RECALL: _recall,
    Action.ACCEPT: _accept,
    Action.CONTACT: _contact,
    Action.DRAFT_RETURN: applications.draft_return,
    Action.DROP_DRAFT: applications.refuse,
    Action.REQUEST_RETURN: applications.request_return,
    Action.GRANT_RETURN: _grant_return,
    Action.REFUSE_RETURN: applications.refuse,
    Action.OPEN_DISPUTE: _open_dispute,
    Action.NAME_PROVISIONAL: _name_provisional,
    Action.CONVENE: _convene,
    Action.GIVE_OPINION: _give_opinion,
    Action.WRITE_MINUTES: _nothing,
    Action.DESIGNATE: _designate,
    Action.REQUEST_EXTENSION: partial(applications.file, ApplicationKind.EXTENSION),
    Action.GRANT_EXTENSION: applications.grant_extension,
    Action.REFUSE_EXTENSION: applications.refuse,
    Action.REQUEST_SUSPENSION: partial(applications.file, ApplicationKind.SUSPENSION),
    Action.GRANT_SUSPENSION: applications.grant_suspension,
    Action.REFUSE_SUSPENSION: applications.refuse,
    Action.RESUME: applications.resume,
    Action.DEFER: applications.defer,
    Action.WRITE_OFF: applications.resume,
    Action.REQUEST_EXCLUSION: partial(applications.file, ApplicationKind.EXCLUSION),
    Action.GRANT_EXCLUSION: applications.grant_exclusion,
    Action.REFUSE_EXCLUSION: applications.refuse,
    Action.HAND_DOWN: helpers.hand_down,
    Action.GIVE_BACK: partial(helpers.leave, Ending.GIVEN_BACK),
    Action.REPORT_UP: partial(helpers.leave, Ending.REPORTED),
    Action.ASSIST: helpers.assist,
    Action.DECLINE_PART: partial(helpers.end_assisting, Ending.DECLINED),
    Action.ADD_ASSISTING: helpers.add_assisting,
    Action.RELEASE: partial(helpers.end_assisting, Ending.RELEASED),
    Action.WHISTLE: helpers.whistle,
    Action.ARRIVE: helpers.arrive,
    Action.CONFIRM_ARRIVAL: helpers.confirm_arrival,
    Action.DENY_ARRIVAL: helpers.deny_arrival,
    Action.RESOLVE: _resolve,
    Action.SEND_BACK_RESULT: _send_back_result,
    Action.ACCEPT_RESULT: _accept_result,
    Action.ATTEMPT: _attempt,
    Action.CLOSE: _close,
    Action.SEND_BACK: _begin_round,
    Action.REOPEN: _begin_round,
    Action.WITHDRAW: _withdraw,
    Action.URGE: _urge,
    Action.SUPERVISE: orders.issue,
    Action.REPLY_ORDER: orders.reply,
    Action.ACCEPT_REPLY: orders.accept,
    Action.REFUSE_REPLY: orders.refuse,
    Action.CANCEL_ORDER: orders.cancel,
    Action.ESCALATE: orders.escalate,
    Action.NOTE: _nothing,
    Action.REVEAL: _nothing,
    Action.WARN: partial(_alert, Level.YELLOW),
    Action.BREACH: partial(_alert, Level.RED),
    Action.RECKON: _reckon,
}
