"""Markup in texts pasted from web pages and word processors: tags, comments, references (&nbsp;)."""

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5

# Only elements that exist are tags: "水压<2公斤" and "<张三>" are text.
_INSIDE_LINES = (
    "a|abbr|acronym|b|big|cite|code|em|font|i|ins|label|o:p|q|s|small|span|strike|strong|sub|sup|tt|u|wbr"
)
_BETWEEN_LINES = (
    "address|article|aside|blockquote|body|br|button|caption|center|col|colgroup|dd|del|div|dl|dt|fieldset|"
    "footer|form|h[1-6]|head|header|hr|html|iframe|img|input|legend|li|link|main|meta|nav|noscript|object|ol|"
    "option|p|param|pre|script|section|select|style|table|tbody|td|textarea|tfoot|th|thead|title|tr|ul|video|"
    "xml"
)
# Nothing is given back once matched, and nothing reaches past the next "<": time grows with the text only.
_ATTRIBUTES = r"""(?: [a-z][\w:.-]*+ ?+= ?+(?:"[^"<>]*+"|'[^'<>]*+'|[^ "'<>]++))*+"""
_MARK = re.compile(
    rf"(?P<opens><!--|<(?:script|style){_ATTRIBUTES} ?+>)"
    rf"|</?+(?:(?P<inside>{_INSIDE_LINES})|{_BETWEEN_LINES}){_ATTRIBUTES} ?+/?+>"
    r"|<[!?][a-z\[][^<>]*+>"
    r"|&(?:(?P<number>#(?:[0-9]{1,7}|x[0-9a-f]{1,6}))|(?P<name>[a-z][a-z0-9]{1,31}));",
    re.ASCII,
)


def may_hold_markup(text: str) -> bool:
    return "<" in text or "&" in text


def marks(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start and end of each mark in a folded text, and what to read instead of it. Linear.

    Scripts, styles and comments go with what they hold; a tag inside a line goes without a trace, others
    leave a space; a reference stands for its character.
    """
    done = 0
    missing: set[str] = set()
    for mark in _MARK.finditer(text):
        instead = _instead(mark)
        if mark.start() < done or instead is None:
            continue
        done = mark.end()
        closing = _closing(mark["opens"])
        # An end that is missing once is missing for all that follows: it is not searched for again.
        if closing and closing not in missing:
            at = text.find(closing, done)
            if at >= 0:
                done = at + len(closing)
            else:
                missing.add(closing)
        yield mark.start(), done, instead


def _closing(opening: str | None) -> str | None:
    """What ends the part that `opening` begins and that is not for people."""
    if opening is None:
        return None
    if opening == "<!--":
        return "-->"
    return "</script>" if opening.startswith("<script") else "</style>"


def _instead(mark: re.Match[str]) -> str | None:
    """What a mark stands for; None when it is none: a reference that HTML does not know."""
    if mark["name"]:
        return html5.get(f"{mark['name']};")
    if mark["number"]:
        return unescape(mark[0])
    return "" if mark["inside"] else " "
