"""Every template compiles, keeps to the strict policy, and stands on files that exist."""

import re
from pathlib import Path

import pytest
from flask import Flask

from hotline.app import create_app
from hotline.settings import ROOT, Settings
from hotline.web.typed import EITHER, NOT_TYPED, SECRET

TEMPLATES = ROOT / "hotline" / "web" / "templates"
STATIC = ROOT / "hotline" / "web" / "static"
FILES = sorted(TEMPLATES.rglob("*.html"))
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
ICON_NAMES = """
    alert-circle alert-triangle arrows-exchange bell bookmark building-bank bulb camera check chevron-down
    circle-check copy corner-up-right device-desktop device-floppy dots eye eye-exclamation file-spreadsheet
    filter-off flag hand-stop headset info-circle list-check list-details lock message-question note notes
    paperclip phone phone-outgoing photo player-pause player-play plus printer search user-circle users
    wifi-off
"""


@pytest.fixture(scope="module")
def pages() -> Flask:
    return create_app(Settings(secret_key="s" * 64, vault_key="00" * 32), start_runtime=False)


def name_of(file: Path) -> str:
    return file.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_every_template_compiles(file: Path, pages: Flask) -> None:
    assert pages.jinja_env.get_template(name_of(file)).name == name_of(file)


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_template_carries_a_style_or_a_script_of_its_own(file: Path) -> None:
    text = file.read_text()

    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|\bhx-on", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(src|href)=[\"']https?://", text)


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_every_file_that_a_template_asks_for_exists(file: Path) -> None:
    asked = re.findall(r"asset\(['\"]([^'\"]+)['\"]\)", file.read_text())

    missing = [name for name in asked if not name.startswith("vendor/") and not (STATIC / name).exists()]
    assert not missing


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_every_icon_is_in_the_sprite(file: Path) -> None:
    assert set(re.findall(r"icon\(['\"]([a-z-]+)['\"]\)", file.read_text())) <= set(ICON_NAMES.split())


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_every_form_that_posts_carries_the_forgery_token(file: Path) -> None:
    for form in re.findall(r"<form[^>]*method=[\"']post[\"'].*?(?:</form>|\Z)", file.read_text(), re.S):
        # A frame leaves the fields to the templates that fill it.
        assert re.search(r"csrf_token|hidden\(|block form", form), form[:200]


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_nothing_is_marked_safe_by_hand(file: Path) -> None:
    assert not re.search(r"\|\s*safe\b|autoescape false", file.read_text())


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_every_picture_in_a_button_has_words_beside_it(file: Path) -> None:
    for attributes, inside in re.findall(r"<button([^>]*)>(.*?)</button>", file.read_text(), re.S):
        words = re.sub(r"\{\{\s*icon\([^}]*\}\}|<[^>]*>", "", inside)
        assert words.strip() or "aria-label" in attributes, inside


FILLED_BY_THE_PAGE = (
    r"<input(?=[^>]*type=\"(?:hidden|radio|checkbox)\")[^>]*?\sname=\"([a-z_]+)\"",
    r"<(?:button|select)[^>]*?\sname=\"([a-z_]+)\"",
    r"\b(?:choices|checks?|select|box|answer|share_choice|why)\(\"([a-z_]+)\"",
    r"\bquestion\(\d+, \"([a-z_]+)\"",
)
TYPED = (r"<textarea[^>]*?\sname=\"([a-z_]+)\"", r"\b(?:line|passage|day|typing)\(\"([a-z_]+)\"")


def names_in(patterns: tuple[str, ...]) -> set[str]:
    return {name for file in FILES for one in patterns for name in re.findall(one, file.read_text())}


def test_what_a_page_fills_in_and_what_a_person_types_are_told_apart() -> None:
    """When a form fails, its answer shows what was typed (hotline/web/typed.py) and nothing else."""
    filled, written = names_in(FILLED_BY_THE_PAGE), names_in(TYPED)

    carried_on = {"q"}  # a search's words, from one page of its list to the next
    assert filled <= NOT_TYPED | EITHER | SECRET | carried_on
    assert written & NOT_TYPED == set()
    assert filled & written >= EITHER


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_script_writes_markup_or_runs_text(file: Path) -> None:
    text = file.read_text()

    assert not re.search(
        r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", text
    )
    assert not re.search(r"\.style\b|setAttribute\(['\"]style", text)
