import json
import pickle
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import skops.io

from classifier import ModelRefused, load, read_card
from classifier.loading import CARD_FILE, MODEL_FILE, digest_of
from classifier.store import save
from tests.classifier.examples import A_COMPLAINT, COMPLAINTS, model

ROOT = Path(__file__).parents[2]
MOMENT = "2026-11-22T10:00:00+00:00"


@pytest.fixture
def folder(tmp_path):
    save(model(), tmp_path / "model", trained_at=MOMENT)
    return tmp_path / "model"


def change(folder, **fields):
    """Change the card as somebody would who knows that it vouches for itself."""
    card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8")) | fields
    card["card_sha256"] = digest_of(card)
    (folder / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")


def put(folder, content):
    """Replace the model file and make the card describe the new one."""
    (folder / MODEL_FILE).write_bytes(content)
    change(folder, sha256=sha256(content).hexdigest())


def refusal(folder):
    with pytest.raises(ModelRefused) as refused:
        load(folder)
    return refused.value.reason


def test_a_loaded_model_predicts_what_the_saved_one_did(folder):
    texts = [A_COMPLAINT, *(text for _, text in COMPLAINTS)]

    before, after = model().predict(texts), load(folder).predict(texts)

    for saved, loaded in zip(before, after, strict=True):
        assert [scored.code for scored in saved] == [scored.code for scored in loaded]
        assert [a.probability for a in saved] == pytest.approx([b.probability for b in loaded], abs=0.002)


def test_the_card_says_what_the_model_is(folder):
    card = read_card(folder)

    assert card.trained_at == MOMENT
    assert card.segmenter == model().segmenter.name
    assert card.labels == model().labels
    assert card.metrics == model().metrics
    assert card.version == load(folder).version
    assert len(card.version) == 12


def test_the_folder_holds_numbers_and_no_word(folder):
    stored = skops.io.loads((folder / MODEL_FILE).read_bytes(), trusted=[])

    assert all(values.dtype.kind in "fu" for values in stored.values())


def test_a_missing_folder_is_refused(tmp_path):
    assert CARD_FILE in refusal(tmp_path / "nowhere")


@pytest.mark.parametrize("name", [CARD_FILE, MODEL_FILE])
def test_half_a_folder_is_refused(folder, name):
    (folder / name).unlink()

    assert name in refusal(folder)


@pytest.mark.parametrize("name", [CARD_FILE, MODEL_FILE])
@pytest.mark.parametrize("size", [0, 100])
def test_a_truncated_file_is_refused(folder, name, size):
    (folder / name).write_bytes((folder / name).read_bytes()[:size])

    refusal(folder)


def test_an_altered_model_file_is_refused(folder):
    content = bytearray((folder / MODEL_FILE).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / MODEL_FILE).write_bytes(content)

    assert "not the one" in refusal(folder)


def test_a_model_of_other_versions_is_refused(folder):
    change(folder, versions={"scikit-learn": "0.1", "skops": "0.1"})

    assert "0.1" in refusal(folder)


def test_a_model_of_another_segmenter_is_refused(folder):
    change(folder, segmenter="jieba-0.0.1")

    assert "jieba-0.0.1" in refusal(folder)


@pytest.mark.parametrize(
    "fields",
    [
        {"labels": ["0101"]},
        {"labels": None},
        {"calibration": {}},
        {"format": 99},
        {"pooled": None},
        {"segmenter_words": 3},
    ],
)
def test_a_card_that_does_not_fit_is_refused(folder, fields):
    change(folder, **fields)

    refusal(folder)


@pytest.mark.parametrize(
    "content", [b"", b"no archive", pickle.dumps({"words": "a"}), skops.io.dumps({"words": "a"})]
)
def test_a_model_file_of_another_kind_is_refused(folder, content):
    put(folder, content)

    refusal(folder)


def test_a_model_file_with_foreign_types_is_refused(folder):
    put(folder, skops.io.dumps({"words": Foreign()}))

    assert "not trusted" in refusal(folder)


def test_an_array_that_only_pickle_could_read_is_refused(folder):
    put(folder, skops.io.dumps({"words": np.array([{"a": 1}], dtype=object)}))

    refusal(folder)


def test_who_only_predicts_is_spared_what_takes_seconds_to_import(folder):
    heavy = ("sklearn", "skops", "scipy", "joblib")
    predicting = (
        "import sys, pathlib, classifier;"
        f"classifier.load(pathlib.Path({str(folder)!r})).predict(['夜里施工']);"
        f"print([name for name in {heavy} if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", predicting], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "[]\n"


class Foreign:
    """Anything that is not a plain value."""
