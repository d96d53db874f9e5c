"""The alarm: what sounds as if it were happening now is noticed, whatever the words."""

import pytest

from classifier import segmenter, suggest
from classifier.alarm import CALM, Heard, load_alarm, read_emergencies
from classifier.alarm_training import teach_alarm
from classifier.errors import BrokenExamples, ModelRefused
from classifier.keywords import Emergency
from classifier.store import save
from tests.classifier.examples import COMPLAINTS, keywords, model, taxonomy

NOW = [
    ("119", "楼道里全是烟，快来人"),
    ("119", "厨房窜火苗了，灭不掉"),
    ("119", "隔壁在冒烟，有人喊"),
    ("120", "我爸倒在地上叫不醒"),
    ("120", "他喘不上气，脸都青了"),
    ("120", "孩子噎住了，脸发紫"),
]
CALM_TEXTS = [text for _, text in COMPLAINTS]


@pytest.fixture(scope="module")
def alarm():
    return teach_alarm(NOW * 2, CALM_TEXTS * 2, segmenter=segmenter())


def test_it_hears_what_happens_now_and_for_which_line(alarm):
    heard = alarm.listen("楼道里冒烟了，快来")

    assert heard is not None
    assert heard.route is Emergency("119")
    assert alarm.threshold <= heard.probability <= 1


def test_it_is_quiet_about_everyday_matters(alarm):
    assert [alarm.listen(text) for text in CALM_TEXTS[:4]] == [None] * 4
    assert alarm.listen("") is None


def test_it_comes_back_from_its_folder(alarm, tmp_path):
    save(alarm.model, tmp_path / "alarm", trained_at="2026-11-22")

    again = load_alarm(tmp_path)

    assert again.threshold == alarm.threshold
    assert again.listen(NOW[0][1]) == alarm.listen(NOW[0][1])


def test_a_model_of_categories_is_no_alarm(tmp_path):
    save(model(), tmp_path / "alarm", trained_at="2026-11-22")

    with pytest.raises(ModelRefused, match="no alarm"):
        load_alarm(tmp_path)


def test_a_suggestion_says_what_was_heard(alarm):
    def said(text):
        return suggest(text, taxonomy=taxonomy(), keywords=keywords(), model=model(), alarm=alarm).heard

    assert isinstance(said("我爸倒在地上叫不醒，快点"), Heard)
    assert said(CALM_TEXTS[0]) is None


@pytest.mark.parametrize("row", ["111,着火了", "119, "])
def test_an_emergency_text_with_a_wrong_line_is_named(tmp_path, row):
    (tmp_path / "a.csv").write_text(f"route,text\n{CALM},路灯坏了\n{row}\n", encoding="utf-8")

    with pytest.raises(BrokenExamples, match=r"a\.csv:3"):
        list(read_emergencies(tmp_path))
