import time

import pytest
from hypothesis import given, settings

from classifier import Kind, kind_of
from classifier.corpus import Example
from classifier.kind_training import teach_kinds, write
from classifier.kinds import ALWAYS, KINDS, judge, runs_of
from tests.classifier.examples import texts

ASKED = ["公积金要怎么提取呢", "护照在哪里换", "几点开门", "要带哪些材料"]
COMPLAINED = ["楼上每天装修到半夜", "老板不退押金", "物业乱收停车费", "烧烤摊的烟太大"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请问公积金怎么提取", Kind.ENQUIRY),
        ("孩子走失了，帮帮忙", Kind.HELP),
        ("楼上每天装修到半夜", Kind.COMPLAINT),
        ("举报村支书贪污", Kind.REPORT),
        ("建议在路口加一个红绿灯", Kind.SUGGESTION),
        ("表扬3路公交车司机", Kind.PRAISE),
        ("", Kind.COMPLAINT),
    ],
)
def test_kinds_by_their_words(text, kind):
    assert kind_of(text) is kind


def test_praise_that_turns_is_none():
    assert kind_of("铲雪车推得好，我要表扬一句，但人行道上的雪没人铲") is not Kind.PRAISE


def test_thanks_in_advance_are_no_praise():
    assert (
        kind_of("楼下烧烤摊的烟天天往我家灌，开窗都不行，孩子咳了半个月，盼早日解决，谢谢领导")
        is not Kind.PRAISE
    )


def test_a_long_text_is_a_report_by_its_opening_alone():
    grievance = "公司不退我的押金，说好三天到账，去了几次都推给财务，" * 3

    assert kind_of(f"举报老板，{grievance}") is Kind.REPORT
    assert kind_of(f"{grievance}我早就该举报") is not Kind.REPORT


def test_a_wrong_is_reported_without_the_word():
    assert kind_of("有人在后山偷挖石头往外卖") is Kind.REPORT


@settings(deadline=None)
@given(texts())
def test_every_text_has_a_kind(text):
    assert kind_of(text) in KINDS


def test_width_and_a_telephone_number_do_not_change_the_kind():
    assert kind_of("请问护照在哪里换？") is kind_of("请问护照在哪里换?13800138000")


def test_a_hundred_thousand_characters_are_read_at_once():
    started = time.process_time()

    kind_of("请问路灯什么时候修好，" * 10_000)

    assert time.process_time() - started < 1


def test_what_examples_teach_tells_them_apart():
    examples = [Example("0101", text, "enquiry", "normal") for text in ASKED * 10]
    examples += [Example("0101", text, "complaint", "normal") for text in COMPLAINED * 10]

    weights = teach_kinds(examples)

    assert {judge(text, weights) for text in ASKED} == {Kind.ENQUIRY}
    assert {judge(text, weights) for text in COMPLAINED} == {Kind.COMPLAINT}


def test_weights_are_written_one_run_a_line(tmp_path):
    write({"问": (9, 0, -3, 0, 0, 0), ALWAYS: (-1, -1, 0, -1, -1, -1)}, tmp_path / "kinds.csv")

    assert (tmp_path / "kinds.csv").read_text(encoding="utf-8") == (
        "run,enquiry,help,complaint,report,suggestion,praise\n,-1,-1,0,-1,-1,-1\n问,9,0,-3,0,0,0\n"
    )


def test_a_run_is_a_character_or_a_pair_of_neighbours():
    assert runs_of("问一问") == {"问", "一", "问一", "一问"}
