"""The words of a city: which may be added, that a change has a model taught, and what it would do."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from classifier import normalise
from hotline import labels
from hotline.errors import InvalidInput, NotFound
from hotline.models.dictionary import CityWord
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Kind
from hotline.models.version import Cause, Training
from hotline.tickets import dictionary, dictionary_preview
from hotline.tickets.dictionary_preview import preview
from hotline.tickets.promises import TEACH
from tests.builders import ADMIN, PHONE, a_logged_ticket, by

NEW = "飞线充电"
CHARGING = "楼道里有人飞线充电，电线从六楼拖到一楼，怕起火，希望有人来管。"


@pytest.fixture
def admin(work):
    return by(work, ADMIN)


def trainings_of(work):
    return list(work.session.scalars(select(Training)))


def problem_with(work, *written):
    with pytest.raises(InvalidInput) as refused:
        dictionary.add(work, written)
    return refused.value.fields["words"]


# ---------------------------------------------------------------- adding and removing


def test_words_are_kept_as_texts_are_compared_each_once_with_who_and_when(admin):
    new = dictionary.add(admin, [" 飛線充電 ", NEW, "", "ＥＴＣ通道"])

    assert new == (NEW, "etc通道")
    assert dictionary.words(admin) == ["etc通道", NEW]
    assert {(one.added_at, one.added_by) for one in dictionary.entries(admin)} == {(admin.now, "admin")}


def test_a_word_that_is_there_already_stays_as_it_was(admin):
    dictionary.add(admin, [NEW])
    later = by(admin, ADMIN, after=timedelta(days=1))

    assert dictionary.add(later, [NEW, "城市驿站"]) == ("城市驿站",)
    assert admin.session.get(CityWord, NEW).added_at == admin.now


def test_the_newest_words_come_first_and_are_found_by_a_part_of_them(admin):
    admin.session.add(CityWord(word="公交总站", added_at=admin.now - timedelta(days=9), added_by_id=None))
    dictionary.add(admin, [NEW, "充电驿站"])

    assert [one.word for one in dictionary.entries(admin)][-1] == "公交总站"
    assert dictionary.entries(admin)[-1].added_by is None
    assert {one.word for one in dictionary.entries(admin, part="充電")} == {NEW, "充电驿站"}
    assert dictionary.entries(admin, part="%") == []
    assert len(dictionary.entries(admin, number=2)) == 2
    assert dictionary.count(admin) == 3


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ([], "missing"),
        (["", " \u200b"], "missing"),
        (["路"], "word_short:路"),
        (["一" * 21], "word_long:" + "一" * 20),
        (["海澜湾 花园"], "word_spaced:海澜湾 花园"),
        (["，。"], "word_signs:,。"),
        (["！"], "word_signs:!"),
        ([f"打{PHONE}"], "word_personal"),
        ([f"词语{number}" for number in range(501)], "too_many_words:500"),
    ],
)
def test_what_is_no_word_is_refused_with_a_sentence_and_nothing_is_kept(admin, written, problem):
    assert problem_with(admin, "好词", *written) if problem != "missing" else True
    assert problem_with(admin, *written) == problem
    assert dictionary.words(admin) == []
    assert trainings_of(admin) == []
    assert problem.partition(":")[0] in labels.PROBLEMS


@pytest.mark.parametrize("length", [dictionary.SHORTEST, dictionary.LONGEST])
def test_the_shortest_and_the_longest_are_words(admin, length):
    assert dictionary.add(admin, ["站" * length]) == ("站" * length,)


def test_words_that_are_all_there_are_refused_so_that_nothing_is_taught_for_nothing(admin):
    dictionary.add(admin, [NEW])

    assert problem_with(admin, NEW) == "words_known"


@given(st.lists(st.text(max_size=25), max_size=5))
def test_whatever_is_accepted_is_a_word_that_a_text_can_have(written):
    for word in map(normalise, written):
        if word and not dictionary._problem(word):
            assert normalise(word) == word
            assert dictionary.SHORTEST <= len(word) <= dictionary.LONGEST
            assert " " not in word


def test_adding_asks_for_one_training_and_promises_it(admin):
    dictionary.add(admin, [NEW, "城市驿站"])

    (asked,) = trainings_of(admin)
    promised = admin.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == TEACH)).all()
    assert (asked.cause, asked.asked_by_id) == (Cause.DICTIONARY, ADMIN.user_id)
    assert [message.payload for message in promised] == [{"training": asked.id}]


def test_several_changes_before_it_begins_are_taught_together(admin):
    dictionary.add(admin, [NEW])
    dictionary.add(admin, ["城市驿站"])
    dictionary.remove(admin, NEW)

    assert len(trainings_of(admin)) == 1
    assert dictionary.words(admin) == ["城市驿站"]


def test_removing_asks_for_a_training_too(admin):
    admin.session.add(CityWord(word=NEW, added_at=admin.now, added_by_id=None))

    dictionary.remove(admin, NEW)

    assert dictionary.words(admin) == []
    assert [one.cause for one in trainings_of(admin)] == [Cause.DICTIONARY]


def test_a_word_that_is_not_there_cannot_be_removed(admin):
    with pytest.raises(NotFound):
        dictionary.remove(admin, NEW)

    assert trainings_of(admin) == []


# ---------------------------------------------------------------- what a change would do


def test_a_new_word_says_in_how_many_tickets_it_stands_and_how_they_are_cut_then(admin):
    a_logged_ticket(admin, content=CHARGING)
    a_logged_ticket(admin, content="三号楼门口每晚都有人飞线充电，说了也不听，请物业和消防一起来看看。")
    a_logged_ticket(admin)

    shown = preview(admin, [NEW])

    (effect,) = shown.added
    assert shown.tickets == 3
    assert (effect.word, effect.found, effect.changed, effect.whole) == (NEW, 2, 2, 2)
    assert {(place.before, place.after) for place in effect.examples} == {(("飞线", "充电"), (NEW,))}
    assert any(place.lead.endswith("楼道里有人") for place in effect.examples)


def test_examples_are_few_and_no_two_alike(admin):
    for _ in range(2):
        a_logged_ticket(admin, content=CHARGING)
    for place in ("地下车库", "三号楼门厅", "小区东门", "菜市场旁边"):
        a_logged_ticket(admin, content=f"有人在{place}飞线充电，已经好几天了，很危险，请派人处理。")

    (effect,) = preview(admin, [NEW]).added

    assert effect.found == 6
    assert len(effect.examples) == len(set(effect.examples)) == dictionary_preview.EXAMPLES


def test_a_word_that_is_cut_out_already_changes_nothing(admin):
    a_logged_ticket(admin)

    (effect,) = preview(admin, ["小区"]).added

    assert (effect.found, effect.changed, effect.is_whole) == (1, 0, True)


def test_a_word_that_stands_in_no_ticket_says_so(admin):
    a_logged_ticket(admin)

    (effect,) = preview(admin, [NEW]).added

    assert (effect.found, effect.changed, effect.examples) == (0, 0, ())


def test_a_word_with_a_sign_in_it_stays_cut(admin):
    a_logged_ticket(admin, content="打了12345·热线三次都没有人来处理路灯，请尽快安排。")

    (effect,) = preview(admin, ["12345·热线"]).added

    assert (effect.found, effect.changed, effect.is_whole) == (1, 0, False)


def test_what_changes_most_comes_first(admin):
    a_logged_ticket(admin, content=CHARGING)

    assert [effect.word for effect in preview(admin, ["小区", NEW]).added] == [NEW, "小区"]


def test_without_a_word_its_tickets_are_cut_again(admin):
    dictionary.add(admin, [NEW])
    a_logged_ticket(admin, content=CHARGING)

    shown = preview(admin, removed=[NEW])

    (effect,) = shown.removed
    assert shown.added == ()
    assert (effect.changed, effect.examples[0].before) == (1, (NEW,))
    assert effect.examples[0].after == ("飞线", "充电")


def test_only_the_newest_tickets_are_looked_at(admin, monkeypatch):
    monkeypatch.setattr(dictionary_preview, "NEWEST", 1)
    a_logged_ticket(admin, content=CHARGING)
    a_logged_ticket(by(admin, ADMIN, after=timedelta(hours=1)))

    shown = preview(admin, [NEW])

    assert (shown.tickets, shown.added[0].found) == (1, 0)


def test_no_telephone_number_is_shown_and_no_report(admin):
    a_logged_ticket(admin, content=f"请回电{PHONE}飞线充电的事，物业一直没有给说法。")
    a_logged_ticket(admin, content=CHARGING, kind=Kind.REPORT)

    (effect,) = preview(admin, [NEW]).added

    assert effect.found == 1
    assert effect.examples[0].lead.endswith("****")
    assert PHONE not in str(effect)


def test_a_preview_saves_nothing_and_refuses_what_could_not_be_added(admin):
    preview(admin, [NEW])

    with pytest.raises(InvalidInput):
        preview(admin, ["路"])
    with pytest.raises(InvalidInput):
        preview(admin, [])
    with pytest.raises(NotFound):
        preview(admin, removed=[NEW])
    assert dictionary.words(admin) == []
    assert trainings_of(admin) == []
