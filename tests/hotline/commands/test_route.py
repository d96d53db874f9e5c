"""What the machine says of a text, as programs read it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import classifier
from classifier import store
from hotline import labels
from hotline.cities.city import City
from hotline.commands.routing import Matter, describe
from hotline.tickets import automatic, triage
from hotline.work import Work
from tests.builders import an_open_lane
from tests.classifier.examples import model
from tests.support.machine import Done, Machine

KEYS = [
    *("segments", "categories", "kind", "urgency", "risk", "area"),
    *("lead", "assisting", "auto", "reasons", "outcome", "considered"),
]
LAMP = "海澜区潮音街道的路灯坏了一个星期，晚上出门看不清路。"


def answers(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def segmenter(city: City) -> classifier.Segmenter:
    return classifier.segmenter("jieba", city.names)


def told(work: Work, segmenter: classifier.Segmenter, matter: Matter) -> dict[str, Any]:
    """What is said of a matter, as a program reads it."""
    return dict(describe(work, segmenter, matter))


def outcome(work: Work, segmenter: classifier.Segmenter, text: str, address: str = "") -> object:
    return told(work, segmenter, Matter(text, address=address))["outcome"]


def test_a_text_gets_one_object_with_every_key(loaded: Machine) -> None:
    done = loaded.run("route", "--text", LAMP, "--title", "路灯不亮")

    (answer,) = answers(done)
    assert done.code == 0
    assert list(answer) == KEYS
    assert answer["area"] == {"district": "海澜区", "subdistrict": "潮音街道", "community": None}
    assert (answer["kind"], answer["urgency"], answer["outcome"]) == ("投诉", "一般", "dispatch")
    assert answer["categories"][0].keys() == {"code", "name", "probability"}
    assert answer["categories"][0]["code"] == "0204"
    assert answer["lead"] == "Q01-D-CG"
    assert answer["auto"] is False


def test_an_untrained_instance_says_so_on_stderr(loaded: Machine) -> None:
    done = loaded.run("route", "--text", LAMP)

    assert "no_model" in done.stderr
    assert "no_model" not in done.stdout


def test_the_trained_model_of_the_instance_judges(loaded: Machine, tmp_path: Path) -> None:
    store.save(model(), tmp_path / "model", trained_at="2026-11-24T10:00:00+08:00")

    done = loaded.run("route", "--text", "工地半夜打桩", HOTLINE_MODEL_PATH=str(tmp_path / "model"))

    (answer,) = answers(done)
    assert answer["categories"][0]["code"] == "0101"
    assert "no_model" not in done.stderr


def test_it_says_what_the_desks_are_told(work: Work, segmenter: classifier.Segmenter) -> None:
    view = triage.suggest(work, LAMP, "海澜区潮音街道")

    answer = told(work, segmenter, Matter(LAMP, address="海澜区潮音街道"))

    assert view.decision is not None
    assert answer["lead"] == view.decision.lead
    assert answer["assisting"] == list(view.decision.assisting)
    assert [one["code"] for one in answer["categories"]] == [one.code for one in view.suggestion.categories]


def test_every_entry_that_was_considered_is_told_with_its_fate(
    work: Work, segmenter: classifier.Segmenter
) -> None:
    text = "井盖丢了，是供水的井盖"

    answer = told(work, segmenter, Matter(text, address="海澜区潮音街道"))

    winner, *others = answer["considered"]
    assert answer["categories"][0]["code"] == "0202"
    assert (winner["lead"], winner["keyword"], winner["lost"]) == (answer["lead"], "供水", None)
    assert {one["lost"] for one in others} == {"less_specific", "no_keyword"}
    assert all(one["why"] for one in others)


def test_of_words_that_overlap_the_longest_is_quoted(work: Work, segmenter: classifier.Segmenter) -> None:
    reasons = told(work, segmenter, Matter("公司一直不执行仲裁裁决"))["reasons"]

    assert "写到“仲裁裁决”" in reasons[0]
    assert "“仲裁裁”" not in reasons[0]


def test_segments_are_the_text_cut_with_the_names_of_the_city(
    work: Work, segmenter: classifier.Segmenter
) -> None:
    segments = told(work, segmenter, Matter(LAMP))["segments"]

    assert "".join(segments) == LAMP
    assert {"海澜区", "潮音街道", "路灯"} <= set(segments)


def test_a_sure_text_of_an_automatic_entry_goes_by_itself(
    work: Work, segmenter: classifier.Segmenter
) -> None:
    text = "公园里跳广场舞的喇叭震天响"
    work = replace(work, city=replace(work.city, classifier=model()))
    an_open_lane(work, "0102", threshold=0.1)
    view = triage.suggest(work, text, "海澜区潮音街道")

    answer = told(work, segmenter, Matter(text, address="海澜区潮音街道"))

    assert answer["auto"] == (automatic.choice_of(work, view) is not None) is True
    assert told(work, segmenter, Matter(text))["auto"] is False
    assert told(work, segmenter, Matter(f"{text}，我不想活了", address="海澜区潮音街道"))["auto"] is False


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("六楼厨房着火了，黑烟往外冒", "119"),
        ("路边有个老人晕倒在地，叫不醒", "120"),
        ("十字路口两车相撞，路都堵了", "122"),
        ("有人持刀在菜市场门口", "110"),
        ("我站在楼顶，要跳楼", "110"),
        ("我的事信访局已经受理了，还想再登记一遍", "petition"),
        ("这个官司法院已经判了，我不服判决", "lawsuit"),
        ("劳动仲裁裁决下来了，公司不执行", "arbitration"),
        ("我要申请行政复议，撤销处罚", "reconsideration"),
        ("举报街道主任收受贿赂", "discipline"),
        ("我要申请公开征收批文，政府信息公开", "disclosure"),
        ("法官一直拖着我的案子", "other_body"),
        ("高铁上列车员态度恶劣", "railway"),
        ("我在杭州买的家具，商家不给退", "other_city"),
        ("苏州市的一家驾校不退学费", "other_city"),
    ],
)
def test_what_belongs_to_another_channel_is_transferred(
    work: Work, segmenter: classifier.Segmenter, text: str, line: str
) -> None:
    view = triage.suggest(work, text)

    assert view.transfer is not None
    assert view.transfer.code == line
    assert outcome(work, segmenter, text) == "transfer"
    assert automatic.choice_of(work, view) is None


@pytest.mark.parametrize(
    "text",
    [
        LAMP,
        "消防通道被车堵死，万一着火怎么办",
        "去年家里着火了，保险到现在没赔",
        "申请劳动仲裁要去哪里，需要什么材料",
        "法院门口的停车场乱收费",
        "户口在南京市，孩子能在这边上学吗",
        "在南京路看到井盖坏了",
        "跳楼价甩卖是虚假宣传",
        "感谢民警帮我找回走失的老人",
    ],
)
def test_what_only_sounds_like_it_is_dispatched(
    work: Work, segmenter: classifier.Segmenter, text: str
) -> None:
    assert outcome(work, segmenter, text) == "dispatch"


def test_another_city_is_ours_again_where_a_place_of_ours_is_named(
    work: Work, segmenter: classifier.Segmenter
) -> None:
    assert outcome(work, segmenter, "在杭州总店买的卡，海澜区潮音街道的门店不认") == "dispatch"


def test_an_address_in_another_city_is_another_citys(work: Work, segmenter: classifier.Segmenter) -> None:
    assert outcome(work, segmenter, "工地夜里施工", "上海市浦东新区张江镇") == "transfer"
    assert outcome(work, segmenter, "工地夜里施工", "海澜区潮音街道上海市场旁") == "dispatch"


def test_the_gravest_emergency_comes_first(work: Work) -> None:
    transfer = triage.suggest(work, "着火了，还有人持刀，有人昏迷不醒").transfer

    assert transfer is not None
    assert transfer.code == "110"


def test_a_category_that_is_no_departments_goes_to_its_channel(work: Work) -> None:
    taught = replace(work.city.transfers["discipline"], categories=("0101",))
    city = replace(work.city, classifier=model(), transfers={"discipline": taught})

    sure = triage.suggest(replace(work, city=city), "工地半夜打桩吵得人睡不着")
    guessed = triage.suggest(replace(work, city=replace(city, classifier=None)), "工地半夜打桩吵得人睡不着")

    assert sure.transfer is taught
    assert guessed.transfer is None


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("再不解决我就不想活了", "扬言(自残)"),
        ("再不管我就跟他们拼命", "扬言(报复)"),
        ("再不发工资我们就去市政府门口", "扬言(聚集)"),
        ("农民工集体讨薪", "群体性"),
        ("出租车司机在罢运", "涉稳"),
        ("网吧放未成年人进去", "涉未成年"),
        ("他天天恐吓我", "人身安全"),
        ("你们不管我就找记者", "涉舆情"),
        ("有人在群里煽动大家闹事", "涉稳线索转110"),
    ],
)
def test_risks_are_named_in_the_words_of_the_trade(
    work: Work, segmenter: classifier.Segmenter, text: str, risk: str
) -> None:
    assert risk in told(work, segmenter, Matter(text))["risk"]


def test_an_emergency_is_critical(work: Work, segmenter: classifier.Segmenter) -> None:
    assert told(work, segmenter, Matter("有人持刀"))["urgency"] == "特急"


@pytest.mark.parametrize("text", ["水", "😀" * 50, "\x00\x01路灯", "路燈壞了", "路灯坏了。" * 20_000])
def test_any_text_gets_an_answer(work: Work, segmenter: classifier.Segmenter, text: str) -> None:
    assert list(told(work, segmenter, Matter(text))) == KEYS


def test_what_is_no_utf_8_on_the_command_line_can_be_printed(loaded: Machine) -> None:
    done = loaded.run("route", "--text", b"\xff\xfe ".decode(errors="surrogateescape") + LAMP)

    assert done.code == 0
    assert done.stdout.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_answered_line_by_line(loaded: Machine, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "texts.csv"
    file.write_text(f"id,text,address\n1,{LAMP},\n2,井盖丢了,望湖区\n", encoding=encoding)

    done = loaded.run("route", "--batch", str(file))

    first, second = answers(done)
    assert done.code == 0
    assert (first["area"]["district"], second["area"]["district"]) == ("海澜区", "望湖区")


def test_a_row_that_fails_has_its_error_in_its_place(loaded: Machine, tmp_path: Path) -> None:
    file = tmp_path / "texts.csv"
    file.write_text('text,title\n井盖丢了,\n"",\n,\n路灯坏了\n', encoding="utf-8")

    done = loaded.run("route", "--batch", str(file))

    assert done.code == 1
    assert [list(answer) == ["error"] for answer in answers(done)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "这几项要写一项"),
        (["--text", " "], "没有内容"),
        (["--batch", "/no/such/file.csv"], "没有这个文件"),
        (["--batch", "{folder}/other.csv"], "缺少列：text"),
        (["--batch", "{folder}/other.csv", "--title", "路灯"], "title、address 列"),
        (["--batch", "{folder}/empty.csv"], "空文件"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(
    loaded: Machine, tmp_path: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "other.csv").write_text("content\n路灯坏了\n", encoding="utf-8")
    (tmp_path / "empty.csv").touch()

    refused = loaded.run("route", *(one.format(folder=tmp_path) for one in arguments))

    assert (refused.code, refused.stdout) == (2, "")
    assert said in refused.stderr.splitlines()[-1]


@pytest.mark.parametrize("command", [["route", "--text", LAMP], ["user", "list"]])
def test_a_city_is_loaded_first(machine: Machine, command: list[str]) -> None:
    assert machine.run("migrate").code == 0

    refused = machine.run(*command)

    assert refused.code == 2
    assert "./run hotline load-city" in refused.stderr


def test_every_risk_that_triage_knows_can_be_said() -> None:
    assert set(labels.RISKS) == {risk.value for risk in classifier.Risk}
