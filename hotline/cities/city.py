"""Everything that one city decides, read and proved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from classifier import Alarm, Model
from classifier.keywords import Keywords
from classifier.taxonomy import Taxonomy
from hotline.cities import calendars
from hotline.cities.catalogues import CatalogueText
from hotline.cities.order_rules import OrderRules
from hotline.cities.rules import (
    AutoDispatch,
    Deferral,
    Dispatching,
    ExtensionCaps,
    FollowUpRules,
    HotlineName,
    Learning,
    ScorecardRules,
    SuspensionCaps,
    Transfer,
    Urging,
)
from routing import Catalogue, Contract, Departments, Gazetteer, ReturnRules
from sla import Calendars, Ladder, OfficialDay, Policy, WorkCalendar


@dataclass(frozen=True)
class City:
    """The rules in force. `profile_hash` names them: it is written on every dispatch.

    `calendars` know only the city's own exceptions until they are replaced by `calendars_with` the official
    days. `hours` is the calendar.toml in force: `profile_hours` until a version of the calendar is applied,
    whose number is `calendar_version`, 0 before the first.
    `classifier` and `alarm` are None until they are taught; keywords then work alone. `shadow` is a newer
    model that only looks on. `catalogue` and `contracts` are what `catalogue_text` says: `profile_catalogue`
    until a version is published.
    """

    name: str
    code: str
    hotline: HotlineName
    taxonomy: Taxonomy
    keywords: Keywords
    gazetteer: Gazetteer
    departments: Departments
    catalogue: Catalogue
    contracts: tuple[Contract, ...]
    catalogue_text: CatalogueText
    profile_catalogue: CatalogueText
    policy: Policy
    ladder: Ladder
    hours: str
    profile_hours: str
    calendars: Calendars
    returns: ReturnRules
    follow_up: FollowUpRules
    scorecard: ScorecardRules
    auto_dispatch: AutoDispatch
    dispatching: Dispatching
    learning: Learning
    extension: ExtensionCaps
    suspension: SuspensionCaps
    deferral: Deferral
    urging: Urging
    orders: OrderRules
    transfers: Mapping[str, Transfer]
    profile_hash: str
    classifier: Model | None = None
    shadow: Model | None = None
    alarm: Alarm | None = None
    calendar_version: int = 0

    @property
    def zone(self) -> ZoneInfo:
        return self.calendar.zone

    @property
    def calendar(self) -> WorkCalendar:
        """The hours of the hotline itself, and of every department that has no others."""
        return self.calendars.city

    @property
    def names(self) -> tuple[str, ...]:
        """What a segmenter has to know to leave it whole: places, and departments as people call them."""
        return (*self.gazetteer.names, *(department.short for department in self.departments))

    def calendars_with(self, official_days: Iterable[OfficialDay]) -> Calendars:
        """Return the city's calendars with the days that hold for the whole country."""
        return calendars.parse(self.hours, official_days)

    def with_catalogue(self, text: CatalogueText) -> "City":
        """Return the city under another catalogue. Raises BrokenCity with file and line."""
        catalogue, contracts = text.parse(self.taxonomy, self.gazetteer, self.departments)
        return replace(self, catalogue=catalogue, contracts=contracts, catalogue_text=text)
