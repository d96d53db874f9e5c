"""What is wanted (何求): the sentence in which the caller says what should be done, or asks."""

import re

from classifier.extraction.names import any_of
from classifier.extraction.phones import first_number
from classifier.text import Span

_SENTENCE = r"[^。!?;]{2,200}[。!?;]?"
_CALLER = "(?:我们?|本人|诉求人)"
# "国家的希望", "客户希望": a noun, or another's wish.
_HOPE = "(?<![的是有户行学到不])希望"
_PLAIN = any_of(f"""
    强烈要求 强烈建议 (?<!很){_HOPE} 恳请 恳求 请求 呼吁 (?<!之前)请(?:相关|有关|政府|领导|各?级)
    盼望?(?!切) 切盼(?!切)
    {_CALLER}(?:还|再次|强烈)?要求
""")
# These are a wish only where a clause begins; behind the name of somebody else they are told of him.
_CLAUSE = r"(?<![^,。;!?:、 ()\"“”])(?:再次|还|也|敬|特此|同时|现在?|为此)?,?"
_OPENING = any_of(
    "要求 烦?请(?![问假客教示]) 望(?![牛京城江都远着见子月不]) 建议 诉求[是为:,] 求(?!助过) 麻烦"
)
_ASKED = any_of("(?:想|来电|询|特此?)?(?:咨询|请问|想问|问一下|想?了解|想知道)")
_FAINT = any_of(f"""
    要求(?!我) {_HOPE} 能不能 能否 可否 可不可以 是否可以 应该怎么 怎么办理 何时(?:才能?|能)
    (?<!不)应[该当](?!由) (?<![答回反相对供适理感])应(?=[在走将立加把尽])
""")
# The plainest first.
_WISHES = tuple(
    re.compile(rf"(?:{opening}){_SENTENCE}")
    for opening in (
        f"{_CALLER}?{_PLAIN}|{_CLAUSE}{_OPENING}",
        f"{_CALLER}?{_ASKED}",
        f"{_CALLER}?{_FAINT}",
    )
)
_EDGES = " ,。;!?、:"
# The clause that leads to a number: ",我手机是".
_TELLS_NUMBER = re.compile("(?:[,、: ]|(?:我的?|本人的?)?(?:联系)?(?:手机|电话|号码|联系方式))[^,、]{0,12}$")
# Fewer characters are the call itself: "请打138…".
_SHORTEST = 4
_THANKS = re.compile(r"[,。;! ]{0,3}(?:谢谢|感谢|多谢)[^,。;]{0,8}$")
# A wish that came to nothing is told, not wanted: "希望得到帮助,但却…".
_IN_VAIN = re.compile("但(?:却|是?没|是都|每次)")


def wanted(text: str) -> Span | None:
    """The last plain wish of a folded text, else the last question, else the last faint wish.

    Earlier ones tell what was asked of others.
    """
    for pattern in _WISHES:
        spans = [_without_thanks(text, Span(*match.span())) for match in pattern.finditer(text)]
        wishes = [
            span for span in spans if span is not None and not _IN_VAIN.search(text, span.start, span.end)
        ]
        if wishes:
            return wishes[-1]
    return None


def before_number(text: str, wish: Span) -> Span:
    """The wish without the number to call back that the same sentence goes on to tell."""
    number = first_number(text, wish)
    if number is None:
        return wish
    told_at = _TELLS_NUMBER.search(text, wish.start + 1, number.start)
    cut = trimmed(text, Span(wish.start, told_at.start() if told_at else number.start))
    return cut if cut and cut.end - cut.start >= _SHORTEST else wish


def trimmed(text: str, span: Span) -> Span | None:
    """Without punctuation and space at its edges; None when nothing is left."""
    start, end = span.start, span.end
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return Span(start, end) if start < end else None


def _without_thanks(text: str, span: Span) -> Span | None:
    if bare := trimmed(text, span):
        thanks = _THANKS.search(text, bare.start, bare.end)
        return trimmed(text, Span(bare.start, thanks.start())) if thanks else bare
    return None
