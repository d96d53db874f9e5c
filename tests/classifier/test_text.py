import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import Span, mask, normalise
from classifier.alarm import read_emergencies
from classifier.corpus import read_corpus
from classifier.text import fold
from tests.classifier.examples import texts
from tests.classifier.oddities import strange

CLASSIFIER = Path(__file__).parents[2] / "classifier"
# Said in a dialect that writes 占 so.
OF_A_DIALECT = ("佔", "占")


def test_full_width_forms_become_plain_ones():
    assert normalise("ＡＢＣ１２３（号）：") == "abc123(号):"


def test_white_space_is_one_space_and_none_at_the_edges():
    assert normalise("\u3000停水 \r\n\t 两天\u00a0") == "停水 两天"


def test_control_and_invisible_characters_vanish():
    assert normalise("停\x00水\u200b了\ufeff") == "停水了"


def test_a_lone_surrogate_vanishes():
    assert normalise("停\ud83d水") == "停水"


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("噪聲擾民", "噪声扰民"),
        ("電梯裏面，巷子裡", "电梯里面,巷子里"),
        ("頭髮和發票", "头发和发票"),
        ("關於徵地，他們說不瞭解", "关于征地,他们说不了解"),
        ("看著機器開著", "看着机器开着"),
        ("這邊一直不乾淨", "这边一直不干净"),
        ("東西被打壞了", "东西被打坏了"),
    ],
)
def test_traditional_characters_become_simplified_ones(traditional, simplified):
    assert normalise(traditional) == simplified


@pytest.mark.parametrize("word", ["著名", "显著", "乾隆", "乾坤", "瞭望塔", "徵羽", "哪吒", "於潜镇", "覆盖"])
def test_words_of_simplified_texts_keep_the_characters_that_both_scripts_have(word):
    assert normalise(f"去{word}的路") == f"去{word}的路"


@pytest.mark.parametrize("word", ["著名", "显著", "乾隆", "乾坤", "哪吒"])
def test_they_keep_them_in_traditional_texts_too(word):
    assert normalise(f"這裡看著{word}") == f"这里看着{word}"


def test_a_fire_is_one_without_any_other_sign_of_the_script():
    assert normalise("著火了") == "着火了"


def test_what_teaches_the_model_is_simplified_already():
    read = [example.text for example in read_corpus(CLASSIFIER / "corpus")]
    read += [text for _, text in read_emergencies(CLASSIFIER / "emergencies")]

    for text in read:
        expected = text.replace(*OF_A_DIALECT)
        assert "".join(character for character in normalise(text) if "\u4e00" <= character <= "\u9fff") == (
            "".join(character for character in expected if "\u4e00" <= character <= "\u9fff")
        )


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("<p>停水</p><p>两天</p>", "停水 两天"),
        ("停水<br/>两天<BR>了", "停水 两天 了"),
        ("有人要跳<b>楼</b>", "有人要跳楼"),
        ('<p class=MsoNormal style="font-family:宋体">停水<o:p></o:p></p>', "停水"),
        ("停水&nbsp;&nbsp;两天&hellip;", "停水 两天..."),
        ("&#20572;&#x6C34;", "停水"),
        ("<script>if (a < b) alert('x')</script>停水", "停水"),
        ("<style>p { color: red }</style >停水", "p { color: red } 停水"),
        ("<!-- 模板 -->停水<!--[if gte mso 9]><xml>x</xml><![endif]-->", "停水"),
        ("＜ｐ＞停水＆ｎｂｓｐ；", "停水"),
        ("&lt;p&gt;停水&amp;nbsp;了&lt;/p&gt;", "停水 了"),
    ],
)
def test_markup_of_web_pages_goes(pasted, read):
    assert normalise(pasted) == read


@pytest.mark.parametrize(
    "text", ["a<b", "水压<2公斤,要>3", "<张三>来电", "at&t; r&d", "<phone>", "1<2&3>2", "<b停水>", "&nosuch;"]
)
def test_what_only_looks_like_markup_stays(text):
    assert normalise(text) == text


def test_markup_in_more_layers_than_anybody_escapes_is_gone_too():
    folded = normalise("停" + "&" + "amp;" * 9 + "lt;水")

    assert "<" not in folded
    assert "&" not in folded


def test_the_way_back_covers_the_whole_reference():
    text = "电话&#49;3800138000，急"
    folded = fold(text)

    at = folded.text.index("1")

    assert folded.original(Span(at, at + 11)).of(text) == "&#49;3800138000"
    assert mask(text) == "电话" + "*" * 15 + "，急"


def test_every_character_folds_to_a_form_that_stays():
    everything = "x".join(chr(codepoint) for codepoint in range(sys.maxunicode // 4))

    once = normalise(everything)

    assert normalise(once) == once


@settings(deadline=None)
@given(texts() | strange())
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)

    assert normalise(once) == once
    assert fold(text).text == once


@settings(deadline=None)
@given(texts(), st.data())
def test_the_way_back_leads_to_the_same_characters(text, data):
    folded = fold(text)
    if not folded.text:
        return

    start = data.draw(st.integers(0, len(folded.text) - 1))
    place = folded.original(Span(start, start + 1))

    assert 0 <= place.start < place.end <= len(text)
    assert folded.text[start] in fold("x" + place.of(text) + "x").text


@settings(deadline=None)
@given(strange())
def test_the_way_back_only_goes_forward(text):
    folded = fold(text)

    assert len(folded.origins) == len(folded.ends) == len(folded.text)
    assert folded.origins == sorted(folded.origins)
    assert folded.ends == sorted(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.origins, folded.ends, strict=True))


@pytest.mark.parametrize(
    "unit",
    ["<", "&", "<p ", '<p a="', "<p a='b' ", "<!--", "<script>", "&amp;", "&#38;", "&#&#49;", "乾著這"],
)
def test_no_markup_makes_it_slower_than_linear(unit):
    def cost(length):
        text = unit * (length // len(unit))
        taken = []
        for _ in range(3):
            started = time.process_time()
            fold(text)
            taken.append(time.process_time() - started)
        return min(taken)

    # Eight times the text: eight times the work, sixty-four were it quadratic.
    assert cost(80_000) < 30 * cost(10_000)
