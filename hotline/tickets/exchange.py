"""A ticket as another city's hotline gets it (交换包): built once and for all, taken once."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import classifier
from hotline import labels
from hotline.cities.rules import Transfer, TransferKind
from hotline.db import Json
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Status
from hotline.models.caller import Caller
from hotline.models.ticket import Channel, Kind, Ticket, Urgency
from hotline.tickets import callers, deidentified, intake, timeline
from hotline.tickets.callers import Identity
from hotline.tickets.ledger import record
from hotline.work import Work

SCHEMA = "hotline-exchange/1"
# In bytes; the longest text that a form takes is well below.
LARGEST = 1024 * 1024
_LONGEST_KEY, _LONGEST_LINE, _LONGEST_TEXT = 120, 400, 100_000
_TEXTS = ("title", "wish", "occurred", "subject", "address", "category", "area")


@dataclass(frozen=True)
class Received:
    """A package that was found whole. `origin`: the hotline's name; `number`: that of its ticket."""

    key: str
    origin: str
    city: str
    number: str
    kind: Kind
    urgency: Urgency
    text: str
    lines: Mapping[str, str]
    logged_at: datetime
    confidential: bool
    identity: Identity | None


@dataclass(frozen=True)
class Taken:
    """`is_new` is False when the same key had been taken before."""

    ticket: Ticket
    is_new: bool


def target_of(work: Work, ticket: Ticket) -> Transfer | None:
    """Return the other city's channel that a ticket was transferred to, else None. One query."""
    if ticket.status is not Status.TRANSFERRED:
        return None
    return _target(work, timeline.acted(work, ticket, Action.TRANSFER)[-1].details["target"])


def _target(work: Work, code: str) -> Transfer | None:
    channel = work.city.transfers.get(code)
    return channel if channel and channel.kind is TransferKind.CITY else None


def package_of(work: Work, ticket: Ticket) -> Json:
    """Return the package of a ticket that was transferred to another city; always the same one.

    Name and number go with it only where the caller agreed, and never of a confidential ticket (保密); else
    what the words tell of him is masked. Of one that was split only its own words go.
    Raises InvalidInput for a ticket that was not transferred there.
    """
    entries = timeline.acted(work, ticket, Action.TRANSFER)
    target = target_of(work, ticket)
    if target is None:
        raise InvalidInput({"package": "not_to_a_city"})
    agreed = bool(entries[-1].details.get("consent")) and callers.may_be_called(ticket)
    plain = str if agreed else deidentified.masking(work, ticket)
    city = work.city
    package: Json = {
        "schema": SCHEMA,
        "key": f"{city.code}-{ticket.number}-{target.code}",
        "origin": {"city": city.code, "name": city.hotline.name, "number": ticket.number},
        "target": target.code,
        "kind": ticket.kind,
        "urgency": ticket.urgency,
        "category": _category(work, ticket.category_code),
        "title": plain(_title(ticket)),
        "text": plain(ticket.own),
        "wish": plain(ticket.wish),
        "occurred": plain(ticket.occurred),
        "subject": plain(ticket.subject),
        "address": plain(ticket.address),
        "area": _area(work, ticket.area_code),
        "logged_at": ticket.logged_at.isoformat(),
        "transferred_at": entries[-1].at.isoformat(),
        "confidential": ticket.confidential,
        "caller": _contact(work, ticket) if agreed else None,
    }
    return {**package, "digest": _digest(package)}


def _title(ticket: Ticket) -> str:
    """Return the title; of a ticket that was split, which is of all its words, the first of its own."""
    if ticket.own_until is None:
        return ticket.title
    return intake.title_of(intake.Call(request_key="", content=ticket.own, address=""))


def _category(work: Work, code: str | None) -> str:
    return work.city.taxonomy.path(code) if code and code in work.city.taxonomy else ""


def _area(work: Work, code: str | None) -> str:
    """Return an area from the city down, as another city reads it."""
    if code is None or code not in work.city.gazetteer:
        return ""
    return "".join(reversed([area.name for area in work.city.gazetteer.ancestors(code)]))


def _contact(work: Work, ticket: Ticket) -> Json:
    identity = callers.identity_of(work, work.session.get_one(Caller, ticket.caller_id))
    return {"name": identity.name or "", "phone": identity.phone or ""}


def written(package: Json, key: str = "") -> bytes:
    """Return the package as a file, signed where both hotlines share a `key`."""
    signed = {**package, "signature": _signature(package["digest"], key)} if key else package
    return json.dumps(signed, ensure_ascii=False, indent=1).encode()


def _digest(package: Mapping[str, Any]) -> str:
    """The SHA-256 of all but digest and signature, keys sorted, without white space."""
    bare = {name: value for name, value in package.items() if name not in ("digest", "signature")}
    text = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _signature(digest: str, key: str) -> str:
    return hmac.new(key.encode(), digest.encode(), hashlib.sha256).hexdigest()


def read(file: bytes, key: str = "") -> Received:
    """Read a package. With a `key` it must be signed by it. Raises InvalidInput with the reason."""
    if len(file) > LARGEST:
        raise _broken("package_too_large")
    try:
        package = json.loads(file)
    except (ValueError, RecursionError):
        raise _broken("package_unreadable") from None
    if not isinstance(package, dict) or package.get("schema") != SCHEMA:
        raise _broken("package_schema")
    digest = _text(package, "digest", 64)
    if not hmac.compare_digest(_digest(package).encode(), digest.encode("utf-8", "replace")):
        raise _broken("package_digest")
    given = _text(package, "signature", 64) if "signature" in package else ""
    if key and not hmac.compare_digest(_signature(digest, key).encode(), given.encode("utf-8", "replace")):
        raise _broken("package_signature")
    return _received(package)


def _received(package: Mapping[str, Any]) -> Received:
    origin = package.get("origin")
    if not isinstance(origin, dict):
        raise _broken("package_field:origin")
    text = intake.readable(_text(package, "text", _LONGEST_TEXT, required=True))
    try:
        kind, urgency = Kind(package.get("kind", "")), Urgency(package.get("urgency", ""))
        logged_at = datetime.fromisoformat(_text(package, "logged_at", 40))
    except ValueError:
        raise _broken("package_field:kind、urgency、logged_at") from None
    if logged_at.tzinfo is None or not isinstance(package.get("confidential"), bool):
        raise _broken("package_field:logged_at、confidential")
    return Received(
        key=_text(package, "key", _LONGEST_KEY, required=True),
        origin=_text(origin, "name", _LONGEST_LINE, required=True),
        city=_text(origin, "city", 20, required=True),
        number=_text(origin, "number", 40, required=True),
        kind=kind,
        urgency=urgency,
        text=text,
        lines={name: intake.readable(_text(package, name, _LONGEST_LINE)) for name in _TEXTS},
        logged_at=logged_at,
        confidential=package["confidential"],
        identity=_identity(package.get("caller")),
    )


def _identity(caller: object) -> Identity | None:
    if caller is None:
        return None
    if not isinstance(caller, dict):
        raise _broken("package_field:caller")
    name, phone = _text(caller, "name", _LONGEST_LINE), _text(caller, "phone", 40)
    callers.phone_digits(phone)
    return Identity(intake.readable(name) or None, phone or None)


def _text(package: Mapping[str, Any], name: str, longest: int, *, required: bool = False) -> str:
    text = package.get(name, "")
    if not isinstance(text, str) or len(text) > longest or (required and not text.strip()):
        raise _broken(f"package_field:{name}")
    return text


def _broken(code: str) -> InvalidInput:
    return InvalidInput({"package": code})


def take(work: Work, received: Received) -> Taken:
    """Register what another hotline sent, once for each key; its number stays on the record.

    It waits on the dispatch desk. Raises InvalidInput, for a ticket of our own too.
    """
    if received.city == work.city.code:
        raise _broken("package_own")
    lines = received.lines
    place = work.city.gazetteer.locate(
        classifier.normalise(lines["address"]), classifier.normalise(received.text)
    )
    call = intake.Call(
        request_key=f"exchange/{received.key}",
        content=received.text,
        address=lines["address"],
        channel=Channel.OTHER,
        kind=received.kind,
        urgency=received.urgency,
        title=lines["title"],
        area=place.area.code if place else work.city.code,
        occurred=lines["occurred"],
        subject=lines["subject"],
        wish=lines["wish"],
        identity=received.identity or Identity(None, None),
        # Who did not agree to be named cannot be called back.
        anonymous=received.identity is None,
        confidential=received.confidential,
    )
    logged = intake.log(work, call, auto_lane=False)
    if logged.code is not None:
        at = received.logged_at.astimezone(work.city.zone)
        record(
            work,
            logged.ticket,
            Action.NOTE,
            text=labels.RECEIVED.format(
                origin=received.origin, number=received.number, at=f"{at:%Y-%m-%d %H:%M}"
            ),
            received={"key": received.key, "city": received.city, "number": received.number},
        )
    return Taken(logged.ticket, logged.code is not None)
