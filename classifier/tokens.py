"""Cutting text into words (分词), with a dictionary of one's own.

jieba defines the words that people see; rjieba is the same method in Rust, about twenty times faster, and
cuts one text in ten a little differently. So a model names its segmenter and works with no other.
"""

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from classifier.errors import SegmenterMissing

# jieba's source has invalid escapes and asks for pkg_resources: both only warn.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jieba

rjieba: Any
try:
    import rjieba
except ImportError:  # there is no wheel for this platform
    rjieba = None


@dataclass(frozen=True)
class Segmenter:
    """`name` is package and version, as "jieba-0.42.1"; `words` are those added to its dictionary."""

    name: str
    words: tuple[str, ...]
    cut: Callable[[str], list[str]]


def segmenter(name: str | None = None, words: Iterable[str] = ()) -> Segmenter:
    """Make a segmenter that knows `words` besides its dictionary. Costs up to half a second.

    `name` is a package ("jieba", "rjieba") or a package with its version; None takes the fastest installed.
    Raises SegmenterMissing when there is no such package, or not in that version.
    """
    if name is None:
        name = "rjieba" if rjieba is not None else "jieba"
    package = name.partition("-")[0]
    full_name = _installed(package)
    if full_name is None or name not in (package, full_name):
        raise SegmenterMissing(name)
    added = tuple(dict.fromkeys(word for word in words if word.strip()))
    return Segmenter(full_name, added, _MAKERS[package](added))


def _installed(package: str) -> str | None:
    if package not in _MAKERS or (package == "rjieba" and rjieba is None):
        return None
    try:
        return f"{package}-{version(package)}"
    except PackageNotFoundError:
        return None


def _jieba(words: tuple[str, ...]) -> Callable[[str], list[str]]:
    tokenizer = jieba.Tokenizer()
    # What initialize() does, without its log lines and its cache in the shared temporary folder.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in words:
        tokenizer.add_word(word)

    def cut(text: str) -> list[str]:
        return list(tokenizer.cut(text))

    return cut


def _rjieba(words: tuple[str, ...]) -> Callable[[str], list[str]]:
    tokenizer = rjieba.Jieba()
    for word in words:
        tokenizer.add_word(word, None, None)

    def cut(text: str) -> list[str]:
        return list(tokenizer.cut(text))

    return cut


_MAKERS = {"jieba": _jieba, "rjieba": _rjieba}
