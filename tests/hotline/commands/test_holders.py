"""Whose time it was, as a command says it."""

import json

import pytest

from hotline.commands import holders
from hotline.tickets.custody.report import Basis, Period, report
from tests.builders import AGENT, DAY, by
from tests.hotline.tickets.test_custody import given_back_after
from tests.support.machine import Machine

NOVEMBER = ("--from", "2026-11-01", "--to", "2026-11-30")


def test_a_period_without_tickets_is_no_error(loaded: Machine) -> None:
    done = loaded.run("holders", *NOVEMBER, "--json")

    assert done.code == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["tickets"], answer["hours"], answer["parties"]) == (0, 0.0, [])
    assert answer["first_took"]["median"] is None


def test_the_report_is_written_as_a_file(loaded: Machine, tmp_path) -> None:
    file = tmp_path / "november.csv"

    done = loaded.run("holders", *NOVEMBER, "--by", "logged", "--csv", str(file))

    assert done.code == 0, done.stderr
    assert file.read_text("utf-8-sig").startswith("类别,名称,工单数")
    assert "0 件工单" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "11月", "--to", "2026-11-30"), "写法不对"),
        (("--from", "2026-11-30", "--to", "2026-11-01"), "早于"),
        ((*NOVEMBER, "--department", "D-NOPE"), "没有代号为"),
        ((*NOVEMBER, "--by", "hand"), "可以是"),
    ],
)
def test_what_cannot_be_is_refused_in_words(loaded: Machine, arguments: tuple[str, ...], words: str) -> None:
    done = loaded.run("holders", *arguments)

    assert done.code == 2
    assert words in done.stderr


def test_programs_read_hours_that_add_up(work) -> None:
    _, later = given_back_after(work, 7 * DAY)

    found = report(later, Period(work.now, later.now, Basis.LOGGED))
    answer = holders.answer(later, found)

    assert answer["hours"] == 30 * 24
    parties = {(one["side"], one["department"] or one["desk"]): one for one in answer["parties"]}
    assert sum(one["natural"]["hours"] for one in parties.values()) == answer["hours"]
    assert parties["department", "D-CG"]["natural"]["hours"] == 7 * 24
    assert parties["approval", "dispatcher"]["natural"] == {
        "number": 1,
        "hours": 1.0,
        "median": 1.0,
        "p90": 1.0,
    }
    json.dumps(answer)
    lines = list(holders.lines_of(by(later, AGENT), found))
    assert lines[0] == "1 件工单，共 30天"
