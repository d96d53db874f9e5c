"""Every reason and every loss has its words."""

import pytest

from hotline.web import grounds
from hotline.work import Work
from routing import Reason, ReasonCode

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
