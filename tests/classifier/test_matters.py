"""Where one matter of a call ends and the next begins: judged by words that mean one thing each."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import Scored, find_matters
from classifier.matters import Matter

MEANT = {"路灯": "light", "噪声": "noise", "垃圾": "waste", "社保": "pension"}
LIGHT = "我们小区门口的路灯坏了半个月，晚上出门一片漆黑看不清路，老人孩子都怕摔着"
NOISE = "对面工地夜里十二点还在打桩，噪声大得全家都睡不着觉，孩子第二天上学没精神"
WASTE = "楼下的垃圾堆了一个星期没有人来收，苍蝇乱飞味道很大，开不了窗户"


def judge(texts: Sequence[str]) -> list[tuple[Scored, ...]]:
    """Share the certainty out among the categories whose words occur."""
    found = []
    for text in texts:
        votes = {code: text.count(word) for word, code in MEANT.items() if word in text}
        total = sum(votes.values())
        shares = [Scored(code, 0.96 * number / total) for code, number in votes.items()]
        found.append(tuple(sorted(shares, key=lambda one: -one.probability)))
    return found


def categories(text: str) -> list[str]:
    return [matter.category for matter in find_matters(text, judge)]


def words(text: str) -> list[str]:
    return [matter.span.of(text) for matter in find_matters(text, judge)]


@pytest.mark.parametrize(
    "join",
    [
        *("。另外，", "，另外", "。还另外有件事，", "。此外", "；同时反映", "。还有就是", "。还有个事，"),
        *("。再一个，", "。再就是", "。顺便问一下，", "。其次，", "。对了，", "。我还想反映", "\n另外："),
    ],
)
def test_what_callers_say_between_two_things_parts_them(join: str) -> None:
    assert categories(f"{LIGHT}{join}{NOISE}。") == ["light", "noise"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("一、", "\n二、"),
        ("1、", "。2、"),
        ("1.", "；2."),
        ("（1）", "。（2）"),
        ("第一，", "。第二，"),
        ("一是", "；二是"),
    ],
)
def test_a_list_parts_them(first: str, second: str) -> None:
    text = f"{first}{LIGHT}{second}{NOISE}"

    assert categories(text) == ["light", "noise"]
    assert words(text)[1].startswith(second.strip("\n。；"))


def test_three_things_make_three_parts() -> None:
    assert categories(f"{LIGHT}。另外{NOISE}。再一个，{WASTE}") == ["light", "noise", "waste"]


def test_neighbours_of_one_category_are_one_matter() -> None:
    text = f"{LIGHT}。另外，北门的路灯也不亮，报修过两回都没有人来。此外，{NOISE}"

    assert categories(text) == ["light", "noise"]
    assert words(text)[0].endswith("都没有人来。")


def test_what_comes_back_to_the_first_matter_was_never_a_second_one() -> None:
    assert categories(f"{LIGHT}。另外{NOISE}。此外，{LIGHT}") == []


@pytest.mark.parametrize(
    "text",
    [
        LIGHT,
        f"{LIGHT}。另外，请尽快安排人来看一下。",
        f"{LIGHT}。第一，已经半个月了；第二，报修没人来；第三，晚上看不清。",
        f"2026年11月20日晚上10点多，{LIGHT}，11点30分、12点各打过一次电话。",
        f"我住3号楼2单元1201，买了5年社保。{LIGHT}。",
        f"去年也因为噪声打过电话。{LIGHT}。",
        f"{LIGHT}，还有人因此摔了一跤。",
        "",
        "。。。",
        "另外",
    ],
)
def test_moments_numbers_and_what_lies_behind_are_no_matters(text: str) -> None:
    assert categories(text) == []


def test_a_part_that_speaks_of_both_is_not_parted() -> None:
    assert categories(f"{LIGHT}。另外，路灯下面的音响也有噪声，路灯不亮的时候噪声照样有") == []


def test_without_an_announcement_only_long_and_certain_sentences_part() -> None:
    assert categories(f"{LIGHT}。{NOISE}。") == ["light", "noise"]
    assert categories(f"{LIGHT}。噪声也大，请管一管。") == []


def test_who_decides_what_is_apart_is_asked_of_every_two() -> None:
    asked: list[tuple[str, str]] = []

    def never(one: Matter, other: Matter) -> bool:
        asked.append((one.category, other.category))
        return False

    assert find_matters(f"{LIGHT}。另外，{NOISE}", judge, apart=never) == ()
    assert ("light", "noise") in asked


SCRAPS = st.sampled_from(
    [
        LIGHT,
        NOISE,
        WASTE,
        "。",
        "，",
        "\n",
        "\r\n\r\n",
        "另外，",
        "二、",
        "2.",
        " ",
        "谢谢",
        "<p>",
        "😀",
        "還有就是",
        "社保",
    ]
)


@given(st.lists(SCRAPS, max_size=12).map("".join))
def test_the_parts_are_the_text_and_nothing_is_lost(text: str) -> None:
    found = find_matters(text, judge)

    assert "".join(matter.span.of(text) for matter in found) in ("", text)
    assert len(found) != 1
    assert len({matter.category for matter in found}) == len(found)
