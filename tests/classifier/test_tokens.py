import os
import tempfile

import pytest

from classifier import SegmenterMissing, segmenter


@pytest.mark.parametrize("name", ["jieba", "rjieba"])
def test_added_words_are_kept_whole_and_stay_with_their_segmenter(name):
    pytest.importorskip(name)
    ours, plain = segmenter(name, ["飞线充电"]), segmenter(name)

    assert "飞线充电" in ours.cut("楼道里飞线充电")
    assert "飞线充电" not in plain.cut("楼道里飞线充电")
    assert ours.words == ("飞线充电",)


def test_a_segmenter_is_named_with_its_version():
    ours = segmenter("jieba")

    assert ours.name.startswith("jieba-")
    assert segmenter(ours.name).name == ours.name


@pytest.mark.parametrize("name", ["jieba-0.0.1", "thulac", ""])
def test_a_segmenter_that_is_not_here_is_refused(name):
    with pytest.raises(SegmenterMissing):
        segmenter(name)


def test_nothing_is_written_to_the_shared_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    segmenter("jieba").cut("小区停水了")

    assert os.listdir(tmp_path) == []
