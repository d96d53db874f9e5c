"""What each version of the model makes of a ticket as it comes in, kept beside what is decided later."""

import hashlib
from dataclasses import replace

import classifier
from classifier import Model
from hotline.models.judgement import Judgement
from hotline.models.ticket import Ticket
from hotline.tickets import triage
from hotline.work import Work

KEPT = 3


def judge(work: Work, ticket: Ticket, view: triage.Triage) -> Judgement | None:
    """Keep `view` as the judgement of the model in force; a model in its shadow time judges silently beside.

    Returns None while keywords judge alone: they promise nothing.
    """
    city = work.city
    if city.shadow:
        work.session.add(judgement_of(work, ticket, city.shadow))
    if city.classifier is None:
        return None
    judgement = _judgement(work, ticket, city.classifier, view)
    judgement.in_force = True
    work.session.add(judgement)
    return judgement


def judgement_of(work: Work, ticket: Ticket, model: Model) -> Judgement:
    """What `model` says of a registered ticket. A millisecond; adds no row."""
    trying = replace(work, city=replace(work.city, classifier=model))
    view = triage.suggest(trying, triage.text_of(ticket), ticket.address, area=ticket.area_code)
    return _judgement(work, ticket, model, view)


def _judgement(work: Work, ticket: Ticket, model: Model, view: triage.Triage) -> Judgement:
    own = _without_a_choice(work, ticket, view)
    found = own.suggestion.categories[:KEPT]
    return Judgement(
        ticket_id=ticket.id,
        model=model.version,
        at=ticket.logged_at,
        digest=digest_of(triage.text_of(ticket)),
        categories=[(one.code, round(one.probability, 4)) for one in found],
        category_code=own.category,
        confidence=own.confidence,
        lead_code=own.decision.lead if own.decision else None,
        eligible=triage.speaks_for_itself(own) and ticket.area_code is not None,
    )


def digest_of(text: str) -> str:
    """The same for texts whose letters are the same, numbers left out."""
    letters = "".join(sign for sign in classifier.normalise(text) if sign.isalpha())
    return hashlib.sha256(letters.encode()).hexdigest()[:16]


def _without_a_choice(work: Work, ticket: Ticket, view: triage.Triage) -> triage.Triage:
    """The view as if nobody had chosen a category before."""
    if view.category is None or view.category == ticket.category_code:
        return view
    words = classifier.normalise(f"{ticket.address} {triage.text_of(ticket)}")
    return replace(view, decision=triage.decide(work, view.category, ticket.area_code, words))
