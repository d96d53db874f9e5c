"""Register what a caller says (登记), answer it at once, or pass it to whom it belongs."""

import re
from dataclasses import astuple, dataclass, field, replace
from typing import Any

from sqlalchemy import select

import classifier
from hotline import labels
from hotline.cities.rules import TransferKind, TransferMode
from hotline.errors import InvalidInput
from hotline.lifecycle import Action
from hotline.models.ticket import CategorySource, Channel, Closing, Kind, Ticket, Urgency
from hotline.tickets import (
    automatic,
    callers,
    claims,
    deadlines,
    judging,
    lessons,
    merging,
    numbers,
    orders,
    reckoning,
    triage,
)
from hotline.tickets.callers import Identity
from hotline.tickets.ledger import record
from hotline.tickets.promises import SEND_PACKAGE, promise
from hotline.work import Work
from sla.policy import Stage

TITLE_LENGTH = 60
# Control characters but tab and line ends, and lone surrogates.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Call:
    """What the agent has written down of one matter. Only where and what are required.

    `request_key` makes a double submit one ticket. Empty `category` or `area`: the suggestion's. An empty
    `address` without an area: the place that the story names. `caller_id`: who is known already, instead of
    an identity. `split_from`: the number of the ticket whose text this is a part of.
    """

    request_key: str
    content: str
    address: str
    channel: Channel = Channel.PHONE
    kind: Kind = Kind.HELP
    urgency: Urgency = Urgency.NORMAL
    title: str = ""
    category: str | None = None
    area: str | None = None
    occurred: str = ""
    subject: str = ""
    wish: str = ""
    identity: Identity = field(default=Identity(None, None))
    anonymous: bool = False
    confidential: bool = False
    enterprise: bool = False
    call_id: str | None = None
    caller_id: int | None = None
    split_from: str = ""


@dataclass(frozen=True)
class Logged:
    """A registered ticket. `code` is shown once and stored only hashed; None when it stood already."""

    ticket: Ticket
    code: str | None
    triage: triage.Triage | None


def log(work: Work, call: Call, *, auto_lane: bool = True) -> Logged:
    """Register `call`; with `auto_lane` it is dispatched at once when the city's auto lane takes it.

    The same `request_key` again returns the ticket that stands. Raises InvalidInput.
    """
    if (standing := _standing(work, call.request_key)) is not None:
        return Logged(standing, None, None)
    call = _placed(work, _readable(call))
    _require_sound(work, call)
    view = triage.suggest(
        work, f"{call.title}\n{call.content}", call.address, category=call.category, area=call.area
    )
    # The number comes first: it makes a double submit, and a second call by one caller, wait their turn.
    number = numbers.next_number(work)
    if (standing := _standing(work, call.request_key)) is not None:
        return Logged(standing, None, None)
    ticket, code = _new_ticket(work, call, view, number)
    source: dict[str, Any] = {"split_from": call.split_from} if call.split_from else {}
    record(
        work,
        ticket,
        Action.LOG,
        channel=call.channel,
        category=ticket.category_code,
        category_source=ticket.category_source,
        confidence=round(view.confidence, 4),
        suggested=[[one.code, round(one.probability, 4)] for one in view.suggestion.categories[:3]],
        **source,
    )
    deadlines.open_stage(work, ticket, Stage.DISPATCH)
    judgement = None if work.silent else judging.judge(work, ticket, view)
    if auto_lane:
        automatic.attempt(work, ticket, view, judgement)
    return Logged(ticket, code, view)


def _standing(work: Work, request_key: str) -> Ticket | None:
    return work.session.scalar(select(Ticket).where(Ticket.request_key == request_key))


def readable(text: str) -> str:
    """Return `text` without control characters: PostgreSQL refuses NUL, and nobody can read the rest."""
    return _UNREADABLE.sub("", text)


def _readable(call: Call) -> Call:
    return replace(
        call,
        content=readable(call.content),
        address=readable(call.address),
        title=readable(call.title),
        occurred=readable(call.occurred),
        subject=readable(call.subject),
        wish=readable(call.wish),
        identity=Identity(*(text and readable(text) for text in astuple(call.identity))),
    )


def place_in(work: Work, story: str) -> str:
    """Return the words of `story` that name a place of the city, empty when it names none below the city."""
    found = work.city.gazetteer.find(classifier.normalise(story))
    named = found and (found.alternatives or found.area != work.city.gazetteer.city)
    return found.matched if found and named else ""


def _placed(work: Work, call: Call) -> Call:
    """Take the place from the story where the field for it was left empty."""
    if call.address.strip() or call.area is not None:
        return call
    return replace(call, address=place_in(work, f"{call.title}\n{call.content}"))


def _require_sound(work: Work, call: Call) -> None:
    problems = {}
    if not call.content.strip():
        problems["content"] = "missing"
    if not call.address.strip() and call.area is None:
        problems["address"] = "missing_where"
    if call.category is not None and call.category not in work.city.taxonomy:
        problems["category"] = "unknown_category"
    if call.area is not None and call.area not in work.city.gazetteer:
        problems["area"] = "unknown_area"
    if problems:
        raise InvalidInput(problems)


def _new_ticket(work: Work, call: Call, view: triage.Triage, number: str) -> tuple[Ticket, str]:
    caller_id = call.caller_id or _remembered(work, call)
    code = numbers.new_code()
    ticket = Ticket(
        number=number,
        request_key=call.request_key,
        retrieval_hash=numbers.hash_code(work, number, code),
        kind=call.kind,
        urgency=call.urgency,
        channel=call.channel,
        title=title_of(call),
        content=call.content.strip(),
        wish=call.wish.strip(),
        occurred=call.occurred.strip(),
        subject=call.subject.strip(),
        address=call.address.strip(),
        area_code=call.area or (view.place.area.code if view.place else None),
        category_code=call.category or view.category,
        category_source=CategorySource.PERSON if call.category else view.source,
        risks=list(view.suggestion.risks),
        caller_id=caller_id,
        anonymous=call.anonymous,
        enterprise=call.enterprise,
        # A report is always kept confidential (举报保密): who wrote it may not think of asking.
        confidential=call.confidential or call.kind is Kind.REPORT,
        call_id=call.call_id,
        logged_at=work.now,
        logged_by_id=work.actor.user_id,
    )
    return ticket, code


def _remembered(work: Work, call: Call) -> int:
    identity = Identity(None, None) if call.anonymous else call.identity
    caller = callers.remember(work, identity, enterprise=call.enterprise)
    work.session.flush()
    return caller.id


def title_of(call: Call) -> str:
    """Return the title given, else the first sentence of the content, cut to what a list shows."""
    text = " ".join((call.title or call.content).split())
    if not call.title:
        ends = [at for at in (text.find(mark) for mark in "。！？；!?;") if at > 0]
        text = text[: min(ends)] if ends else text
    return text if len(text) <= TITLE_LENGTH else text[: TITLE_LENGTH - 1] + "…"


def answer(work: Work, ticket: Ticket, text: str, *, source: str = "") -> None:
    """Answer on the line (直接答复), with the text or article that answered; the ticket is closed."""
    if not text.strip():
        raise InvalidInput({"answer": "missing"})
    claims.heed(work, ticket, Action.ANSWER)
    record(work, ticket, Action.ANSWER, answer=text.strip(), source=source.strip())
    _leave_desk(work, ticket)
    ticket.answer = text.strip()
    ticket.closing = Closing.ANSWERED
    ticket.closed_at = work.now
    merging.tell_children(work, ticket)


def transfer(
    work: Work, ticket: Ticket, target: str, mode: str, note: str = "", *, consent: bool = False
) -> None:
    """Pass it to whom it belongs (转其他渠道): `target` of the city's list, `mode` one of its modes.

    What was read out to the caller goes on the record by its version. `consent`: the caller agreed that his
    name and number go to another hotline with it.
    """
    known = work.city.transfers
    problems = {}
    if target not in known:
        problems["target"] = "unknown_target"
    elif mode not in known[target].modes:
        problems["mode"] = "unknown_mode"
    if problems:
        raise InvalidInput(problems)
    claims.heed(work, ticket, Action.TRANSFER)
    told = known[target]
    read: dict[str, Any] = {"advice": told.advice_version} if told.advice else {}
    agreed: dict[str, Any] = {"consent": True} if consent and told.kind is TransferKind.CITY else {}
    record(work, ticket, Action.TRANSFER, target=target, mode=mode, note=note.strip(), **read, **agreed)
    if told.exchange and mode == TransferMode.TICKET and not work.silent:
        work.session.add(promise(SEND_PACKAGE, ticket, Action.TRANSFER))
    _leave_desk(work, ticket)
    ticket.closed_at = work.now
    merging.release_children(work, ticket, reason=labels.PARENT_TRANSFERRED)


def _leave_desk(work: Work, ticket: Ticket) -> None:
    deadlines.settle(work, ticket, Stage.DISPATCH)
    # After a granted return the resolve clock of the department still ran.
    deadlines.cancel(work, ticket)
    orders.lapse(work, ticket)


@dataclass(frozen=True)
class Amendment:
    """What may be put right after registration; None leaves a field as it is.

    The caller's words are never rewritten: `addition` is appended, dated (补正).
    """

    kind: Kind | None = None
    urgency: Urgency | None = None
    category: str | None = None
    area: str | None = None
    address: str | None = None
    addition: str = ""


def amend(work: Work, ticket: Ticket, change: Amendment, *, reason: str) -> None:
    """Put facts right, with the reason; what changed from what to what goes on the record."""
    _require_known(work, change)
    fields = {
        "kind": change.kind,
        "urgency": change.urgency,
        "category_code": change.category,
        "area_code": change.area,
        "address": change.address,
    }
    changed = {
        name: [getattr(ticket, name), value]
        for name, value in fields.items()
        if value is not None and value != getattr(ticket, name)
    }
    if not changed and not change.addition.strip():
        raise InvalidInput({"reason": "nothing_changed"})
    claims.heed(work, ticket, Action.AMEND)
    record(
        work, ticket, Action.AMEND, changed=changed, addition=change.addition.strip(), reason=reason.strip()
    )
    for name, (_, value) in changed.items():
        setattr(ticket, name, value)
    if "category_code" in changed:
        ticket.category_source = CategorySource.PERSON
        if ticket.lead_code is not None:
            lessons.learn(work, ticket)
    if ticket.kind is Kind.REPORT:
        ticket.confidential = True
    reckoning.follow_facts(work, ticket)


def _require_known(work: Work, change: Amendment) -> None:
    problems = {}
    if change.category is not None and change.category not in work.city.taxonomy:
        problems["category"] = "unknown_category"
    if change.area is not None and change.area not in work.city.gazetteer:
        problems["area"] = "unknown_area"
    if problems:
        raise InvalidInput(problems)
