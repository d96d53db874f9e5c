"""The words of a text from which fields are filled, marked, with only the ends of what stands between."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import classifier
from hotline.web.marks import Found, Piece, pieces

_TAGS: Mapping[str, str] = {
    "when": "时间",
    "where": "地点",
    "accused": "涉及对象",
    "phone": "电话",
    "name": "姓名",
    "wanted": "期望",
}
# So much of the text between is kept on either side of a mark.
_SHOWN = 12


def marked(content: str, elements: classifier.Elements) -> list[Piece]:
    """Return `content` in pieces; empty where nothing was found. Of two that overlap the first is marked."""
    found = [
        Found(span.start, span.end, tag) for name, tag in _TAGS.items() if (span := getattr(elements, name))
    ]
    return list(_shortened(pieces(content, found))) if found else []


def _shortened(whole: list[Piece]) -> Iterator[Piece]:
    for at, piece in enumerate(whole):
        text = piece.text
        head = text[:_SHOWN] if at else ""
        tail = text[-_SHOWN:] if at < len(whole) - 1 else ""
        is_long = not piece.tag and len(text) > len(head) + len(tail) + 1
        yield replace(piece, text=f"{head}…{tail}") if is_long else piece
