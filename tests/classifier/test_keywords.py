import pytest
from hypothesis import given, settings

from classifier import BrokenKeywords, KeywordKind, Keywords, normalise, spoken
from tests.classifier.examples import keywords, taxonomy, texts
from tests.support.pace import is_linear


def row(kind="risk", word="跳楼", value="self_harm", unless=""):
    return {"kind": kind, "word": word, "value": value, "unless": unless}


def hits(text, **rule):
    return [hit.word for hit in Keywords.parse([(2, row(**rule))], taxonomy()).hits(text)]


def test_a_word_may_mean_several_things():
    found = keywords().hits("他要跳楼")

    assert [(hit.kind, hit.value) for hit in found] == [
        (KeywordKind.EMERGENCY, "110"),
        (KeywordKind.RISK, "self_harm"),
    ]
    assert (found[0].start, found[0].end) == (2, 4)


def test_a_channel_is_known_to_the_city_alone():
    found = Keywords.parse([(2, row(kind="transfer", word="已经起诉", value="lawsuit"))], taxonomy())

    assert [(hit.kind, hit.value) for hit in found.hits("这件事我已经起诉了")] == [
        (KeywordKind.TRANSFER, "lawsuit")
    ]


def test_a_longer_word_cancels_only_what_stands_inside_it():
    assert hits("跳楼价清仓", unless="跳楼价") == []
    assert hits("跳楼价清仓骗人，老人气得要跳楼", unless="跳楼价") == ["跳楼"]


def test_another_word_cancels_in_the_same_sentence_only():
    assert hits("消防演练时楼里有人喊跳楼", unless="演练") == []
    assert hits("昨天有演练。现在有人要跳楼", unless="演练") == ["跳楼"]


def test_words_that_overlap_are_both_found():
    rules = [(2, row(word="煤气泄漏")), (3, row(word="泄漏"))]

    assert [hit.word for hit in Keywords.parse(rules, taxonomy()).hits("煤气泄漏")] == ["煤气泄漏", "泄漏"]


ARBITRATED = [
    (2, row(kind="transfer", word="仲裁裁决", value="arbitration")),
    (3, row(kind="transfer", word="仲裁裁", value="arbitration")),
    (4, row(kind="transfer", word="裁决", value="arbitration")),
    (5, row(kind="transfer", word="裁决", value="lawsuit")),
    (6, row(kind="risk", word="仲裁", value="unrest")),
]


def test_of_words_that_overlap_and_mean_the_same_the_longest_is_said():
    found = Keywords.parse(ARBITRATED, taxonomy()).hits("公司不执行仲裁裁决，又说仲裁裁定无效")

    said = spoken(found, KeywordKind.TRANSFER)

    assert [(hit.word, hit.value) for hit in said] == [
        ("仲裁裁决", "arbitration"),
        ("裁决", "lawsuit"),
        ("仲裁裁", "arbitration"),
    ]
    assert [hit.word for hit in spoken(found, KeywordKind.RISK)] == ["仲裁", "仲裁"]


@pytest.mark.parametrize(
    ("words", "longest"), [(["仲裁裁决", "裁决书"], "仲裁裁决"), (["仲裁裁", "裁决书下来"], "裁决书下来")]
)
def test_the_longest_is_said_wherever_it_begins(words, longest):
    rules = [(number, row(word=word)) for number, word in enumerate(words, start=2)]
    found = Keywords.parse(rules, taxonomy()).hits("仲裁裁决书下来了")

    assert [hit.word for hit in spoken(found, KeywordKind.RISK)] == [longest]


def test_width_and_case_do_not_matter():
    assert hits("楼下ＫＴＶ太吵", kind="category", word="ktv", value="0102") == ["ktv"]


@pytest.mark.parametrize(
    "broken",
    [
        row(kind="mood"),
        row(word="跳"),
        row(value="110"),
        row(kind="emergency", value="999"),
        row(kind="urgency", value="normal"),
        row(kind="category", value="9999"),
        row(kind="transfer", value=""),
        row(unless="跳楼|跳楼价"),
        {"kind": "risk", "word": "跳楼"},
    ],
)
def test_a_rule_that_cannot_hold_is_refused_with_its_line(broken):
    with pytest.raises(BrokenKeywords) as refused:
        Keywords.parse([(2, row(word="上吊")), (9, broken)], taxonomy())

    assert refused.value.line == 9


def test_the_same_rule_twice_is_refused():
    with pytest.raises(BrokenKeywords, match="line 2") as refused:
        Keywords.parse([(2, row()), (3, row())], taxonomy())

    assert refused.value.line == 3


@settings(deadline=None)
@given(texts())
def test_hits_lie_where_their_word_stands(text):
    for hit in keywords().hits(text):
        assert normalise(text[hit.start : hit.end]) == hit.word


@pytest.mark.parametrize("piece", ["跳楼", "着火", "跳", "a", "。"])
def test_a_long_text_is_read_in_linear_time(piece):
    assert is_linear(keywords().hits, piece)
