"""The time limits that a new city may begin with: each loads, reckons, and names its sources."""

import re
import tomllib

import pytest

from hotline.cities import presets
from hotline.cities.files import Profile
from hotline.cities.reading import load
from hotline.settings import ROOT
from sla import policy, trial
from sla.policy import Policy, Stage
from tests.builders import official_days
from tests.sla.examples import shanghai

BINHAI = load(ROOT / "hotline" / "cities" / "binhai")
STARTS = tuple(shanghai(month, 15, 10) for month in range(1, 13))


def policy_of(name: str) -> Policy:
    text = presets.targets_of(name)
    line_of = Profile({"targets.toml": text}).line_of_nth("targets.toml", "target")
    return policy.parse(tomllib.loads(text), line_of=line_of)


def test_five_places_are_there() -> None:
    assert presets.names() == ["beijing", "shandong", "shanghai", "sichuan", "tianjin"]


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_gives_every_ticket_a_deadline(name: str) -> None:
    assert trial.try_on(BINHAI.calendars_with(official_days()).city, policy_of(name), STARTS)


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_says_how_long_every_stage_may_take_and_names_its_rules(name: str) -> None:
    read = policy_of(name)

    assert all(set(Stage) <= target.allowances.keys() for target in read.targets[:-1])
    assert all(target.name for target in read.targets[:-1])


@pytest.mark.parametrize("name", presets.names())
def test_every_number_of_a_preset_says_where_it_is_from(name: str) -> None:
    numbers = [line for line in presets.targets_of(name).splitlines() if re.match(r'\w+ = "\d', line)]

    assert len(numbers) > 10
    assert [line for line in numbers if not re.search(r"# \S{4}", line)] == []
