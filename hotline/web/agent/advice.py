"""What the page says beside the form while the caller speaks: proposals, never applied by themselves."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

import classifier
from hotline.cities.city import City
from hotline.cities.rules import Transfer, TransferKind
from hotline.errors import InvalidInput
from hotline.models.ticket import Kind, Urgency
from hotline.tickets import automatic, forecast, splitting, triage
from hotline.web import forms, names
from hotline.web.agent.evidence import marked
from hotline.web.agent.offers import Offer, offers
from hotline.web.agent.so_far import SoFar
from hotline.web.grounds import Ground, grounds
from hotline.web.marks import Piece
from hotline.work import Work
from routing import Level
from sla.policy import Case

# The five elements (五要素), in the order in which a clerk names them.
ELEMENTS: Mapping[str, str] = {
    "who": "何人",
    "when": "何时",
    "where": "何地",
    "what": "何事",
    "wanted": "何求",
}


@dataclass(frozen=True)
class Question:
    """The one question worth asking next, and what its answer buys."""

    words: str
    why: str


@dataclass(frozen=True)
class Advice:
    """`view` is None while nothing has been said. `alarms`: emergency lines, the gravest first. `parts`: the
    matters that the text seems to hold, none where it is one. `channel`: where the law leads with it instead
    of to a department; emergency lines are `alarms`.
    """

    so_far: SoFar
    view: triage.Triage | None
    missing: tuple[str, ...]
    question: Question | None
    alarms: tuple[Transfer, ...]
    alarming: tuple[str, ...]
    kind: Kind
    urgency: Urgency
    urgent_because: tuple[str, ...]
    risks: Mapping[str, str]
    grounds: tuple[Ground, ...]
    promise: forecast.Forecast
    offers: tuple[Offer, ...]
    goes_by_itself: bool
    parts: tuple[splitting.Part, ...]
    channel: Transfer | None
    channel_words: tuple[str, ...]

    @property
    def is_urgency_low(self) -> bool:
        order = tuple(Urgency)
        return order.index(self.urgency) > order.index(self.so_far.urgency)

    @property
    def lead(self) -> str | None:
        return self.view.decision.lead if self.view and self.view.decision else None

    @property
    def words(self) -> list[str]:
        """The words that carried the first category; one inside another is not said twice."""
        said: list[str] = []
        for one in self.view.suggestion.words if self.view else ():
            if not any(one.word in other for other in said):
                said.append(one.word)
        return said

    @property
    def evidence(self) -> list[Piece]:
        """The text with the words marked from which the fields are filled and offered."""
        return marked(self.so_far.content, self.view.suggestion.elements) if self.view else []

    def element(self, name: str) -> str:
        """Return the words in which the text gives this element, "" where it does not."""
        span = getattr(self.view.suggestion.elements, name) if self.view else None
        return " ".join(span.of(self.so_far.content).split())[: forms.LINE_LENGTH] if span else ""


def read_so_far(form: MultiDict[str, str], city: City) -> SoFar:
    def text(name: str) -> str:
        return str(forms.clean(form.get(name, "")))

    category = area = None
    with suppress(InvalidInput):
        category = names.category_of(city, text("category"))
    with suppress(InvalidInput):
        area = names.area_of(city, text("area"))
    kind, urgency = text("kind"), text("urgency")
    return SoFar(
        content=text("content")[: forms.CONTENT_LENGTH],
        address=text("address"),
        occurred=text("occurred"),
        wish=text("wish"),
        subject=text("subject"),
        phone=text("phone"),
        name=text("name"),
        known_caller=bool(text("phone") or text("name")),
        anonymous=bool(text("anonymous")),
        category=category,
        area=area,
        kind=Kind(kind) if kind in tuple(Kind) else None,
        urgency=Urgency(urgency) if urgency in tuple(Urgency) else Urgency.NORMAL,
    )


def advise(work: Work, so_far: SoFar) -> Advice:
    """Ask the three libraries about what has been typed. Milliseconds, no query."""
    view = None
    if so_far.content:
        view = triage.suggest(
            work, so_far.content, so_far.address, category=so_far.category, area=so_far.area
        )
    missing = _missing(so_far, view)
    kind = so_far.kind or (Kind(view.suggestion.kind) if view else Kind.HELP)
    suggestion = view.suggestion if view else None
    case = Case(
        kind=kind,
        urgency=so_far.urgency,
        category=so_far.category or (view.category if view else None) or "",
        area=so_far.area or (view.place.area.code if view and view.place else ""),
        channel="phone",
        round=1,
    )
    return Advice(
        so_far=so_far,
        view=view,
        missing=missing,
        question=_question(work, so_far, view, missing),
        alarms=_alarms(work, suggestion),
        alarming=_said(suggestion, classifier.KeywordKind.EMERGENCY),
        kind=kind,
        urgency=Urgency(suggestion.urgency) if suggestion else Urgency.NORMAL,
        urgent_because=_said(suggestion, classifier.KeywordKind.URGENCY),
        risks={hit.word: hit.value for hit in _spoken(suggestion, classifier.KeywordKind.RISK)},
        grounds=tuple(grounds(view.decision, work)) if view and view.decision else (),
        promise=forecast.forecast(work, case),
        offers=offers(work, so_far, suggestion.elements) if suggestion else (),
        goes_by_itself=view is not None and _goes_by_itself(work, so_far, view),
        channel=_channel(view),
        channel_words=_said(suggestion, classifier.KeywordKind.TRANSFER),
        parts=splitting.parts_of(work, so_far.content, so_far.address) if view else (),
    )


def _goes_by_itself(work: Work, so_far: SoFar, view: triage.Triage) -> bool:
    is_placed = so_far.area is not None or view.place is not None
    is_as_suggested = so_far.category in (None, view.category)
    return is_placed and is_as_suggested and automatic.choice_of(work, view) is not None


def _missing(so_far: SoFar, view: triage.Triage | None) -> tuple[str, ...]:
    found = view.suggestion.elements if view else classifier.Elements()
    there = {
        "who": so_far.known_caller or so_far.anonymous or found.who,
        "when": so_far.occurred or found.when,
        "where": so_far.address or so_far.area or found.where or (view and view.place),
        "what": found.what,
        "wanted": so_far.wish or found.wanted,
    }
    return tuple(name for name in ELEMENTS if not there[name])


_ASKED: Mapping[str, Question] = {
    "what": Question("具体发生了什么？", "说清经过，承办单位才好查"),
    "when": Question("什么时候开始的，现在还这样吗？", "承办单位好查当时的情况"),
    "wanted": Question("您希望怎么解决？", "办结时照此核对"),
    "who": Question("怎么称呼您，回电打哪个号码？", "承办单位要先联系来电人"),
}


def _question(
    work: Work, so_far: SoFar, view: triage.Triage | None, missing: tuple[str, ...]
) -> Question | None:
    if view is None:
        return None
    if view.suggestion.heard and not view.suggestion.emergencies:
        route = view.suggestion.heard.route
        line = f"{route} {work.city.transfers[route].name}"
        return Question("现在还在发生吗？人安全吗？", f"听着像急事；是的话先转 {line}，再登记")
    if "where" in missing:
        return Question("在哪个小区、几号楼？", "有了地点才能定到承办单位")
    unclear = _unclear_place(work, view) if so_far.area is None else None
    if unclear:
        return unclear
    return next((_ASKED[name] for name in _ASKED if name in missing), None)


def _unclear_place(work: Work, view: triage.Triage) -> Question | None:
    place = view.place
    if place is None:
        return Question("属于哪个区、哪个街道？", "地点还对不上区划，问清才能定到承办单位")
    if place.alternatives:
        return Question(names.which_place(work.city, place), f"“{place.matched}”不止一处")
    if place.area.level in (Level.CITY, Level.DISTRICT):
        where = names.area_name(work.city, place.area.code)
        return Question("在哪条路、哪个小区？", f"现在只认到{where}，说清才能定到街道")
    return None


def _alarms(work: Work, suggestion: classifier.Suggestion | None) -> tuple[Transfer, ...]:
    known = work.city.transfers
    heard = [known[code] for code in (suggestion.emergencies if suggestion else ()) if code in known]
    return tuple(sorted(heard, key=lambda line: line.priority or 0))


def _channel(view: triage.Triage | None) -> Transfer | None:
    found = view.transfer if view else None
    return None if found is None or found.kind is TransferKind.EMERGENCY else found


def _said(suggestion: classifier.Suggestion | None, kind: classifier.KeywordKind) -> tuple[str, ...]:
    """Return the words of the text that mean something of this kind, each once."""
    return tuple(dict.fromkeys(hit.word for hit in _spoken(suggestion, kind)))


def _spoken(
    suggestion: classifier.Suggestion | None, kind: classifier.KeywordKind
) -> tuple[classifier.Hit, ...]:
    return classifier.spoken(suggestion.hits, kind) if suggestion else ()
