"""What ordering, replying and judging the reply made of a ticket (督办单), replayed."""

from hotline.models.supervision_order import OrderState
from hotline.tickets.proof.story import Kept, Ordered, Story
from hotline.tickets.timeline import Entry
from sla.policy import Stage

_WAITS = (OrderState.ISSUED, OrderState.ANSWERED)


def issue(story: Story, entry: Entry) -> None:
    said = entry.details
    order = Ordered(
        nth=said["nth"],
        number=f"{story.row.number}-{said['nth']}",
        level=said["level"],
        round=story.row.round,
        reason=said["reason"],
        text=said["text"],
        department_code=said["department"],
        leader=said["leader"],
        leader_id=said["leader_id"],
        within=said["reply_within"],
        issued_at=entry.at,
        issued_by_id=entry.actor_id,
        escalated_from_id=said.get("escalated"),
    )
    story.orders[said["order"]] = order
    _start_clock(story, entry, order)
    _raise_level(story)


def _start_clock(story: Story, entry: Entry, order: Ordered) -> None:
    if order.within is None:
        return
    terms = Kept(entry.at, order.within, *entry.details["reply_under"])
    story.add(Stage.SUPERVISION, terms, order.department_code, None)
    order.clock = story.clocks[-1].key


def _raise_level(story: Story) -> None:
    standing = [one.level for one in story.orders.values() if one.state is not OrderState.CANCELLED]
    story.row.supervised = max(standing, default=0)


def reply(story: Story, entry: Entry) -> None:
    order = story.orders[entry.details["order"]]
    order.state = OrderState.ANSWERED
    order.reply, order.replied_at, order.replied_by_id = entry.details["text"], entry.at, entry.actor_id
    story.settle(entry, Stage.SUPERVISION)


def accept(story: Story, entry: Entry) -> None:
    _decide(story, entry, entry.details["order"], OrderState.ACCEPTED)


def refuse(story: Story, entry: Entry) -> None:
    order = _decide(story, entry, entry.details["order"], OrderState.ISSUED)
    order.refused += 1
    _start_clock(story, entry, order)


def cancel(story: Story, entry: Entry) -> None:
    _decide(story, entry, entry.details["order"], OrderState.CANCELLED)
    story.cancel(entry, Stage.SUPERVISION)
    _raise_level(story)


def escalate(story: Story, entry: Entry) -> None:
    _decide(story, entry, entry.details["escalated"], OrderState.ESCALATED)
    story.give_up(entry, story.running(Stage.SUPERVISION))
    issue(story, entry)


def lapse(story: Story, entry: Entry) -> None:
    for order in story.orders.values():
        if order.state in _WAITS:
            order.state, order.decided_at = OrderState.LAPSED, entry.at


def _decide(story: Story, entry: Entry, key: int, state: OrderState) -> Ordered:
    order = story.orders[key]
    order.state, order.verdict = state, entry.details["text"]
    order.decided_at, order.decided_by_id = entry.at, entry.actor_id
    return order
