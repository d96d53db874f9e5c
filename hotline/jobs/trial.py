"""Hold a new model against the one in force: on tickets that neither has seen, and on contracts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from classifier.decided import Split
from classifier.model import Model
from hotline.models.judgement import Judgement
from hotline.models.ticket import Ticket
from hotline.tickets import judging, timeline
from hotline.tickets.catalogues import examples
from hotline.tickets.versions import Made
from hotline.work import Work


@dataclass(frozen=True)
class Candidate:
    """A model that was just taught, what its card says, and the decisions it was taught by and kept from."""

    model: Model
    card: dict[str, Any]
    material: Split


@dataclass(frozen=True)
class Tried:
    """`judgements`: the candidate's, of what was held back: its first evidence."""

    made: Made
    judgements: list[Judgement]


def try_out(work: Work, candidate: Candidate) -> Tried:
    """Judge everything that was held back by both models. Milliseconds a ticket; writes nothing."""
    held = {one.key: one.label for one in candidate.material.held_back}
    lately = {one.key: one.label for one in candidate.material.period}
    tickets = [work.session.get_one(Ticket, key) for key in lately]
    said = [judging.judgement_of(work, ticket, candidate.model) for ticket in tickets]
    ours = [one for one in said if one.ticket_id in held]
    _leave_out_amended(work, ours)
    current = work.city.classifier
    again = [ticket for ticket in tickets if ticket.id in held] if current else []
    theirs = [judging.judgement_of(work, ticket, current) for ticket in again] if current else []
    astray = examples.led_astray(work, candidate.model)
    trial = {
        "cases": len(held),
        "candidate": _right(ours, held),
        "current": _right(theirs, held),
        "current_version": current.version if current else "",
        "contracts": len(work.city.contracts),
        "broken": [
            {"text": one.contract.text, "lead": one.contract.lead, "went": one.went} for one in astray
        ],
    }
    made = Made(
        version=candidate.model.version,
        card=candidate.card,
        taught=_taught(candidate.material),
        trial=trial,
        reference=_reference(said, lately),
        refusal=_refusal(trial),
    )
    return Tried(made, ours)


def _leave_out_amended(work: Work, judgements: Sequence[Judgement]) -> None:
    """No evidence of what would have gone by itself where somebody put the place right since."""
    amended = timeline.places_amended(work, [one.ticket_id for one in judgements])
    for one in judgements:
        one.eligible = one.eligible and one.ticket_id not in amended


def _refusal(trial: dict[str, Any]) -> str:
    if trial["candidate"] < trial["current"]:
        return "worse_on_held_back"
    return "breaks_contracts" if trial["broken"] else ""


def _right(judgements: Sequence[Judgement], held: dict[int, str]) -> int:
    return sum(one.category_code == held[one.ticket_id] for one in judgements)


def _taught(material: Split) -> dict[str, Any]:
    moments = [one.at for one in (*material.taught, *material.held_back)]
    return {
        "taught": len(material.taught),
        "held_back": len(material.held_back),
        "repeats": material.repeats,
        "from": min(moments).isoformat(),
        "until": max(moments).isoformat(),
    }


def _reference(judgements: Sequence[Judgement], held: dict[int, str]) -> dict[str, Any]:
    """By category: how many were taken for it, how sure the model was of them together, how many wrongly,
    and the sum of the squares of how sure it was (see `classifier.drift.Tally`).
    """
    found: dict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0, 0.0])
    for one in judgements:
        counted = found[one.category_code or ""]
        counted[0] += 1
        counted[1] += one.confidence
        counted[2] += one.category_code != held[one.ticket_id]
        counted[3] += one.confidence**2
    return dict(found)
