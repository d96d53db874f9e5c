"""Several matters in one call (拆单): where the text would be cut, and one ticket for each part of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import classifier
from classifier import Matter, Scored, Span
from hotline import labels
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Status
from hotline.models.ticket import Kind, Ticket
from hotline.tickets import claims, intake, timeline, triage
from hotline.tickets.intake import Amendment, Call, Logged
from hotline.tickets.ledger import record, require
from hotline.work import Work

# More tickets of one call are a mistake of the hand.
MOST = 6


@dataclass(frozen=True)
class Part:
    """One matter of a text: its place there, what it is about, and whose it would be.

    `owner`: the code of the lead, or of the channel (转办去向) that its category belongs to.
    """

    span: Span
    category: str
    probability: float
    owner: str


def parts_of(work: Work, text: str, address: str = "") -> tuple[Part, ...]:
    """Return the parts of `text`, which cover it in order; none unless it clearly holds two matters.

    Two matters are of different branches of the taxonomy, and the catalogue sends them to different owners.
    Without a model nothing is clear. Milliseconds, no query.
    """
    city = work.city
    if city.classifier is None:
        return ()
    model = city.classifier

    def judge(texts: Sequence[str]) -> list[tuple[Scored, ...]]:
        found = model.predict(texts, top=len(city.taxonomy))
        return [tuple(one for one in scored if one.code in city.taxonomy) for scored in found]

    def apart(one: Matter, other: Matter) -> bool:
        owners = {_owner(work, text, address, matter) for matter in (one, other)}
        branches = {city.taxonomy.lineage(matter.category)[0] for matter in (one, other)}
        return len(branches) == len(owners) == 2 and None not in owners

    return tuple(
        Part(matter.span, matter.category, matter.probability, _owner(work, text, address, matter) or "")
        for matter in classifier.find_matters(text, judge, apart=apart)
    )


def _owner(work: Work, text: str, address: str, matter: Matter) -> str | None:
    """Return who would lead a part. Where it names no place, it happened where the rest of the call did."""
    for channel in work.city.transfers.values():
        if matter.category in channel.categories:
            return channel.code
    words = classifier.normalise(matter.span.of(text))
    where = classifier.normalise(address)
    place = work.city.gazetteer.locate("", words) or work.city.gazetteer.locate(
        where, classifier.normalise(text)
    )
    area = place.area.code if place else None
    return triage.decide(work, matter.category, area, f"{where} {words}").lead


def log_parts(work: Work, call: Call, parts: Sequence[Part], *, kind: Kind | None = None) -> list[Logged]:
    """Register one call as a ticket for each of `parts`, which cover its content.

    All have the caller, the channel and `call_id`; each its own words, category, place, clocks, number and
    code. `kind`: what the agent chose for all of them. The same `request_key` again returns those that stand.
    """
    _require_whole(call.content, Span(0, len(call.content)), [part.span for part in parts])
    calls = [_call_of(work, call, parts, at, kind) for at in range(len(parts))]
    return [intake.log(work, one) for one in calls]


def _call_of(work: Work, call: Call, parts: Sequence[Part], at: int, kind: Kind | None) -> Call:
    part = parts[at]
    words = part.span.of(call.content)
    own_place = intake.place_in(work, words)
    # What a person chose for the call is of the part that it fits, else of the first.
    fits = next((one for one in range(len(parts)) if parts[one].category == call.category), 0)

    def belongs(line: str) -> bool:
        return line in words or (at == 0 and line not in call.content)

    return replace(
        call,
        request_key=call.request_key if at == 0 else f"{call.request_key}-{at + 1}",
        content=words,
        title=_title(words),
        kind=kind or Kind(classifier.kind_of(words)),
        category=call.category if at == fits else None,
        address=own_place or call.address or intake.place_in(work, call.content),
        area=None if own_place else call.area,
        occurred=call.occurred if belongs(call.occurred) else "",
        subject=call.subject if belongs(call.subject) else "",
        wish=call.wish if belongs(call.wish) else "",
        call_id=call.call_id or call.request_key,
    )


@dataclass(frozen=True)
class Piece:
    """A part of a registered ticket's text as a person cut it. Empty: the suggestion's category, the place
    that its words name, else that of the ticket.
    """

    span: Span
    category: str | None = None
    address: str = ""


def split(work: Work, ticket: Ticket, pieces: Sequence[Piece]) -> list[Logged]:
    """Keep the first of `pieces` in `ticket`, and register a new ticket for each of the others.

    The words that were said are never rewritten: the ticket keeps them all, its entry says which of them went
    where. New tickets wait on the dispatch desk, by clocks of their own. Raises InvalidInput.
    """
    require(work, ticket, Action.SPLIT)
    claims.heed(work, ticket, Action.SPLIT)
    _require_whole(ticket.content, own_span(ticket), [piece.span for piece in pieces])
    call_id = ticket.call_id or ticket.request_key
    calls = [_split_off(work, ticket, piece, call_id) for piece in pieces[1:]]
    logged = [intake.log(work, call, auto_lane=False) for call in calls]
    record(
        work,
        ticket,
        Action.SPLIT,
        call=call_id,
        kept=[pieces[0].span.start, pieces[0].span.end],
        into=[one.ticket.number for one in logged],
        parts=[[piece.span.start, piece.span.end] for piece in pieces[1:]],
    )
    ticket.call_id, ticket.own_until = call_id, pieces[0].span.end
    if pieces[0].category not in (None, ticket.category_code):
        intake.amend(work, ticket, Amendment(category=pieces[0].category), reason=labels.SPLIT_OFF)
    return logged


def _split_off(work: Work, ticket: Ticket, piece: Piece, call_id: str) -> Call:
    words = piece.span.of(ticket.content)
    own_place = piece.address or intake.place_in(work, words)
    return Call(
        request_key=f"{ticket.number}/{piece.span.start}-{piece.span.end}",
        content=words,
        title=_title(words),
        address=own_place or ticket.address,
        area=None if own_place else ticket.area_code,
        channel=ticket.channel,
        kind=Kind(classifier.kind_of(words)),
        urgency=ticket.urgency,
        category=piece.category,
        caller_id=ticket.caller_id,
        anonymous=ticket.anonymous,
        confidential=ticket.confidential,
        enterprise=ticket.enterprise,
        call_id=call_id,
        split_from=ticket.number,
    )


def _title(words: str) -> str:
    bare = classifier.without_opening(words.strip())
    return intake.title_of(Call(request_key="", content=bare, address=""))


def _require_whole(text: str, whole: Span, spans: Sequence[Span]) -> None:
    """Every part is a stretch of the text, and nothing that was said is left out of `whole`."""
    follow = all(one.end == other.start for one, other in pairwise(spans))
    if not 2 <= len(spans) <= MOST:
        raise InvalidInput({"cuts": "cut_once" if len(spans) < 2 else f"too_many_parts:{MOST}"})
    if not follow or (spans[0].start, spans[-1].end) != (whole.start, whole.end):
        raise InvalidInput({"cuts": "text_changed"})
    if not all(any(sign.isalpha() for sign in span.of(text)) for span in spans):
        raise InvalidInput({"cuts": "empty_part"})


def own_span(ticket: Ticket) -> Span:
    """Return which of its words are still the ticket's own: all until it was split, then the first."""
    return Span(0, len(ticket.own))


def split_off(work: Work, ticket: Ticket) -> dict[str, str]:
    """Return the words that were split off, by the number of the ticket they went to. One query."""
    return {
        number: ticket.content[start:end].strip()
        for entry in timeline.acted(work, ticket, Action.SPLIT)
        for number, (start, end) in zip(entry.details["into"], entry.details["parts"], strict=True)
    }


def proposed_for(work: Work, ticket: Ticket) -> tuple[Part, ...]:
    """Return the parts into which a registered ticket might be split; none once it was."""
    if ticket.status is not Status.LOGGED or ticket.own_until is not None:
        return ()
    return parts_of(work, ticket.content, ticket.address)
