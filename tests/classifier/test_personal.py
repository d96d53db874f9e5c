import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import find_personal, mask
from tests.classifier.examples import texts
from tests.support.pace import is_linear


@pytest.mark.parametrize(
    "personal",
    [
        "13800138000",
        "138 0013 8000",
        "１３８００１３８０００",
        "+86 13800138000",
        "0591-87654321",
        "(010)65432100",
        "11010519491231002X",
        "6222 0212 3456 7890 128",
        "京A12345",
        "粤b·d12345",
    ],
)
def test_personal_data_is_found_whole(personal):
    text = f"请打{personal}，谢谢"

    assert [span.of(text) for span in find_personal(text)] == [personal]


@pytest.mark.parametrize(
    "harmless",
    [
        "工单20261122000123",
        "110105194912310021",
        "6222021234567890129",
        "和平路12号3栋502",
        "停水3天",
        "12345",
    ],
)
def test_other_numbers_are_left_alone(harmless):
    assert mask(harmless) == harmless


def test_a_local_number_is_a_phone_where_the_text_says_so():
    assert mask("电话是65432100") == "电话是********"
    assert mask("面积65432100") == "面积65432100"


def test_masking_keeps_every_other_character_in_its_place():
    assert mask("张三13800138000，停水") == "张三***********，停水"


digits = st.text("0123456789Xx- 京沪ABab电话:：*０１３８(+)", max_size=60)


@settings(deadline=None, max_examples=300)
@given(texts() | digits)
def test_a_masked_text_holds_nothing_personal(text):
    masked = mask(text)

    assert len(masked) == len(text)
    assert find_personal(masked) == ()


@settings(deadline=None)
@given(texts() | digits)
def test_spans_are_in_order_inside_the_text_and_apart(text):
    ends = 0
    for span in find_personal(text):
        assert ends <= span.start < span.end <= len(text)
        ends = span.end


@pytest.mark.parametrize("piece", ["1380013", "6222 ", "京a", "0", "110105194912310021", "😀", "电话:"])
def test_a_long_text_is_read_in_linear_time(piece):
    assert is_linear(mask, piece)
