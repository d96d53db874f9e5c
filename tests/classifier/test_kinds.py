import pytest

from classifier import Kind, kind_of


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
