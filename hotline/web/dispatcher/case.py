"""Everything that speaks for and against where one ticket should go, gathered for the dispatch desk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import classifier
from hotline.models.application import Application, ApplicationState
from hotline.models.ticket import CategorySource, Ticket
from hotline.tickets import (
    applications,
    deadlines,
    duplicates,
    forecast,
    precedents,
    returnable,
    track_record,
    triage,
)
from hotline.web import filters, names
from hotline.web.grounds import Ground, ground, grounds, of_precedents
from hotline.web.marks import Found, Piece, pieces
from hotline.work import Work
from sla.allowance import Allowance
from sla.policy import Stage

KEYS = 3
# From here on a category counts as one that is often asked back.
OFTEN_LEAST, OFTEN_SHARE = 10, 0.2
# Below this the text says nothing against the category that a person chose.
SURE = 0.5


@dataclass(frozen=True)
class Candidate:
    """A department to choose, and why it stands in the list."""

    code: str
    words: str


@dataclass(frozen=True)
class Case:
    """`candidates`: the proposal first, with keys 1 to 3. `share`: how sure the text is of its category."""

    ticket: Ticket
    view: triage.Triage
    share: float | None
    text: list[Piece]
    grounds: list[Ground]
    candidates: list[Candidate]
    likely: list[duplicates.Likeness]
    dispatches: track_record.Dispatches
    returned: list[Application]
    targets: dict[Stage, Allowance | None]
    promise: forecast.Forecast

    @property
    def lead(self) -> str | None:
        return self.view.decision.lead if self.view.decision else None

    @property
    def assisting(self) -> tuple[str, ...]:
        return self.view.decision.assisting if self.view.decision else ()

    @property
    def is_often_returned(self) -> bool:
        figures = self.dispatches
        return figures.dispatched >= OFTEN_LEAST and figures.returned >= OFTEN_SHARE * figures.dispatched


def case_of(work: Work, ticket: Ticket) -> Case:
    """Triage a registered ticket again, as its category and area now stand. A few queries."""
    text = triage.text_of(ticket)
    view = triage.suggest(work, text, ticket.address, category=ticket.category_code, area=ticket.area_code)
    shares = {one.code: one.probability for one in view.suggestion.categories}
    asked = returnable.returned_by(work, ticket)
    returned = [one for one in asked if one.state not in applications.UNDECIDED]
    dispatches = track_record.dispatches_of(work, ticket.category_code)
    policy, case = work.city.policy, deadlines.case_of(ticket)
    words = _words(work, ticket, view, text)
    is_chosen = ticket.category_source is CategorySource.PERSON and ticket.category_code != view.category
    against = _against(work, ticket, view, returned, dispatches)
    return Case(
        ticket=ticket,
        view=view,
        # What a person chose is not weighed against what the machine would have.
        share=None if is_chosen else shares.get(ticket.category_code or ""),
        text=_marked(ticket, view, words),
        grounds=[
            *_for(work, view, words),
            *of_precedents(precedents.of_ticket(work, ticket), view.decision, work),
            *(Ground("反面", said, against=True) for said in against),
        ],
        candidates=list(_candidates(work, view, returned)),
        likely=duplicates.likely(work, ticket),
        dispatches=dispatches,
        returned=returned,
        targets={
            stage: policy.allowance(stage, case) for stage in (Stage.ACCEPT, Stage.CONTACT, Stage.RESOLVE)
        },
        promise=forecast.promised(work, ticket, deadlines.running(work, ticket)),
    )


def _words(work: Work, ticket: Ticket, view: triage.Triage, text: str) -> tuple[classifier.Word, ...]:
    """The words that speak for the category as it stands now, whoever chose it."""
    model, category = work.city.classifier, ticket.category_code
    if category == view.category or model is None or category not in model.labels:
        return view.suggestion.words if category == view.category else ()
    return classifier.explain(model, text, category)


def _marked(ticket: Ticket, view: triage.Triage, spoken: Sequence[classifier.Word]) -> list[Piece]:
    """Mark in the caller's words what the triage found in the title and in them."""
    elements = view.suggestion.elements
    spans = [(elements.where, "地点"), (elements.when, "时间"), (elements.wanted, "期望")]
    read = triage.text_of(ticket)
    said = [(span.of(read), tag) for span, tag in spans if span]
    said += [(read[word.start : word.end], "关键词") for word in spoken[:2]]
    places = ((ticket.content.find(one), one, tag) for one, tag in said)
    return pieces(ticket.content, [Found(at, at + len(one), tag) for at, one, tag in places if at >= 0])


def _for(work: Work, view: triage.Triage, spoken: Sequence[classifier.Word]) -> list[Ground]:
    said = grounds(view.decision, work) if view.decision else []
    if words := [one.word for one in spoken[:4]]:
        said.insert(1, Ground("用词", "、".join(words)))
    if view.place:
        where = names.area_name(work.city, view.place.area.code)
        said.insert(1, Ground("属地", f"“{view.place.matched}” → {where}"))
    return sorted(said, key=lambda one: one.against)


def _against(
    work: Work,
    ticket: Ticket,
    view: triage.Triage,
    returned: list[Application],
    dispatches: track_record.Dispatches,
) -> Iterator[str]:
    reasons = work.city.returns.reasons
    for application in returned:
        name = reasons[application.reason].name if application.reason in reasons else application.reason
        yield f"{filters.department(application.department_code, work)}退过，理由：{name}"
    if dispatches.returned:
        yield f"本类近 90 天派出 {dispatches.dispatched} 件，退单 {dispatches.returned} 件"
    if view.place and view.place.alternatives:
        several = "、".join(names.area_name(work.city, one.code) for one in view.place.alternatives[:3])
        yield f"“{view.place.matched}”不止一处：{several}；要问清{names.which_place(work.city, view.place)}"
    if ticket.area_code is None:
        yield "地点还对不上区划"
    first = view.category
    if first and first != ticket.category_code and view.confidence >= SURE:
        yield f"内容更像“{work.city.taxonomy.path(first)}”，把握 {filters.share(view.confidence)}"


def _candidates(work: Work, view: triage.Triage, returned: list[Application]) -> Iterator[Candidate]:
    seen: set[str] = set()
    for one in (*_proposed(work, view), *_asked_for(work, returned)):
        if one.code not in seen:
            seen.add(one.code)
            yield one


def _proposed(work: Work, view: triage.Triage) -> Iterator[Candidate]:
    if view.decision is None:
        return
    if view.decision.lead:
        yield Candidate(view.decision.lead, "目录首选")
    for other in view.decision.alternatives[: KEYS - 1]:
        yield Candidate(other.department, ground(other.reason, work).words)


def _asked_for(work: Work, returned: list[Application]) -> Iterator[Candidate]:
    for one in returned:
        if one.suggested_code and one.state is ApplicationState.GRANTED:
            who = filters.department(one.department_code, work)
            yield Candidate(one.suggested_code, f"{who}退单时建议")
