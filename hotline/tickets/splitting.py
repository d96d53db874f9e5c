"""Several matters in one call (拆单): where the text would be cut, and one ticket for each part of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import classifier
from classifier import Matter, Scored, Span
from hotline.tickets import triage
from hotline.work import Work


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
        found = model.predict(texts, top=len(model.labels))
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
