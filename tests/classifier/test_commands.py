"""The commands as they are run: tables in, a model, figures and tables out, and refusals in one line."""

import csv
import json

import pytest
from openpyxl import Workbook

from classifier import segmenter
from classifier.commands.main import main
from tests.classifier.examples import COMPLAINTS

SCHEME = {"0101": "噪声", "0102": "噪声", "0201": "水电气", "0202": "水电气"}


def write(path, rows, encoding="utf-8"):
    with open(path, "w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows(rows)
    return path


@pytest.fixture
def table(tmp_path):
    rows = [("id", "title", "text", "label", "group")]
    rows += [
        (number, code, text, code, number % 7) for number, (code, text) in enumerate(COMPLAINTS, start=1)
    ]
    return write(tmp_path / "data.csv", rows)


@pytest.fixture
def told(capsys):
    """Run a command with --json and return what it says."""

    def run(*arguments, code=0):
        assert main([*map(str, arguments), "--json"]) == code
        out = capsys.readouterr()
        return json.loads(out.out) if not code else out.err

    return run


@pytest.fixture
def folder(tmp_path, table, told):
    told("train", table, "--text", "text", "--label", "label", "--out", tmp_path / "model")
    return tmp_path / "model"


def test_a_model_is_taught_and_measured(folder, table, told):
    measured = told("evaluate", table, "--text", "text", "--label", "label", "--model", folder)

    assert measured["rows"] == len(COMPLAINTS)
    assert measured["accuracy"] == 1
    assert measured["confusion"]["0101"] == {"0101": sum(code == "0101" for code, _ in COMPLAINTS)}
    assert set(measured["per_category"]["0101"]) == {"precision", "recall", "f1", "support"}


def test_a_way_of_teaching_is_measured_by_folds_and_drawn(tmp_path, table, told):
    measured = told(
        *("evaluate", table, "--text", "text", "--label", "label", "--group", "group"),
        *("--folds", 3, "--plots", tmp_path / "plots"),
    )

    assert 0 <= measured["ece"] <= 1
    assert measured["precision_95"] is None or measured["precision_95"] <= 1
    assert {file.name for file in (tmp_path / "plots").iterdir()} == {"reliability.svg", "risk-coverage.svg"}


def test_every_row_is_answered_beside_what_it_held(folder, tmp_path, told):
    asked = write(tmp_path / "asked.csv", [("title", "body"), ("工地", "凌晨打桩，吵"), ("☃", "")])

    said = told(
        *("predict", asked, "--text", "title,body", "--model", folder, "--precision", "0.9"),
        *("--out", tmp_path / "out.csv"),
    )

    with open(tmp_path / "out.csv", encoding="utf-8-sig", newline="") as out:
        first, second = csv.DictReader(out)
    assert said["rows"] == 2
    assert (first["title"], first["body"], first["label1"]) == ("工地", "凌晨打桩，吵", "0101")
    assert float(first["p1"]) >= float(first["p2"])
    alone = first["threshold"] != "" and float(first["p1"]) >= float(first["threshold"])
    assert first["auto"] == str(alone).lower()
    assert (second["label1"], second["p1"], second["auto"]) == ("", "", "false")


def test_a_precision_that_was_not_promised_is_refused(folder, table, tmp_path, told):
    arguments = ("--model", folder, "--text", "text", "--out", tmp_path / "out.csv", "--precision", "0.93")

    assert "0.95" in told("predict", table, *arguments, code=2)


def test_texts_cut_before_teach_a_model_that_answers_raw_ones(tmp_path, told):
    cut = [("row", "tokens", "label")]
    cut += [(number, " ".join(segmenter().cut(text)), code) for number, (code, text) in enumerate(COMPLAINTS)]
    data = write(tmp_path / "cut.csv", cut)
    told("train", data, "--segmented", "tokens", "--label", "label", "--out", tmp_path / "cut")

    raw = told("explain", "--model", tmp_path / "cut", "--text", "半夜打桩")
    measured = told(
        "evaluate", data, "--segmented", "tokens", "--label", "label", "--model", tmp_path / "cut"
    )

    assert raw["label"] == "0101"
    assert measured["accuracy"] == 1


def test_words_for_and_against_and_the_examples_most_alike(folder, table, told):
    said = told("explain", "--model", folder, "--text", COMPLAINTS[0][1], "--examples", table)

    assert said["label"] == "0101"
    assert "打桩" in said["for"]
    assert all(weight < 0 for weight in said["against"].values())
    assert said["alike"][0]["row"] == 2
    assert said["alike"][0]["likeness"] == pytest.approx(1, abs=0.02)
    assert said["alike"][0]["text"] == COMPLAINTS[0][1]


def test_without_the_examples_none_of_their_words_is_shown(folder, told):
    said = told("explain", "--model", folder, "--text", COMPLAINTS[0][1])

    assert set(said["alike"][0]) == {"row", "likeness"}


def test_a_few_corrections_teach_another_scheme(folder, table, tmp_path, told):
    rows = [("text", "label"), *((text, SCHEME[code]) for code, text in COMPLAINTS if code in SCHEME)]
    corrections = write(tmp_path / "corrections.csv", rows)

    adapted = told(
        *("adapt", corrections, "--model", folder, "--text", "text", "--label", "label"),
        *("--out", tmp_path / "adapted"),
    )
    said = told("explain", "--model", tmp_path / "adapted", "--text", "凌晨打桩")

    assert adapted["labels"] == 2
    assert said["label"] == "噪声"


def test_a_row_with_a_foreign_label_is_the_first_suspect(tmp_path, told):
    rows = [("text", "label"), *((text, code) for code, text in COMPLAINTS * 3)]
    rows[5] = (rows[5][0], next(code for code, _ in COMPLAINTS if code != rows[5][1]))
    data = write(tmp_path / "data.csv", rows)

    found = told("noise", data, "--text", "text", "--label", "label")

    assert found["suspects"][0]["row"] == 6
    assert found["suspects"][0]["rather_probability"] > found["suspects"][0]["probability"]


def test_xlsx_teaches_like_csv(tmp_path, told):
    book = Workbook()
    for row in [("text", "label"), *((text, code) for code, text in COMPLAINTS)]:
        book.worksheets[0].append(row)
    book.save(tmp_path / "data.xlsx")

    told("train", tmp_path / "data.xlsx", "--text", "text", "--label", "label", "--out", tmp_path / "model")


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([("text", "other"), ("停水", "1")], "column missing: label"),
        ([("text", "label")], "has no rows"),
        ([("text", "label"), ("停水", "1"), ("", "2")], ":3: text or label is empty"),
        ([("text", "label"), ("停水", "1"), ("打桩", " ")], ":3: text or label is empty"),
        ([("text", "label"), ("停水", "1")], "fewer than two categories"),
        ([("text", "label"), *[("停水", "1")] * 9], "fewer than two categories"),
    ],
)
def test_data_that_cannot_teach_is_refused_in_one_line(tmp_path, told, rows, complaint):
    data = write(tmp_path / "data.csv", rows)

    said = told("train", data, "--text", "text", "--label", "label", "--out", tmp_path / "model", code=2)

    assert complaint in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", ["predict", "evaluate", "explain"])
def test_without_a_model_there_is_no_answer(tmp_path, table, told, command):
    more = {
        "predict": [table, "--text", "text", "--out", tmp_path / "out.csv"],
        "evaluate": [table, "--text", "text", "--label", "label"],
        "explain": ["--text", "停水"],
    }[command]

    assert "card.json" in told(command, *more, "--model", tmp_path / "nowhere", code=2)


def test_figures_are_printed_for_people_too(folder, table, capsys):
    assert main(["noise", str(table), "--text", "text", "--label", "label"]) == 0

    assert capsys.readouterr().out.startswith("rows")
