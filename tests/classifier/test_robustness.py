"""Whatever is pasted, stored or taught: an answer, an honest silence or a clear refusal, never a crash."""

import csv
import json
import random
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given, settings
from opencc import OpenCC

from benchmarks.robustness import all_guises, same_answers
from classifier import BrokenExamples, ModelRefused, load, read_card, segmenter, suggest
from classifier.alarm import CALM, Alarm, with_threshold
from classifier.commands.main import main
from classifier.features import READ_AT_MOST
from classifier.loading import CARD_FILE, MODEL_FILE, digest_of
from classifier.repetition import once
from classifier.store import save
from classifier.training import train
from tests.classifier.examples import A_COMPLAINT, COMPLAINTS, keywords, model, taxonomy
from tests.classifier.oddities import strange

FLIPS = 300
COMPLAINT_TEXTS = [text for _, text in COMPLAINTS]


@cache
def alarm() -> Alarm:
    routes = ["120" if code == "0202" else CALM for code, _ in COMPLAINTS]
    return with_threshold(train(COMPLAINT_TEXTS, routes, segmenter=segmenter()), 0.3)


def suggested(text):
    return suggest(text, taxonomy=taxonomy(), keywords=keywords(), model=model(), alarm=alarm())


@pytest.mark.parametrize("guise", [name for name in all_guises() if name != "three times"])
def test_a_complaint_in_another_guise_gets_the_same_answer(guise):
    assert same_answers(model(), COMPLAINT_TEXTS, {guise: all_guises()[guise]}) == {guise: 1}


def test_words_that_ring_do_so_in_traditional_characters_and_in_markup():
    said = "小区里有人要跳楼，楼下着火了"
    plain = suggested(said)

    for other in (OpenCC("s2twp").convert(said), said.replace("跳楼", "<b>跳</b>楼"), f"<p>{said}</p>"):
        assert suggested(other).emergencies == plain.emergencies
        assert suggested(other).risks == plain.risks
    assert len(plain.emergencies) == 2


@pytest.mark.parametrize(
    "text", ["", " ", "水", "<p>&nbsp;</p>", "😀" * 100, "1" * 100_000, "13800138000", "\ud83d", "？" * 1000]
)
def test_what_says_nothing_is_not_answered_surely(text):
    assert all(scored.probability < 0.5 for scored in suggested(text).categories)


@settings(deadline=None)
@given(strange())
def test_nothing_that_is_pasted_raises(text):
    said = suggested(text)

    model().predict([text])
    places = [*said.words, *said.hits, *(one for one in vars(said.elements).values() if one is not None)]
    assert all(0 <= place.start < place.end <= len(text) for place in places)


@pytest.mark.parametrize("filler", ["水", "<p>", "😀", "乾著這", " ", "\u0301", "1"])
def test_a_text_is_not_read_beyond_what_the_model_takes(filler):
    said = (A_COMPLAINT + filler * READ_AT_MOST)[:READ_AT_MOST]

    assert model().predict([said + filler * 100_000]) == model().predict([said])
    assert len(model().read(said + filler * 100_000).text) <= READ_AT_MOST


@pytest.mark.parametrize("between", ["", "\n", "  \n"])
@pytest.mark.parametrize("times", [2, 3, 10])
def test_a_text_that_was_pasted_again_is_read_once(times, between):
    assert once(between.join([A_COMPLAINT] * times)) == A_COMPLAINT


def test_so_is_one_whose_last_copy_did_not_fit_the_field():
    assert once((A_COMPLAINT * 3)[:-3]) == A_COMPLAINT


REFRAINS = ("", "救命救命救命", "停水，停电，停水，停气", A_COMPLAINT * 2 + "快来", (A_COMPLAINT * 2)[:-3])


@pytest.mark.parametrize("text", REFRAINS)
def test_what_is_said_twice_for_emphasis_stays(text):
    assert once(text) == text


@settings(deadline=None)
@given(strange())
def test_reading_once_only_leaves_out_the_end(text):
    assert text.startswith(once(text))


@pytest.fixture
def folder(tmp_path):
    save(model(), tmp_path / "model", trained_at="2026-11-22T10:00:00+00:00")
    return tmp_path / "model"


def card_in(folder):
    return json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))


def write_card(folder, card):
    (folder / CARD_FILE).write_text(json.dumps(card, ensure_ascii=False), encoding="utf-8")


def test_two_labels_swapped_in_the_card_are_no_silent_exchange(folder):
    card = card_in(folder)
    card["labels"][0], card["labels"][1] = card["labels"][1], card["labels"][0]
    write_card(folder, card)

    for read in (load, read_card):
        with pytest.raises(ModelRefused, match="the card was altered"):
            read(folder)


def test_no_field_of_the_card_can_be_changed_or_left_out(folder):
    whole = card_in(folder)

    for name, value in whole.items():
        for card in ({**whole, name: [value]}, {key: one for key, one in whole.items() if key != name}):
            write_card(folder, card)
            with pytest.raises(ModelRefused):
                load(folder)


def test_the_order_and_the_layout_of_the_card_do_not_matter(folder):
    write_card(folder, dict(reversed(card_in(folder).items())))

    assert load(folder).labels == model().labels


@pytest.mark.parametrize("format", [None, 2, "3", 99])
def test_a_card_of_another_format_is_refused(folder, format):
    card = {**card_in(folder), "format": format}
    write_card(folder, {**card, "card_sha256": digest_of(card)})

    with pytest.raises(ModelRefused, match="another format"):
        load(folder)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"3", b"\xff\xfe", b'{"format": 3}'])
def test_what_is_no_card_is_refused(folder, content):
    (folder / CARD_FILE).write_bytes(content)

    with pytest.raises(ModelRefused):
        load(folder)


@pytest.mark.parametrize("name", [CARD_FILE, MODEL_FILE])
def test_a_folder_in_the_place_of_a_file_is_refused(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()

    with pytest.raises(ModelRefused):
        load(folder)


def test_bytes_that_are_broken_are_refused_even_where_the_card_vouches_for_them(folder):
    whole, card = (folder / MODEL_FILE).read_bytes(), card_in(folder)
    draw = random.Random(0)
    for number in range(FLIPS):
        broken = bytearray(whole)
        # The directory of the archive stands at its end, and half of the flips hit it.
        at = draw.randrange(len(whole) - 900, len(whole)) if number % 2 else draw.randrange(len(whole))
        broken[at] ^= 1 << draw.randrange(8)
        if number % 3 == 0:
            del broken[at:]
        (folder / MODEL_FILE).write_bytes(broken)
        vouched = {**card, "sha256": sha256(broken).hexdigest()}
        write_card(folder, {**vouched, "card_sha256": digest_of(vouched)})
        try:
            load(folder)
        except ModelRefused:
            continue


TOO_FEW = "fewer than two categories"
EMPTY = "is empty"


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([("停水", "1")], TOO_FEW),
        ([(f"停水{number}", "1") for number in range(9)], TOO_FEW),
        ([(f"停水{number}", str(number)) for number in range(9)], TOO_FEW),
        ([("停水", ""), ("打桩", "")] * 5, EMPTY),
        ([("", "1"), ("打桩", "2")] * 5, EMPTY),
        ([("\u200b", "1"), ("打桩", "2")] * 5, EMPTY),
        ([("<p>&nbsp;</p>", "1"), ("打桩", "2")] * 5, EMPTY),
    ],
)
def test_examples_that_cannot_teach_are_refused_in_one_line(tmp_path, capsys, rows, complaint):
    texts, labels = zip(*rows, strict=True)
    with open(tmp_path / "data.csv", "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("text", "label"), *rows])
    columns = (str(tmp_path / "data.csv"), "--text", "text", "--label", "label")

    with pytest.raises(BrokenExamples, match=complaint):
        train(texts, labels, segmenter=segmenter())
    for command in (("train", *columns, "--out", str(tmp_path / "model")), ("noise", *columns)):
        assert main(command) == 2
        said = capsys.readouterr().err
        assert complaint in said
        assert said.count("\n") == 1
    assert not (tmp_path / "model").exists()
