"""What the law leads elsewhere is noticed in typical words, and everyday matters are left alone.

The sentences marked "after" were written when the words were settled, and settled none of them.
"""

from collections.abc import Callable

import pytest

import classifier
from classifier.corpus import read_rows
from hotline.cities.city import City
from hotline.cities.rules import TransferKind
from hotline.settings import ROOT
from hotline.tickets import triage

CHECKS = ROOT / "benchmarks"
LINES = frozenset({"110", "119", "120", "122"})
CHANNELS = ("petition", "lawsuit", "arbitration", "reconsideration", "discipline", "disclosure", "other_city")
Row = dict[str, str]
Told = Callable[[str], str]


@pytest.fixture(scope="module")
def told(city: City) -> Told:
    """The channel that the words of a text alone lead to, empty for none."""

    def channel(text: str) -> str:
        view = classifier.suggest(text, taxonomy=city.taxonomy, keywords=city.keywords, model=None)
        place = city.gazetteer.locate("", classifier.normalise(text))
        found = triage.channel_for(city, view, place, "")
        return found.code if found else ""

    return channel


def check(written: str) -> list[Row]:
    rows = read_rows(CHECKS / "channels_check.csv", ("written", "channel", "text"))
    return [row for _, row in rows if row["written"] == written]


@pytest.mark.parametrize(("written", "least"), [("before", 0.9), ("after", 0.7)])
def test_typical_words_lead_to_their_channel(told: Told, written: str, least: float) -> None:
    rows = [row for row in check(written) if row["channel"]]
    right = [told(row["text"]) == row["channel"] for row in rows]

    assert sum(right) / len(right) >= least


def test_every_channel_is_heard_in_sentences_that_settled_no_word(told: Told) -> None:
    rows = check("after")

    for channel in CHANNELS:
        asked = [row["text"] for row in rows if row["channel"] == channel]
        assert sum(told(text) == channel for text in asked) * 2 >= len(asked) > 0, channel


def test_words_that_only_sound_like_a_channel_lead_nowhere(told: Told) -> None:
    near = [row["text"] for written in ("before", "after") for row in check(written) if not row["channel"]]

    assert sum(told(text) != "" for text in near) <= 2
    assert len(near) > 40


def test_everyday_texts_lead_to_no_channel(told: Told) -> None:
    """But for those of 干部廉洁, which are the discipline inspection's by their category."""
    files = ("validation_check.csv", "triage_check.csv")
    rows = [row for name in files for _, row in read_rows(CHECKS / name, ("code", "text"))]

    wrong = [row for row in rows if row["code"] != "2402" and told(row["text"]) not in LINES | {""}]

    assert len(wrong) <= 2
    assert len(rows) > 900


def test_whom_the_law_leads_elsewhere_is_told_by_which_law(city: City) -> None:
    by_law = {TransferKind.PETITION, TransferKind.LEGAL, TransferKind.CITY}

    for channel in city.transfers.values():
        if channel.kind in by_law:
            assert channel.basis, channel.code
            assert len(channel.advice) > 60, channel.code
    assert set(CHANNELS) <= set(city.transfers)


def test_another_wording_is_another_version(city: City) -> None:
    versions = [one.advice_version for one in city.transfers.values() if one.advice]

    assert len(set(versions)) == len(versions)
    assert all(not one.advice_version for one in city.transfers.values() if not one.advice)
