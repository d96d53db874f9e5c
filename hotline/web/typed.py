"""What a person typed into a form that cannot be taken, so that it is not lost with it."""

import re

from werkzeug.datastructures import MultiDict

# No page repeats these.
SECRET = frozenset({"csrf_token", "password", "old", "new", "again", "code"})
# Written by the page itself, or pressed, or chosen from what it offers.
_BY_THE_PAGE = "version request_key round next back tab after form offered stamp"
_PRESSED = "go transfer_to split granted step opened take_over write"
_CHOSEN = """
    group newest against place_level lead_by duty_level decides lowest automatic change
    numbers cuts consent anonymous confidential enterprise channel kind urgency role roles group sure lead
    assisting misled promise entry units line_level line_minimum_level line_auto below called cited within
    standing level view into target mode exception office year amount outcome fault reached contacted
    solved satisfied like whole allowances resolve_starts clock_rules
"""
NOT_TYPED = frozenset(f"{_BY_THE_PAGE} {_PRESSED} {_CHOSEN}".split())
# Chosen by its code in one form, written in another.
EITHER = frozenset({"reason", "decision", "department"})
_CODE = re.compile(r"[A-Za-z0-9_-]+")


def typed_in(form: MultiDict[str, str]) -> list[str]:
    """Return the texts of `form` that somebody typed, in its order."""
    return [text for name, text in form.items(multi=True) if text.strip() and _is_typed(name, text)]


def _is_typed(name: str, text: str) -> bool:
    return name not in SECRET | NOT_TYPED and not (name in EITHER and _CODE.fullmatch(text))
