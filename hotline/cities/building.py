"""A new city from its official code: a folder that loads."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from errno import EEXIST, ENOENT
from pathlib import Path

from hotline.cities.city import City
from hotline.cities.divisions import OfficialCity
from hotline.cities.drafts import words
from hotline.cities.drafts.areas import areas, places
from hotline.cities.drafts.catalogue import catalogue
from hotline.cities.drafts.contracts import Examples
from hotline.cities.drafts.departments import Bodies
from hotline.cities.drafts.template import Line, Template, table
from hotline.cities.files import Rows
from hotline.cities.presets import targets_of
from hotline.cities.reading import FILES, load
from routing import Departments, Gazetteer


def build(city: OfficialCity, folder: Path, *, targets: str | None = None) -> City:
    """Write the profile as a new `folder`, whole and loadable or not at all.

    `targets` names the preset that it takes its time limits from; without, the demo city's. Raises
    FileExistsError where there is such a folder, FileNotFoundError where there is none to hold it.
    """
    _require_room(folder)
    texts = dict(drafted(city, Template.read()))
    if targets:
        texts["targets.toml"] = targets_of(targets)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, text in texts.items():
            _write(made / name, text)
        built = load(made)
        made.chmod(0o755)
        # Renaming onto an empty folder would succeed: what is there is never touched.
        _require_room(folder)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return built


def drafted(city: OfficialCity, template: Template) -> Mapping[str, str]:
    """Return the text of every file of the profile."""
    divided, seats = areas(city), places(city)
    gazetteer = Gazetteer.parse(_rows(divided), _rows(seats))
    bodies = Bodies(city, template).lines()
    departments = Departments.parse(_rows(bodies), gazetteer)
    ours = {
        "city.toml": words.general(city, template),
        "keywords.csv": table(words.keywords(city, template, gazetteer.names)),
        "areas.csv": table(divided),
        "places.csv": table(seats),
        "departments.csv": table(bodies),
        "catalogue.csv": table(catalogue(city, template)),
        "contracts.csv": table(Examples(city, template, gazetteer, departments).lines()),
    }
    return {name: ours.get(name) or template.text(name) for name in FILES}


def _rows(lines: list[Line]) -> Rows:
    return list(enumerate(lines, start=2))


def _require_room(folder: Path) -> None:
    if folder.exists() or folder.is_symlink():
        raise FileExistsError(EEXIST, os.strerror(EEXIST), str(folder))
    if not folder.parent.is_dir():
        raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(folder.parent))


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")
    # A profile holds no secret, and whoever runs the hotline must be able to read it.
    file.chmod(0o644)
