"""Every reason and every loss has its words, and what earlier matters say stands beside them."""

import pytest

from hotline.tickets import triage
from hotline.tickets.precedents import Precedent, Precedents
from hotline.tickets.track_record import Returned
from hotline.web import grounds
from hotline.work import Work
from routing import Considered, Criterion, Decision, Loss, Reason, ReasonCode
from tests.builders import HOUR
from tests.conftest import NOW

FACTS = {
    "category": "0204",
    "line": "7",
    "basis": "城市照明管理规定",
    "note": "",
    "keyword": "供水",
    "keywords": "供水 电力",
    "area": "990101",
    "department": "U-SHUI",
    "of": "D-SJ",
    "duty": "SHUI",
    "asked": "district",
    "found": "city",
    "level": "subdistrict",
    "minimum": "district",
}


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_can_be_said(work: Work, code: ReasonCode) -> None:
    said = grounds.ground(Reason(code, FACTS), work)

    assert said.name
    assert said.words
    assert "U-SHUI" not in said.words


@pytest.mark.parametrize("loss", Loss)
@pytest.mark.parametrize("criterion", Criterion)
def test_every_loss_can_be_said(work: Work, loss: Loss, criterion: Criterion) -> None:
    facts = {**FACTS, "since": "2027-01-01", "until": "2025-12-31", "known": "city", "criterion": criterion}
    entry = work.city.catalogue.entries[0]

    assert grounds.lost(Considered(entry, None, loss, facts), work)


def test_who_won_lost_nothing(work: Work) -> None:
    assert grounds.lost(Considered(work.city.catalogue.entries[0], None, None), work) == ""


def precedents(*settled_by: str, returned: tuple[Returned, ...] = ()) -> Precedents:
    alike = tuple(
        Precedent("2026112400001", "井盖不见了", code, None, NOW, HOUR, None, 1, 0.5) for code in settled_by
    )
    return Precedents(len(alike), alike, returned)


def a_decision(work: Work) -> Decision:
    decision = triage.decide(work, "0202", "990101", "供水井盖没了")
    assert decision.lead == "U-SHUI"
    return decision


@pytest.mark.parametrize(
    ("settled_by", "against"),
    [
        (("U-SHUI", "U-SHUI"), False),
        (("D-CG", "D-CG", "U-SHUI"), True),
        (("D-CG", "U-SHUI"), False),
        (("D-CG",), False),
    ],
)
def test_what_most_others_settled_speaks_against_another_lead(
    work: Work, settled_by: tuple[str, ...], against: bool
) -> None:
    [said] = grounds.of_precedents(precedents(*settled_by), a_decision(work), work)

    assert (said.name, said.against) == ("相似已办", against)


@pytest.mark.parametrize(("granted", "against"), [(0, False), (1, True)])
def test_returns_that_were_granted_speak_against_the_one_who_gave_back(
    work: Work, granted: int, against: bool
) -> None:
    returned = (Returned("U-SHUI", 3, granted), Returned("D-CG", 9, 9))

    [said] = grounds.of_precedents(precedents(returned=returned), a_decision(work), work)

    assert (said.name, said.against) == ("历史退单", against)
    assert "水务集团" in said.words
