"""Every city profile that ships loads, and routes its own examples right."""

from datetime import date
from pathlib import Path

import pytest

from hotline.cities import reading
from hotline.settings import ROOT
from routing.contracts import broken_contracts

PROFILES = sorted(file.parent for file in (ROOT / "hotline" / "cities").glob("*/city.toml"))


def test_a_city_ships():
    assert ROOT / "hotline" / "cities" / "binhai" in PROFILES


@pytest.mark.parametrize("folder", PROFILES, ids=lambda folder: folder.name)
def test_a_profile_loads(folder: Path):
    city = reading.load(folder)

    assert city.name
    assert city.code in city.gazetteer


@pytest.mark.parametrize("folder", PROFILES, ids=lambda folder: folder.name)
def test_a_profile_keeps_its_contracts(folder: Path):
    city = reading.load(folder)

    assert city.contracts
    for day in (date(2026, 11, 24), date(2027, 11, 24)):
        broken = broken_contracts(city.contracts, city.catalogue, city.departments, city.gazetteer, day=day)
        assert broken == ()
