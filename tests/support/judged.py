"""Many tickets that a model judged and people decided: rows, for no model of a test reads so many."""

from dataclasses import replace
from datetime import datetime
from itertools import count
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert

from hotline.cities.city import City
from hotline.models.judgement import Judgement
from hotline.models.lesson import Lesson
from hotline.models.ticket import Ticket
from hotline.models.version import ModelVersion, Standing
from hotline.work import Work
from tests.builders import LEAD, a_logged_ticket

VERSION = "v1"
_serials = count(1)


def with_model(city: City) -> City:
    """A city with a model that has a name and cannot read."""
    model: Any = SimpleNamespace(version=VERSION)
    return replace(city, classifier=model)


def a_version(work: Work, reference: dict[str, Any], *, name: str = VERSION) -> ModelVersion:
    """The version in force, taught here; `reference` as `hotline.jobs.trial` writes it."""
    version = ModelVersion(
        version=name,
        standing=Standing.IN_FORCE,
        made_at=work.now,
        card={},
        taught={},
        trial={},
        reference=reference,
        refusal="",
        shadow_until=work.now,
        in_force_from=work.now,
    )
    work.session.add(version)
    work.session.flush()
    return version


def come_in(work: Work, number: int, category: str | None, at: datetime, **judged: Any) -> list[int]:
    """Have so many tickets come in, judged and decided as `judge` says. Returns their ids."""
    pattern = a_logged_ticket(replace(work, city=replace(work.city, classifier=None)))
    columns = {column.key: getattr(pattern, column.key) for column in Ticket.__table__.columns}
    del columns["id"]
    rows = [
        {**columns, "number": f"{at:%Y%m%d}9{serial:05}", "request_key": f"row-{serial}", "logged_at": at}
        for serial, _ in zip(_serials, range(number), strict=False)
    ]
    ids = list(work.session.scalars(insert(Ticket).returning(Ticket.id), rows))
    judge(work, ids, category, at, **judged)
    return ids


def judge(
    work: Work,
    ids: list[int],
    category: str | None,
    at: datetime,
    *,
    sure: float = 0.8,
    decided: str | None = "",
    model: str = VERSION,
    in_force: bool = True,
    eligible: bool = False,
) -> None:
    """`decided`: the category that people gave, empty for the one judged, None while they have not."""
    for ticket_id in ids:
        judgement = Judgement(
            ticket_id=ticket_id,
            model=model,
            at=at,
            digest=str(ticket_id),
            categories=[],
            category_code=category,
            confidence=sure,
            in_force=in_force,
            lead_code=LEAD,
            eligible=eligible,
        )
        work.session.add(judgement)
        label = decided if decided != "" else category
        if label is not None:
            work.session.add(
                Lesson(ticket_id=ticket_id, hop=1, at=at, category_code=label, lead_code=LEAD, stands=True)
            )
    work.session.flush()
