"""Another city's package is taken once; what is broken is refused in one line."""

import hashlib
import json
from pathlib import Path

from tests.support.machine import Machine

PACKAGE = {
    "schema": "hotline-exchange/1",
    "key": "990200-20261124000007-other_city",
    "origin": {"city": "990200", "name": "临港市12345热线", "number": "20261124000007"},
    "target": "other_city",
    "kind": "complaint",
    "urgency": "normal",
    "category": "市政设施 / 路灯",
    "title": "",
    "text": "海澜区潮音街道灯源路的路灯坏了三个月。",
    "wish": "",
    "occurred": "",
    "subject": "",
    "address": "海澜区潮音街道灯源路",
    "area": "",
    "logged_at": "2026-11-24T10:00:00+08:00",
    "transferred_at": "2026-11-24T10:05:00+08:00",
    "confidential": False,
    "caller": {"name": "张三", "phone": "13800000077"},
}


def digested(package: dict[str, object]) -> dict[str, object]:
    """The package with its digest, as docs/api.md tells other programs to make it."""
    text = json.dumps(package, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {**package, "digest": hashlib.sha256(text.encode()).hexdigest()}


def test_a_package_is_taken_once(loaded: Machine, tmp_path: Path) -> None:
    file = tmp_path / "package.json"
    file.write_text(json.dumps(digested(PACKAGE), ensure_ascii=False))

    first = loaded.run("exchange", "import", str(file), "--json")
    again = loaded.run("exchange", "import", str(file), "--json")

    assert (first.code, again.code) == (0, 0)
    told, told_again = json.loads(first.stdout), json.loads(again.stdout)
    assert told["new"]
    assert told_again == {**told, "new": False}
    assert "13800000077" not in first.stderr + first.stdout


def test_a_changed_package_is_refused(loaded: Machine, tmp_path: Path) -> None:
    file = tmp_path / "package.json"
    file.write_text(json.dumps({**digested(PACKAGE), "text": "改过"}))

    refused = loaded.run("exchange", "import", str(file))

    assert refused.code == 2
    assert "摘要对不上" in refused.stderr


def test_a_ticket_that_stayed_here_is_not_written_out(loaded: Machine) -> None:
    assert loaded.run("exchange", "export", "20991231000001").code == 2
