"""From a folder to a City: read the files, let each library parse its own, prove that they fit together."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from classifier import taxonomy
from classifier.keywords import KeywordKind, Keywords
from classifier.taxonomy import Taxonomy
from hotline.cities import calendars
from hotline.cities.catalogues import ENTRIES, EXAMPLES, CatalogueText
from hotline.cities.city import City
from hotline.cities.files import Profile
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
from hotline.cities.tables import Table
from hotline.errors import BrokenCity, NoSuchCity
from routing import Departments, Gazetteer, ReturnRules
from sla import Calendars, Ladder, Policy, ladders, policy, trial

FILES = (
    *("city.toml", "calendar.toml", "targets.toml", "alerts.toml"),
    *("returns.toml", "follow_up.toml", "scorecard.toml", "orders.toml"),
    *("departments.csv", "areas.csv", "places.csv", "categories.csv"),
    *(ENTRIES, "keywords.csv", EXAMPLES),
)
# From any moment will do: without official days a calendar knows no year from another.
_TRIED_FROM = datetime.fromtimestamp(0, UTC)
# The kinds of keyword whose value is the code of a [[transfer]].
CHANNELS = (KeywordKind.EMERGENCY, KeywordKind.TRANSFER)


def load(folder: Path) -> City:
    """Return the city of a profile. Raises BrokenCity with file and line; nothing half-right is returned."""
    if not folder.is_dir():
        raise NoSuchCity(folder.absolute())
    profile = Profile.read(folder, FILES)
    categories, keywords = _about_what(profile)
    gazetteer, departments = _whose(profile)
    text = CatalogueText(profile.texts[ENTRIES], profile.texts[EXAMPLES])
    catalogue, examples = text.parse(categories, gazetteer, departments)
    hours = profile.texts[calendars.HOURS]
    office_hours = calendars.parse(hours, (), departments)
    general = profile.table("city.toml")
    targets = targets_of(profile, categories, gazetteer, office_hours)
    with profile.blaming("city.toml"):
        city = City(
            name=general.text("name"),
            code=_code(general, gazetteer),
            hotline=HotlineName.parse(general.table("hotline")),
            taxonomy=categories,
            keywords=keywords,
            gazetteer=gazetteer,
            departments=departments,
            catalogue=catalogue,
            contracts=examples,
            catalogue_text=text,
            profile_catalogue=text,
            policy=targets,
            ladder=_ladder(profile, targets),
            hours=hours,
            profile_hours=hours,
            calendars=office_hours,
            returns=_returns(profile),
            follow_up=_follow_up(profile),
            scorecard=_scorecard(profile),
            auto_dispatch=AutoDispatch.parse(general.table("auto_dispatch")),
            dispatching=Dispatching.parse(general.table("dispatching")),
            learning=Learning.parse(general.table("learning")),
            extension=ExtensionCaps.parse(general.table("extension")),
            suspension=SuspensionCaps.parse(general.table("suspension")),
            deferral=Deferral.parse(general.table("deferral")),
            urging=Urging.parse(general.table("urging")),
            orders=_orders(profile, departments),
            transfers=_transfers(profile, general, categories),
            profile_hash=profile.hash,
        )
        general.done()
    return city


def _about_what(profile: Profile) -> tuple[Taxonomy, Keywords]:
    with profile.blaming("categories.csv"):
        categories = taxonomy.parse(profile.rows("categories.csv"))
    with profile.blaming("keywords.csv"):
        return categories, Keywords.parse(profile.rows("keywords.csv"), categories)


def _whose(profile: Profile) -> tuple[Gazetteer, Departments]:
    with profile.blaming_routing():
        areas = Gazetteer.parse(profile.rows("areas.csv"), profile.rows("places.csv"))
        return areas, Departments.parse(profile.rows("departments.csv"), areas)


def targets_of(profile: Profile, categories: Taxonomy, gazetteer: Gazetteer, hours: Calendars) -> Policy:
    """Parse targets.toml, and try it in all hours; its prefixes must mean something in this city."""
    line_of = profile.line_of_nth("targets.toml", "target")
    with profile.blaming("targets.toml"):
        parsed = policy.parse(profile.toml("targets.toml"), line_of=line_of)
        for office in (hours.city, *hours.offices.values()):
            trial.try_on(office, parsed, (_TRIED_FROM,))
    codes = [category.code for category in categories]
    areas = [area.code for area in gazetteer.areas]
    # The last target is [all], which has no conditions.
    for nth, target in enumerate(parsed.targets[:-1]):
        _require_known("category", target.conditions.categories, codes, line_of(nth))
        _require_known("area", target.conditions.areas, areas, line_of(nth))
    return parsed


def _require_known(kind: str, prefixes: Iterable[str], codes: list[str], line: int) -> None:
    for prefix in prefixes:
        if not any(code.startswith(prefix) for code in codes):
            raise BrokenCity("targets.toml", line, f"no {kind} begins with {prefix!r}")


def _ladder(profile: Profile, targets: Policy) -> Ladder:
    """Parse alerts.toml; each rung must be one that a clock of the city's targets can reach."""

    def line_of(header: str, nth: int) -> int:
        return profile.line_of_nth("alerts.toml", header)(nth)

    with profile.blaming("alerts.toml"):
        ladder = ladders.parse(profile.toml("alerts.toml"), line_of=line_of)
        ladders.prove(ladder, targets, line_of=line_of)
        return ladder


def _returns(profile: Profile) -> ReturnRules:
    with profile.blaming("returns.toml"):
        # The library names no line, and takes the window as text: only sla knows what an allowance is.
        table = profile.table("returns.toml")
        table.allowance("window")
        table.whole("limit", least=1)
        table.whole("refusals", least=1)
        table.truth("once_per_department")
        reasons = table.table("reasons")
        for reason in (reasons.table(code) for code in reasons.values):
            reason.text("name")
            reason.truth("needs_basis")
            reason.truth("needs_department")
            reason.truth("needs_evidence")
    with profile.blaming_routing():
        return ReturnRules.parse(profile.toml("returns.toml"))


def _follow_up(profile: Profile) -> FollowUpRules:
    with profile.blaming("follow_up.toml"):
        return FollowUpRules.parse(profile.table("follow_up.toml"))


def _scorecard(profile: Profile) -> ScorecardRules:
    with profile.blaming("scorecard.toml"):
        return ScorecardRules.parse(profile.table("scorecard.toml"))


def _orders(profile: Profile, departments: Departments) -> OrderRules:
    with profile.blaming("orders.toml"):
        return OrderRules.parse(profile.table("orders.toml"), {one.code for one in departments})


def _code(general: Table, gazetteer: Gazetteer) -> str:
    code = general.text("code")
    if code != gazetteer.city.code:
        raise general.broken("code", f"{code!r} is not the city of areas.csv, {gazetteer.city.code!r}")
    return code


def _transfers(profile: Profile, general: Table, categories: Taxonomy) -> dict[str, Transfer]:
    """Parse every [[transfer]]; each channel that a keyword calls for must be among them."""
    leaves = {category.code for category in categories.leaves}
    transfers: dict[str, Transfer] = {}
    for table in general.tables("transfer"):
        transfer = Transfer.parse(table)
        if transfer.code in transfers:
            raise table.broken("code", f"{transfer.code!r} is there twice")
        if unknown := set(transfer.categories) - leaves:
            raise table.broken("categories", f"names {min(unknown)!r}, which is no category of its own")
        transfers[transfer.code] = transfer
    for line, row in profile.rows("keywords.csv"):
        if row["kind"].strip() in CHANNELS and row["value"].strip() not in transfers:
            raise BrokenCity("keywords.csv", line, f"no [[transfer]] has the code {row['value']!r}")
    return transfers
