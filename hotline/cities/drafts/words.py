"""keywords.csv and city.toml: the demo city's, with its names and its departures from the usual taken out."""

import re
from collections.abc import Iterable

from hotline.cities.divisions import OfficialCity
from hotline.cities.drafts.template import Line, Template
from hotline.cities.rules import TransferKind

# Where the demo does not write what a city usually would, its comment says so: 一般城市用 0.97.
_UNUSUAL = re.compile(r"^(\w+ = )(\S+)( *# .*?)；?一般城市用 (\"\w+\"|[\d.]+).*$", re.MULTILINE)
# How keywords.csv names another city.
_SAID_OF_CITIES = ("{}", "在{}", "{}境内", "{}那边", "老家在{}")
_FICTIONAL = "虚构代码，"


def keywords(city: OfficialCity, template: Template, names: Iterable[str]) -> list[Line]:
    """Return the words without those by which our own `names` would be another city's."""
    elsewhere = {line["code"] for line in _transfers(template) if line["kind"] == TransferKind.CITY}
    own = {said.format(name) for name in names for said in _SAID_OF_CITIES}
    return [
        {column: template.renamed(text, city.name) for column, text in line.items()}
        for line in template.lines("keywords.csv")
        if not (line["value"] in elsewhere and line["word"] in own)
    ]


def general(city: OfficialCity, template: Template) -> str:
    """Return city.toml."""
    text = template.renamed(template.text("city.toml"), city.name)
    text = text.replace(template.city["code"], city.code).replace(_FICTIONAL, "")
    return _UNUSUAL.sub(lambda found: f"{found[1]}{found[4]}{found[3]}".rstrip(" #"), text)


def _transfers(template: Template) -> list[Line]:
    found = template.profile.toml("city.toml")["transfer"]
    return found if isinstance(found, list) else []
