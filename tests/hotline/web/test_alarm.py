"""What sounds like an emergency is asked about first, and never goes out by itself."""

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from classifier import Emergency, Heard, Scored
from hotline.tickets import triage
from hotline.web.agent.advice import SoFar, advise, read_so_far
from hotline.work import Work

HEARD = Heard(Emergency("119"), 0.7)


class Alarmed:
    """Hears 119 in everything."""

    def listen(self, text: str) -> Heard | None:
        return HEARD if text else None


@pytest.fixture
def alarmed(work: Work) -> Work:
    stub: Any = Alarmed()
    return replace(work, city=replace(work.city, alarm=stub))


def said(work: Work, content: str) -> SoFar:
    return read_so_far(MultiDict({"content": content}), work.city)


def test_the_first_question_is_whether_it_still_happens(alarmed: Work) -> None:
    question = advise(alarmed, said(alarmed, "灯源路那边楼道里全是烟")).question

    assert question is not None
    assert question.words == "现在还在发生吗？人安全吗？"
    assert "先转 119 消防救援" in question.why


def test_where_a_keyword_names_the_line_the_banner_is_enough(alarmed: Work) -> None:
    question = advise(alarmed, said(alarmed, "灯源路着火了")).question

    assert question is None or question.words != "现在还在发生吗？人安全吗？"


@pytest.mark.parametrize("heard", [None, HEARD])
def test_the_auto_lane_leaves_it_to_a_person(work: Work, heard: Heard | None) -> None:
    view = triage.suggest(work, "灯源路的路灯不亮了", "灯源路", category="0204")
    said = replace(view.suggestion, categories=(Scored("0204", 0.99),), risks=(), heard=heard)

    speaks = triage.speaks_for_itself(replace(view, suggestion=said, transfer=None))

    assert speaks is (heard is None)
