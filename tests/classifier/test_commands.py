import json

import pytest

from classifier.__main__ import main
from classifier.corpus import Example, read_corpus
from classifier.errors import BrokenExamples
from tests.classifier.examples import CATEGORIES, COMPLAINTS


def write(path, header, rows):
    path.write_text("\n".join([header, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def town(tmp_path):
    """A folder with categories, a corpus and a check set."""
    (tmp_path / "corpus").mkdir()
    rows = [(code, text, "complaint", "normal") for code, text in COMPLAINTS]
    write(tmp_path / "corpus" / "01.csv", "code,text,kind,urgency", rows)
    write(tmp_path / "categories.csv", "code,name,parent,urgency,words", CATEGORIES)
    write(tmp_path / "check.csv", "code,text", [("0101", "凌晨打桩"), ("0202", "煤气味很大")])
    return tmp_path


def teach(town):
    folders = ["--corpus", str(town / "corpus"), "--out", str(town / "model")]
    return main(["train", *folders, "--categories", str(town / "categories.csv"), "--json"])


def measure(town, check="check.csv"):
    return main(["evaluate", "--model", str(town / "model"), str(town / check), "--json"])


def test_a_model_is_trained_and_measured(town, capsys):
    assert teach(town) == 0
    taught = json.loads(capsys.readouterr().out)
    assert measure(town) == 0
    measured = json.loads(capsys.readouterr().out)

    assert taught["texts"] == len(COMPLAINTS)
    assert taught["threshold_0.95"] is None
    assert measured["texts"] == 2
    assert measured["top1"] == 1


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("corpus/01.csv", "", "column missing"),
        ("corpus/01.csv", "code,text\n0101,打桩\n", "column missing: kind, urgency"),
        ("corpus/01.csv", "code,text,kind,urgency\n", "has no rows"),
        ("corpus/01.csv", "code,text,kind,urgency\n0101,打桩\n", "01.csv:2: this row is too short"),
        ("corpus/01.csv", "code,text,kind,urgency\n0101, ,help,normal\n", "01.csv:2: code or text is empty"),
        ("corpus/01.csv", "code,text,kind,urgency\n9999,打桩,help,normal\n", "unknown codes: 9999"),
        ("corpus/01.csv", 'code,text,kind,urgency\n0101,"打桩,help,normal\n', "01.csv:2"),
        (
            "categories.csv",
            "code,name,parent,urgency,words\n01,噪声,09,,\n",
            "categories.csv:2: unknown parent",
        ),
    ],
)
def test_bad_input_to_train_ends_in_one_line(town, capsys, name, content, complaint):
    (town / name).write_text(content, encoding="utf-8")

    assert teach(town) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert complaint in printed.err
    assert printed.err.count("\n") == 1


def test_a_file_in_another_encoding_is_named(town, capsys):
    (town / "corpus" / "01.csv").write_bytes(
        "code,text,kind,urgency\n0101,打桩,help,normal\n".encode("gb18030")
    )

    assert teach(town) == 2
    assert "not in UTF-8" in capsys.readouterr().err


def test_measuring_without_a_model_or_with_bad_rows_ends_in_one_line(town, capsys):
    assert measure(town) == 2
    assert teach(town) == 0
    write(town / "check.csv", "code,text", [("9999", "打桩")])
    assert measure(town) == 2
    assert measure(town, "nowhere.csv") == 2
    assert capsys.readouterr().err.count("\n") == 3


def test_a_corpus_is_read_file_by_file(town):
    examples = list(read_corpus(town / "corpus"))

    assert examples[0] == Example("0101", "工地半夜打桩吵得人睡不着", "complaint", "normal")
    assert len(examples) == len(COMPLAINTS)


def test_an_empty_corpus_folder_is_refused(tmp_path):
    with pytest.raises(BrokenExamples, match="no csv file"):
        list(read_corpus(tmp_path))
