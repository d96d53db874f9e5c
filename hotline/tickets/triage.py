"""What is it about, whose is it, by when: asked of the three libraries while the caller speaks."""

from dataclasses import dataclass

import classifier
import routing
from hotline.cities.city import City
from hotline.cities.rules import Transfer, TransferKind
from hotline.models.ticket import CategorySource, Kind, Ticket, Urgency
from hotline.work import Work
from sla.allowance import Allowance
from sla.policy import Case, Stage

TRANSFER = classifier.KeywordKind.TRANSFER
# Below this the first category is a guess, which sends nobody elsewhere.
SURE_ENOUGH = 0.5


@dataclass(frozen=True)
class Triage:
    """The machine's view of one matter. Nothing of it is applied by itself, but by the auto lane.

    `transfer`: the channel it belongs to instead of a department, None for what is the hotline's own.
    """

    suggestion: classifier.Suggestion
    place: routing.Match | None
    decision: routing.Decision | None
    targets: dict[Stage, Allowance | None]
    source: CategorySource
    transfer: Transfer | None

    @property
    def category(self) -> str | None:
        return self.suggestion.categories[0].code if self.suggestion.categories else None

    @property
    def confidence(self) -> float:
        """The probability of the first category, 0 when there is none."""
        return self.suggestion.categories[0].probability if self.suggestion.categories else 0.0


def suggest(
    work: Work, text: str, address: str = "", *, category: str | None = None, area: str | None = None
) -> Triage:
    """Classify, locate and route. `category` and `area` are what a person has chosen already.

    In process, milliseconds: a person is waiting. No query.
    """
    city = work.city
    suggestion = classifier.suggest(
        text,
        taxonomy=city.taxonomy,
        keywords=city.keywords,
        model=city.classifier,
        alarm=city.alarm,
    )
    # The profile writes its names plainly: simplified, half-width, without markup.
    plain_address, plain = classifier.normalise(address), classifier.normalise(text)
    place = city.gazetteer.locate(plain_address, plain)
    area = area or (place.area.code if place else None)
    category = category or (suggestion.categories[0].code if suggestion.categories else None)
    decision = decide(work, category, area, f"{plain_address} {plain}") if category else None
    urgency = suggestion.urgency or Urgency.NORMAL
    return Triage(
        suggestion,
        place,
        decision,
        targets_for(work, suggestion.kind or Kind.HELP, urgency, category),
        CategorySource.MODEL if city.classifier else CategorySource.KEYWORDS,
        channel_for(city, suggestion, place, plain_address),
    )


def speaks_for_itself(view: Triage) -> bool:
    """Tell whether only doubt about the category could keep this from going without a person.

    A matter with a risk word, one that sounds like an emergency, or one for another channel needs one, and so
    does whatever the catalogue's entry leaves to people.
    """
    said, decision = view.suggestion, view.decision
    if decision is None or decision.lead is None or not decision.auto:
        return False
    return not (said.risks or said.heard or view.transfer)


def channel_for(
    city: City, suggestion: classifier.Suggestion, place: routing.Match | None, address: str
) -> Transfer | None:
    """Return the gravest emergency line, else the channel named first, another city's, or the category's."""
    lines = [city.transfers[code] for code in suggestion.emergencies]
    if lines:
        return min(lines, key=lambda line: line.priority or 0)
    named = [city.transfers[code] for code in suggestion.transfers]
    proper = [channel for channel in named if channel.kind is not TransferKind.CITY]
    if proper:
        # What the law leads to says more than whose name was mentioned: a judge, a deputy.
        return min(proper, key=lambda channel: channel.kind is TransferKind.OTHER)
    if named and place is None:
        return named[0]
    return _other_city(city, address) or _channel_of_category(city, suggestion)


def _channel_of_category(city: City, suggestion: classifier.Suggestion) -> Transfer | None:
    first = suggestion.categories[0] if suggestion.categories else None
    if first is None or first.probability < SURE_ENOUGH:
        return None
    return next((one for one in city.transfers.values() if first.code in one.categories), None)


def _other_city(city: City, address: str) -> Transfer | None:
    """Return the channel for an address that names another city and no area of ours.

    Roads do not tell cities apart: there is a 中山路 in every one of them.
    """
    ours = city.gazetteer.find(address)
    if ours is not None and ours.reason is routing.MatchReason.NAMED:
        return None
    named = (city.transfers[hit.value] for hit in city.keywords.hits(address) if hit.kind is TRANSFER)
    return next((channel for channel in named if channel.kind is TransferKind.CITY), None)


def decide(work: Work, category: str, area: str | None, text: str) -> routing.Decision:
    """Route one matter by the city's catalogue. An unknown area counts as the whole city.

    `text` holds the address too: a keyword such as 国道 often stands only there.
    """
    return decide_under(work.city, _case(work, category, area, text))


def explain(work: Work, category: str, area: str | None, text: str) -> routing.Explanation:
    """Route as `decide` does, and tell what became of every entry of the catalogue for this category."""
    city = work.city
    return routing.explain(
        _case(work, category, area, text), city.catalogue, city.departments, city.gazetteer
    )


def decide_for(work: Work, ticket: Ticket) -> routing.Decision | None:
    """Route a registered ticket; None while it has no category."""
    case = case_for(work, ticket)
    return decide_under(work.city, case) if case else None


def case_for(work: Work, ticket: Ticket) -> routing.Case | None:
    """What routing asks about a registered ticket today; None while it has no category."""
    if ticket.category_code is None:
        return None
    words = words_of(ticket.address, text_of(ticket))
    return _case(work, ticket.category_code, ticket.area_code, words)


def decide_under(city: City, case: routing.Case) -> routing.Decision:
    """Route by the catalogue of `city`, which need not be the one in force."""
    return routing.route(case, city.catalogue, city.departments, city.gazetteer)


def _case(work: Work, category: str, area: str | None, text: str) -> routing.Case:
    day = work.city.calendar.day_of(work.now)
    return routing.Case(category=category, area=area or work.city.code, text=text, day=day)


def words_of(address: str, text: str) -> str:
    """Return what the catalogue reads of a matter: the profile writes its words plainly."""
    return f"{classifier.normalise(address)} {classifier.normalise(text)}"


def text_of(ticket: Ticket) -> str:
    """Return what the libraries read of a ticket: of one that was split only what is still its own."""
    return whole_text(ticket.title, ticket.content, ticket.own_until)


def whole_text(title: str, content: str, own_until: int | None = None) -> str:
    """Return title and content together, the content alone when the title was taken from it.

    `own_until`: where other matters were split off; the title is of them too, and is left out.
    """
    if own_until is not None:
        return content[:own_until]
    taken = " ".join(content.split()).startswith(title.removesuffix("…"))
    return content if taken else f"{title}\n{content}"


def targets_for(work: Work, kind: str, urgency: str, category: str | None) -> dict[Stage, Allowance | None]:
    """Return the allowance of each stage that a new ticket of this sort would get."""
    case = Case(kind=kind, urgency=urgency, category=category or "", area="", channel="phone", round=1)
    return {stage: work.city.policy.allowance(stage, case) for stage in Stage}
