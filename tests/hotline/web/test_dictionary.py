"""词典: an administrator sees what new words would change before they are kept."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier import segmenter
from hotline import runtime
from hotline.models.dictionary import CityWord
from hotline.models.version import Cause, Training
from hotline.tickets import dictionary, trainings
from hotline.work import Actor, Work
from tests.builders import (
    ADMIN,
    AGENT,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    LEADER,
    REVIEWER,
    SUPERVISOR,
    a_logged_ticket,
)
from tests.classifier.examples import model
from tests.conftest import NOW
from tests.hotline.web.browsing import post, soup

ClientAs = Callable[[Actor], FlaskClient]
NEW = "飞线充电"
CHARGING = "楼道里有人飞线充电，电线从六楼拖到一楼，怕起火，希望有人来管。"
PAGE, PREVIEW = "/models/dictionary", "/models/dictionary/preview"


def words_of(session: Session) -> list[str]:
    return list(session.scalars(select(CityWord.word).order_by(CityWord.word)))


def causes_of(session: Session) -> list[Cause]:
    return list(session.scalars(select(Training.cause)))


def a_word(session: Session, word: str = NEW) -> None:
    session.add(CityWord(word=word, added_at=NOW, added_by_id=ADMIN.user_id))
    session.commit()


def test_the_page_lists_the_words_with_who_added_them_and_whether_a_model_knows_them(
    client_as: ClientAs, session: Session
) -> None:
    a_word(session)

    page = soup(client_as(ADMIN).get(PAGE))

    row = page.select_one(".words-table tbody tr").get_text(" ", strip=True)
    assert row.split()[:3] == [NEW, "等新模型", "admin"]
    assert "今天 10:00" in row
    assert page.select_one(".tabs [aria-current]").text == "词典"


def test_a_word_is_in_use_once_the_model_in_force_knows_it(
    client_as: ClientAs, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for word in (NEW, "城市驿站", "滨江步道"):
        a_word(session, word)
    running = runtime.current()
    knowing = replace(
        running.city,
        classifier=replace(model(), segmenter=segmenter(words=[NEW])),
        shadow=replace(model(), segmenter=segmenter(words=[NEW, "城市驿站"])),
    )
    monkeypatch.setattr(running, "city", knowing)

    rows = soup(client_as(ADMIN).get(PAGE)).select(".words-table tbody tr")

    shown = {row.th.text: row.select_one(".state").text for row in rows}
    assert shown == {NEW: "在用", "城市驿站": "旁听中", "滨江步道": "等新模型"}


@pytest.mark.parametrize(("begun", "sentence"), [(False, "它一起学"), (True, "存下后再排一次")])
def test_the_page_says_whether_the_training_under_way_learns_new_words(
    client_as: ClientAs, work: Work, session: Session, begun: bool, sentence: str
) -> None:
    trainings.ask(work, Cause.PERSON).started_at = NOW if begun else None
    session.commit()

    assert sentence in client_as(ADMIN).get(PAGE).text


def test_without_words_the_page_says_what_they_are_good_for(client_as: ClientAs) -> None:
    page = client_as(ADMIN).get(PAGE).text

    assert "词典里还没有词" in page
    assert "旁听期满启用后生效" in page


def test_a_preview_shows_the_pieces_now_and_then_and_saves_nothing(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    a_logged_ticket(work, content=CHARGING)
    session.commit()

    answer = post(client_as(ADMIN), PREVIEW, words=f"{NEW}、小区\n城市驿站")

    page = soup(answer)
    now, then = (
        [one.text for one in way.select(".piece")] for way in page.select(".ways li > span:not(.way)")
    )
    assert answer.status_code == 200
    assert (now, then) == (["飞线", "充电"], [NEW])
    assert "近期工单里没有出现" in answer.text
    assert page.select_one("#f-words").text.strip() == f"{NEW}、小区\n城市驿站"
    assert (words_of(session), causes_of(session)) == ([], [])


def test_a_word_that_is_cut_out_already_is_said_so(client_as: ClientAs, work: Work, session: Session) -> None:
    a_logged_ticket(work)
    session.commit()

    page = post(client_as(ADMIN), PREVIEW, words="小区").text

    assert "已经能切出来" in page
    assert "近期工单里没有出现" not in page


def test_what_was_previewed_is_saved_and_one_training_asked(client_as: ClientAs, session: Session) -> None:
    client = client_as(ADMIN)
    shown = soup(post(client, PREVIEW, words=f"{NEW}，城市驿站"))
    form = shown.select_one(f"form[action='{PAGE}']:has(textarea)")

    answer = post(client, form["action"], words=form.textarea.text)

    assert (answer.status_code, answer.location) == (303, PAGE)
    assert words_of(session) == sorted([NEW, "城市驿站"])
    assert causes_of(session) == [Cause.DICTIONARY]
    assert "已存下 2 个词" in client.get(PAGE).text


def test_to_remove_a_word_one_sees_first_what_changes(
    client_as: ClientAs, work: Work, session: Session
) -> None:
    a_word(session)
    a_logged_ticket(work, content=CHARGING)
    session.commit()
    client = client_as(ADMIN)
    row = soup(client.get(PAGE)).select_one(".words-table form")

    shown = soup(post(client, row["action"]))
    before = (words_of(session), causes_of(session))
    answer = post(client, shown.select_one("section form")["action"])

    assert "会怎样" in shown.select_one("#preview").text
    assert before == ([NEW], [])
    assert (answer.status_code, words_of(session)) == (303, [])
    assert causes_of(session) == [Cause.DICTIONARY]


def test_a_word_that_is_gone_cannot_be_removed(client_as: ClientAs) -> None:
    client = client_as(ADMIN)

    assert post(client, f"/models/dictionary/remove?word={NEW}").status_code == 404
    assert post(client, f"/models/dictionary/removal?word={NEW}").status_code == 404


@pytest.mark.parametrize("address", [PAGE, PREVIEW])
@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "还没有填"),
        ("路", "只有一个字"),
        ("海澜湾 花园", "中间有空格"),
        ("、。、", "只有标点"),
        ("站" * 21, "太长"),
        ("、".join(f"词语{number}" for number in range(501)), "一次最多加 500 个词"),
    ],
)
def test_what_is_no_word_brings_the_page_back_with_the_sentence(
    client_as: ClientAs, session: Session, address: str, written: str, sentence: str
) -> None:
    answer = post(client_as(ADMIN), address, words=written)

    page = soup(answer)
    assert answer.status_code == 422
    assert sentence in page.select_one("#e-words").text
    assert page.select_one("#f-words").text.strip() == written
    assert (words_of(session), causes_of(session)) == ([], [])


def test_among_many_words_one_is_found_by_a_part_of_it(client_as: ClientAs, session: Session) -> None:
    client = client_as(ADMIN)
    few = soup(client.get(PAGE)).select(".card-header [name=q]")
    for number in range(21):
        a_word(session, f"驿站{number}号")
    a_word(session)

    page = soup(client.get(f"{PAGE}?q=充电"))

    assert few == []
    assert page.select_one(".card-header [name=q]")["value"] == "充电"
    assert [one.text for one in page.select(".words-table tbody th")] == [NEW]
    assert "词典里没有带“隧道”的词" in client.get(f"{PAGE}?q=隧道").text


def test_what_is_not_listed_is_said(
    client_as: ClientAs, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dictionary, "LISTED", 1)
    a_word(session)
    client = client_as(ADMIN)
    all_listed = client.get(PAGE).text
    a_word(session, "城市驿站")

    page = client.get(PAGE)

    assert "只列出" not in all_listed
    assert "只列出最近的 1 个" in page.text
    assert len(soup(page).select(".words-table tbody tr")) == 1


@pytest.mark.parametrize("actor", [AGENT, DISPATCHER, HANDLER, LEADER, REVIEWER, FOLLOWER, SUPERVISOR])
def test_the_dictionary_is_the_administrators(client_as: ClientAs, session: Session, actor: Actor) -> None:
    a_word(session)
    client = client_as(actor)

    answers = [
        client.get(PAGE).status_code,
        post(client, PREVIEW, words="城市驿站").status_code,
        post(client, PAGE, words="城市驿站").status_code,
        post(client, f"/models/dictionary/removal?word={NEW}").status_code,
        post(client, f"/models/dictionary/remove?word={NEW}").status_code,
    ]

    assert set(answers) == {403}
    assert (words_of(session), causes_of(session)) == ([NEW], [])
