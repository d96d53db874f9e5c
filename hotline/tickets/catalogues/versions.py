"""Which catalogue is in force, and how a draft takes its place."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer

from hotline.cities.catalogues import ENTRIES, EXAMPLES, CatalogueText, Line
from hotline.cities.city import City
from hotline.db import insert_into
from hotline.errors import BrokenCity, InvalidInput, NotFound
from hotline.models.catalogue import CatalogueChange, CatalogueVersion, Standing
from hotline.models.mark import CATALOGUE, Mark
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.tickets.catalogues.differences import Differences, differences
from hotline.work import Work
from routing import BrokenContract, broken_contracts


class Delivery(StrEnum):
    """What became of the catalogue that a profile brings."""

    PUBLISHED = "published"
    KNOWN = "known"
    DRAFTED = "drafted"
    # Another draft is open; it is not overwritten.
    WAITS = "waits"


@dataclass(frozen=True)
class Published:
    """`broken`: the examples that a draft sends elsewhere; such a draft is not published."""

    version: CatalogueVersion
    broken: tuple[BrokenContract, ...] = ()


@dataclass(frozen=True)
class Record:
    """A change and who made it: None for what a profile brought. `number`: the version that published it."""

    change: CatalogueChange
    by: str | None
    number: int | None
    ticket: str | None


@dataclass(frozen=True)
class Overview:
    """A published version, who published it, and how many lines were changed for it."""

    version: CatalogueVersion
    by: str | None
    changes: int


def text_of(version: CatalogueVersion) -> CatalogueText:
    return CatalogueText(version.entries, version.examples)


def in_force(work: Work) -> CatalogueVersion | None:
    """The version that dispatches now; None before the profile was loaded. One query."""
    return _standing(work, Standing.IN_FORCE)


def draft(work: Work) -> CatalogueVersion | None:
    """The one draft that is open, None where none is. One query."""
    return _standing(work, Standing.DRAFT)


def required_draft(work: Work) -> CatalogueVersion:
    """Raises NotFound."""
    found = draft(work)
    if found is None:
        raise NotFound("draft", "catalogue")
    return found


def version(work: Work, number: int) -> CatalogueVersion:
    """A published version. Raises NotFound."""
    found = work.session.scalar(select(CatalogueVersion).where(CatalogueVersion.number == number))
    if found is None:
        raise NotFound("version", number)
    return found


def published(work: Work) -> list[CatalogueVersion]:
    """Every version that was ever in force, newest first. One query."""
    newest = select(CatalogueVersion).where(CatalogueVersion.number.is_not(None))
    return list(work.session.scalars(newest.order_by(CatalogueVersion.number.desc())))


def overviews(work: Work) -> list[Overview]:
    """Every published version with what it took, newest first. One query."""
    made = (
        select(func.count())
        .select_from(CatalogueChange)
        .where(CatalogueChange.version_id == CatalogueVersion.id)
        .scalar_subquery()
    )
    newest = (
        select(CatalogueVersion, User.name, made)
        .outerjoin(User, User.id == CatalogueVersion.published_by_id)
        .where(CatalogueVersion.number.is_not(None))
        .options(defer(CatalogueVersion.entries), defer(CatalogueVersion.examples))
        .order_by(CatalogueVersion.number.desc())
    )
    return [Overview(*row) for row in work.session.execute(newest)]


def publisher(work: Work, of: CatalogueVersion) -> str | None:
    """Return who published a version; None for what a profile brought. One query."""
    if of.published_by_id is None:
        return None
    return work.session.scalar(select(User.name).where(User.id == of.published_by_id))


def changes(work: Work, of: CatalogueVersion) -> list[CatalogueChange]:
    """Who changed what while it was a draft, oldest first. One query."""
    made = select(CatalogueChange).where(CatalogueChange.version_id == of.id)
    return list(work.session.scalars(made.order_by(CatalogueChange.id)))


def records(work: Work, of: CatalogueVersion) -> list[Record]:
    """The changes with who made them and the ruling that they came from, oldest first. One query."""
    made = _records().where(CatalogueChange.version_id == of.id).order_by(CatalogueChange.id)
    return [Record(*row) for row in work.session.execute(made)]


def history(work: Work, line: Line) -> list[Record]:
    """How an entry in force came to say what it says, newest first. One query."""
    made = (
        _records()
        .where(CatalogueVersion.number.is_not(None), CatalogueChange.table == ENTRIES)
        .order_by(CatalogueVersion.number.desc(), CatalogueChange.id.desc())
    )
    said: object = dict(line)
    steps = []
    for row in work.session.execute(made):
        change = row[0]
        if said is not None and change.after == said:
            steps.append(Record(*row))
            said = change.before
    return steps


def _records() -> Select[CatalogueChange, str, int | None, str]:
    return (
        select(CatalogueChange, User.name, CatalogueVersion.number, Ticket.number)
        .join(CatalogueVersion, CatalogueVersion.id == CatalogueChange.version_id)
        .outerjoin(User, User.id == CatalogueChange.by_id)
        .outerjoin(Ticket, Ticket.id == CatalogueChange.ticket_id)
    )


def record_changes(
    work: Work, draft: CatalogueVersion, changed: Differences, *, because: str, ticket_id: int | None = None
) -> None:
    """Keep what was changed in a draft, by whom and why. `because` is empty where a profile brought it."""
    for table, lines in ((ENTRIES, changed.entries), (EXAMPLES, changed.examples)):
        for one in lines:
            entered = CatalogueChange(
                version_id=draft.id,
                table=table,
                before=dict(one.before) if one.before is not None else None,
                after=dict(one.after) if one.after is not None else None,
                because=because,
                ticket_id=ticket_id,
                at=work.now,
                by_id=work.actor.user_id,
            )
            work.session.add(entered)
    work.session.flush()


def deliver(work: Work) -> Delivery:
    """Take in the catalogue of the profile: the first is published, a later change becomes a draft.

    What rulings and people have changed since is not undone by a file. Raises BrokenCity when the version in
    force no longer fits the rest of the profile.
    """
    take_turns(work)
    delivered, present = work.city.profile_catalogue, in_force(work)
    if present is None:
        _publish(work, enter_draft(work, delivered))
        return Delivery.PUBLISHED
    work.city.with_catalogue(text_of(present))
    known = select(CatalogueVersion.id).where(CatalogueVersion.digest == delivered.digest).limit(1)
    if work.session.scalar(known) is not None:
        return Delivery.KNOWN
    if draft(work) is not None:
        return Delivery.WAITS
    drafted = enter_draft(work, delivered)
    record_changes(work, drafted, differences(text_of(present), delivered), because="")
    return Delivery.DRAFTED


def publish(work: Work, *, because: str, seen: str | None = None) -> Published:
    """Put the draft in force (发布) unless one of its examples goes elsewhere. Raises NotFound, InvalidInput.

    Every process follows with its next unit of work; tickets under way stay where they are. `seen`: the stamp
    of the draft that was looked at; another is not published.
    """
    if not because.strip():
        raise InvalidInput({"because": "say_why"})
    take_turns(work)
    candidate = _draft_as_seen(work, seen)
    city = city_under(work, text_of(candidate))
    broken = broken_examples(work, city)
    if broken:
        return Published(candidate, broken)
    present = in_force(work)
    if present is not None and not differences(text_of(present), text_of(candidate)):
        raise InvalidInput({"because": "catalogue_same"})
    candidate.because = because.strip()
    _publish(work, candidate)
    return Published(candidate)


def stamp_of(draft: CatalogueVersion) -> str:
    """What a draft says now; a page carries it, so that nobody publishes or drops what he did not see."""
    return f"{draft.id}-{draft.digest}"


def _draft_as_seen(work: Work, seen: str | None) -> CatalogueVersion:
    found = required_draft(work)
    if seen is not None and seen != stamp_of(found):
        raise InvalidInput({"draft": "draft_changed"})
    return found


def drop(work: Work, *, seen: str | None = None) -> None:
    """Give the draft up (放弃); what was changed in it stays on record. Raises NotFound."""
    take_turns(work)
    _draft_as_seen(work, seen).standing = Standing.DROPPED
    work.session.flush()


def city_under(work: Work, text: CatalogueText) -> City:
    """The city as it would be under another catalogue. Raises InvalidInput with file, line and fault."""
    try:
        return work.city.with_catalogue(text)
    except BrokenCity as broken:
        raise InvalidInput({"entries": f"broken_catalogue:{broken}"}) from broken


def broken_examples(work: Work, city: City) -> tuple[BrokenContract, ...]:
    """The examples that `city` would send elsewhere than they say. Well below a millisecond each."""
    day = city.calendar.day_of(work.now)
    return broken_contracts(city.contracts, city.catalogue, city.departments, city.gazetteer, day=day)


def take_turns(work: Work) -> None:
    """Wait for whoever else changes the catalogue, until the end of the transaction."""
    new = insert_into(work.session, Mark).values(name=CATALOGUE, value="")
    work.session.execute(new.on_conflict_do_nothing())
    work.session.execute(select(Mark).where(Mark.name == CATALOGUE).with_for_update())


def _standing(work: Work, which: Standing) -> CatalogueVersion | None:
    return work.session.scalar(select(CatalogueVersion).where(CatalogueVersion.standing == which))


def enter_draft(work: Work, text: CatalogueText) -> CatalogueVersion:
    """Open a draft that says `text`; there must be none."""
    entered = CatalogueVersion(
        standing=Standing.DRAFT,
        digest=text.digest,
        entries=text.entries,
        examples=text.examples,
        because="",
        made_at=work.now,
        made_by_id=work.actor.user_id,
    )
    work.session.add(entered)
    work.session.flush()
    return entered


def _publish(work: Work, candidate: CatalogueVersion) -> None:
    candidate.rules = city_under(work, text_of(candidate)).catalogue.version
    present = in_force(work)
    if present is not None:
        present.standing = Standing.RETIRED
        # Two may not be in force for a moment either.
        work.session.flush()
    last = work.session.scalar(select(func.max(CatalogueVersion.number)))
    candidate.number = (last or 0) + 1
    candidate.standing = Standing.IN_FORCE
    candidate.published_at, candidate.published_by_id = work.now, work.actor.user_id
    work.session.flush()
    work.session.merge(Mark(name=CATALOGUE, value=str(candidate.id)))
