"""The shipped kind of teaching material: a folder of csv files."""

import pytest

from classifier.corpus import Example, read_corpus
from classifier.errors import BrokenExamples

HEADER = "code,text,kind,urgency\n"


def test_a_corpus_is_read_file_by_file(tmp_path):
    (tmp_path / "02.csv").write_text(f"{HEADER}0201,停水三天了,help,urgent\n", encoding="utf-8")
    (tmp_path / "01.csv").write_text(f"{HEADER}0101,凌晨打桩,complaint,normal\n", encoding="utf-8")

    assert list(read_corpus(tmp_path)) == [
        Example("0101", "凌晨打桩", "complaint", "normal"),
        Example("0201", "停水三天了", "help", "urgent"),
    ]


def test_an_empty_corpus_folder_is_refused(tmp_path):
    with pytest.raises(BrokenExamples, match="no csv file"):
        list(read_corpus(tmp_path))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "column missing"),
        ("code,text\n0101,打桩\n", "column missing: kind, urgency"),
        (HEADER, "has no rows"),
        (f"{HEADER}0101,打桩\n", "01.csv:2: this row is too short"),
        (f"{HEADER}0101, ,help,normal\n", "01.csv:2: code or text is empty"),
        (f'{HEADER}0101,"打桩,help,normal\n', "01.csv:2"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path, content, complaint):
    (tmp_path / "01.csv").write_text(content, encoding="utf-8")

    with pytest.raises(BrokenExamples, match=complaint):
        list(read_corpus(tmp_path))


def test_a_file_in_another_encoding_is_named(tmp_path):
    (tmp_path / "01.csv").write_text(f"{HEADER}0101,打桩,help,normal\n", encoding="gb18030")

    with pytest.raises(BrokenExamples, match="UTF-8"):
        list(read_corpus(tmp_path))
