"""What handing down, assisting and whistling made of a ticket, replayed."""

from datetime import datetime

from hotline.lifecycle import Status
from hotline.models.assignment import Ending, Part
from hotline.tickets.proof.story import Held, Story, Timed
from hotline.tickets.timeline import Entry
from sla.policy import Stage

_HANDLES = (Part.LEAD, Part.PROVISIONAL, Part.HANDED)


def hand_down(story: Story, entry: Entry) -> None:
    """What stood below the actor's department ends; who is below now has it from there."""
    mine, to = entry.department_code, entry.details.get("department")
    chain = [one for one in story.parts if one.part is Part.HANDED and one.ended_at is None]
    if entry.to_status is Status.DISPUTED:  # only words go down, and what is below the lead rests
        chain = []
    places = [one.department_code for one in chain]
    recalled = chain[places.index(mine) + 1 :] if mine in places else chain
    for held in recalled:
        held.ended_at, held.ending = entry.at, Ending.RECALLED
    _call_off(story, entry, {held.department_code for held in recalled})
    for part in _HANDLES:
        if own := story.newest(part, mine):
            own.handed_to = entry.details["to"] or None
    if to:
        story.hold(entry, to, Part.HANDED).from_code = mine


def leave(ending: Ending, story: Story, entry: Entry) -> None:
    """Who had it from above gives it back, or reports its result."""
    if held := story.newest(Part.HANDED, entry.department_code):
        held.ended_at, held.ending = entry.at, ending
        held.answered_at = entry.at if ending is Ending.REPORTED else held.answered_at
        _call_off(story, entry, {held.department_code})


def assist(story: Story, entry: Entry) -> None:
    part = story.newest(Part.ASSISTING, entry.department_code)
    for clock in _clocks_of(story, Stage.ASSIST, part):
        clock.end(entry)
    if part:
        part.answered_at = entry.at


def end_assisting(ending: Ending, story: Story, entry: Entry) -> None:
    """It was not its duty, or the lead let it go."""
    code = entry.department_code if ending is Ending.DECLINED else entry.details["department"]
    part = story.newest(Part.ASSISTING, code)
    story.give_up(entry, _clocks_of(story, Stage.ASSIST, part))
    if part:
        part.ended_at, part.ending = entry.at, ending


def let_go(story: Story, entry: Entry) -> None:
    """A ruling says anew who has to do with it: no opinion of this dispatch is owed any more."""
    here = (story.row.round, story.row.hop)
    for held in story.parts:
        is_asked = held.part is Part.ASSISTING and (held.round, held.hop) == here
        if is_asked and held.ended_at is None and held.answered_at is None:
            held.ended_at, held.ending = entry.at, Ending.RELEASED


def add_assisting(story: Story, entry: Entry) -> None:
    part = story.hold(entry, entry.details["department"], Part.ASSISTING)
    part.from_code = entry.department_code
    story.start(entry, Stage.ASSIST, part)


def whistle(story: Story, entry: Entry) -> None:
    for code in entry.details["called"]:
        part = story.hold(entry, code, Part.WHISTLED)
        part.from_code = entry.department_code
        if terms := story.within(entry):
            story.add(Stage.ARRIVE, terms, code, part)


def arrive(story: Story, entry: Entry) -> None:
    came = datetime.fromisoformat(entry.details["arrived_at"])
    part = story.newest(Part.WHISTLED, entry.department_code)
    for clock in _clocks_of(story, Stage.ARRIVE, part):
        clock.end(entry, at=came)
    if part:
        part.arrived_at = came


def confirm_arrival(story: Story, entry: Entry) -> None:
    if part := story.newest(Part.WHISTLED, entry.details["department"]):
        part.confirmed_at = entry.at


def deny_arrival(story: Story, entry: Entry) -> None:
    """It had not come after all: the clock runs on."""
    part = story.newest(Part.WHISTLED, entry.details["department"])
    if part is None:
        return
    part.arrived_at = None
    part.denied += 1
    for clock in reversed(story.clocks):
        if clock.held is part and clock.stage is Stage.ARRIVE:
            clock.run_on()
            break


def _call_off(story: Story, entry: Entry, callers: set[str]) -> None:
    """Whoever they called to the spot is awaited there no more."""
    for held in story.parts:
        if held.part is Part.WHISTLED and held.ended_at is None and held.from_code in callers:
            held.ended_at = entry.at
            story.give_up(entry, _clocks_of(story, Stage.ARRIVE, held))


def _clocks_of(story: Story, stage: Stage, part: Held | None) -> list[Timed]:
    return [clock for clock in story.running(stage) if part and clock.held is part]
