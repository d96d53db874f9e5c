"""Time limits as five places write them, each number with its source: what a new city may begin with."""

from pathlib import Path

_FOLDER = Path(__file__).parent / "targets"


def names() -> list[str]:
    return sorted(file.stem for file in _FOLDER.glob("*.toml"))


def targets_of(name: str) -> str:
    """Return the text of targets.toml in the style of one of `names`."""
    return (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")
