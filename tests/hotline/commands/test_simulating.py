"""`simulate` as it is run: an account at the end, the same for the same seed, and refusals in one line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline import runtime
from hotline.cities.city import City
from hotline.commands import simulating
from hotline.commands.main import main
from hotline.settings import Settings
from tests.support.town import started

BEGIN = "2026-11-25T00:00+08:00"


@pytest.fixture
def settings(tmp_path: Path, city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    with started(tmp_path, city) as settings:
        runtime.stop()
        monkeypatch.setenv("HOTLINE_INSTANCE", str(tmp_path))
        monkeypatch.setenv("HOTLINE_LOG_LEVEL", "ERROR")
        yield settings


def _simulate(*arguments: str) -> int:
    return main(["simulate", "--from", BEGIN, "--days", "2", "--tickets-per-day", "3", *arguments])


@pytest.mark.usefixtures("settings")
def test_it_ends_with_an_account_of_every_ticket(capsys: pytest.CaptureFixture[str]) -> None:
    code = _simulate()

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0] == "从 2026-11-25 00:00 演到 2026-11-27 00:00"
    assert lines[1] == "共 6 张工单"
    assert lines[-1] == "6 张工单都有交代，台账核对无误"


@pytest.mark.usefixtures("settings")
def test_json_has_only_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    _simulate("--json")

    figures = json.loads(capsys.readouterr().out)
    assert (figures["tickets"], figures["stuck"], figures["faults"]) == (6, [], [])


def test_tickets_of_a_file_are_imported_first_and_played_with(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    file = settings.instance / "tickets.csv"
    file.write_text("诉求内容\n海澜区潮音街道的路灯坏了一周，晚上看不见路。\n", "utf-8")

    _simulate("--tickets", str(file), "--json")

    assert json.loads(capsys.readouterr().out)["tickets"] == 7


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("moment", ["tomorrow", "2026-11-25T09:00"])
def test_a_moment_that_is_none_or_has_no_zone_is_refused(
    moment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "--from", moment]) == 2
    assert "2026-11-25T09:00+08:00" in capsys.readouterr().err


@pytest.mark.usefixtures("settings")
def test_live_needs_the_processes_that_keep_its_promises(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(simulating, "_PARTNERS_COME_WITHIN", 0.0)

    code = _simulate("--live", "--seconds", "1")

    assert code == 2
    assert "要有运行中的 ticker 和 worker" in capsys.readouterr().err
