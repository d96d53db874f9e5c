"""what-if: says what other rules would have made of past tickets, and changes nothing."""

import csv
import io
import json
import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
import structlog

from hotline import runtime
from hotline.cities import other_rules
from hotline.cities.city import City
from hotline.commands.main import main
from hotline.models.ticket import Ticket
from hotline.settings import ROOT, Settings
from hotline.tickets import verification
from hotline.work import SYSTEM
from tests.builders import AGENT, a_contacted_ticket, by
from tests.hotline.tickets.test_whatif import resolved
from tests.support.town import started

TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def settings(tmp_path: Path, city: City) -> Iterator[Settings]:
    """A city with a ticket that was resolved in five days, two weeks ago."""
    handlers, level = logging.root.handlers[:], logging.root.level
    with started(tmp_path, city) as settings:
        with runtime.work(AGENT) as work:
            then = by(work, AGENT, after=-TWO_WEEKS)
            resolved(then, a_contacted_ticket(then), after=timedelta(days=5))
        yield settings
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def shorter(tmp_path: Path, city: City) -> Path:
    file = tmp_path / "shorter.toml"
    file.write_text(other_rules.targets_text(city.policy).replace('"7wd"', '"1wd"'))
    return file


def run(settings: Settings, *arguments: object) -> int:
    environment = {
        "HOTLINE_INSTANCE": str(settings.instance),
        "HOTLINE_SECRET_KEY": settings.secret_key,
        "HOTLINE_VAULT_KEY": settings.vault_key,
    }
    days = ("--from", "2020-01-01", "--to", "2099-01-01")
    with patch.dict(os.environ, environment):
        return main(["what-if", *days, *map(str, arguments)])


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command asks whether load-city has run; the town was filled without it."""
    monkeypatch.setattr("hotline.commands.supposing.start_with_city", runtime.start)


def test_it_tells_what_would_be_late(settings, shorter, capsys):
    assert run(settings, "--policy", shorter) == 0

    said = capsys.readouterr().out
    assert "工单 1 张，什么都没有改" in said
    assert [line.split()[-2:] for line in said.splitlines() if line.startswith("办结 ")] == [["1", "0"]]


def test_a_program_reads_one_object(settings, shorter, capsys):
    assert run(settings, "--policy", shorter, "--json") == 0

    answer = json.loads(capsys.readouterr().out)
    [flip] = answer["flips"]
    assert (answer["tickets"], flip["stage"], flip["late"]) == (1, "resolve", True)


def test_the_flips_go_into_a_table(settings, shorter, tmp_path):
    assert run(settings, "--policy", shorter, "--csv", tmp_path / "flips.csv") == 0

    rows = list(csv.reader(io.StringIO((tmp_path / "flips.csv").read_text("utf-8-sig"))))
    assert len(rows) == 2
    assert (rows[1][1], rows[1][-1]) == ("办结", "变超时")


def test_a_folder_of_rules_is_tried_as_a_whole(settings, shorter, tmp_path, city, capsys):
    (tmp_path / "targets.toml").write_text(shorter.read_text())
    (tmp_path / "calendar.toml").write_text(city.hours)

    assert run(settings, "--city-rules", tmp_path, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["flips"]) == 1


def test_nothing_is_written(settings, shorter):
    before = digest()

    assert run(settings, "--policy", shorter) == 0

    assert digest() == before


def digest() -> tuple[str, list[int]]:
    with runtime.view(SYSTEM) as work:
        versions = [one.version for one in work.session.query(Ticket).order_by(Ticket.id)]
        return verification.digest(work), versions


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[all\n", "mine.toml 第 1 行"),
        ('[all]\nresolve = "soon"\n', "mine.toml 第 2 行：resolve：“soon”不是时限"),
        ((ROOT / "hotline/cities/binhai/targets.toml").read_text(), "没有可试算的"),
    ],
)
def test_what_cannot_be_tried_is_refused_by_file_and_line(settings, tmp_path, capsys, text, said):
    (tmp_path / "mine.toml").write_text(text)

    assert run(settings, "--policy", tmp_path / "mine.toml") == 2
    assert said in capsys.readouterr().err


def test_days_that_are_none_or_turned_or_empty_are_refused(settings, shorter, capsys):
    for days, said in (
        (("--from", "soon"), "日期 'soon' 写法不对"),
        (("--from", "2099-02-02"), "结束的日子早于开始的日子"),
        (("--to", "2020-02-02"), "没有这样的工单"),
    ):
        assert run(settings, "--policy", shorter, *days) == 2
        assert said in capsys.readouterr().err


def test_without_rules_there_is_nothing_to_try(settings, capsys):
    assert run(settings) == 2
    assert "--policy" in capsys.readouterr().err
