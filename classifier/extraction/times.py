"""When it happened (何时): which words of time in a text an agent would write down.

Every repetition in a pattern is bounded, so that time grows with the text and no faster.
"""

import re

from classifier.extraction.names import any_of
from classifier.extraction.numerals import NUMBER
from classifier.extraction.time_words import (
    AHEAD,
    CLOCK,
    DATE,
    DAY,
    HABIT,
    LASTING,
    MONTH,
    PART_OF_DAY,
    TIME,
    WEEK,
    YEAR,
)
from classifier.text import Span

# What tells best when it happened comes first; among equals the first in the text.
_RANKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{YEAR}[的 ]?{MONTH}|{MONTH} ?{DAY}[日号]|{DATE}",
        rf"前天|[昨今前][天日早晚夜晨]|[上本这].?{WEEK}|(?<!每){WEEK}[一二三四五六日天末]|[上本这]个?月|刚[才刚]",
        MONTH,
        rf"{PART_OF_DAY}.{{0,2}}{CLOCK}",
        rf"[去前]年|(?:{NUMBER}|[几半数])[个年月天周]|从|自",
        "最近|近[期日来]",
        rf"{LASTING}|{YEAR}",
        rf"{HABIT}的?{PART_OF_DAY}|一到|通宵|{WEEK}",
        CLOCK,
        PART_OF_DAY,
        "每隔|每逢|24小时",
    )
)
# What is to come tells least but for a habit: what has happened goes before it.
_AHEAD = re.compile(AHEAD)
_RANK_AHEAD = 5
# What was planned or promised (应于…完工), what is told of a person's life (住了几年), and what day it is
# now, tell not when it happened.
_NOT_THEN = re.compile(
    any_of("""
        应 预计 计划 将 拟 约定 截[止至] 听.{0,2}说 [只才]能 要等?到 出?生 现在是? 今天是 现正处?
        (?:天|周|星期|月)(?:以|之)?后 离[^,。;!?]{1,8} 今时 未?满 工龄
        [不补]?发放? 缴纳 (?:入住|住入|住在|工作|结婚|退休)[^,。;!?]{0,4}
    """)
    + "[于在到]?$"
)
_NOT_BY_THEN = re.compile(
    any_of("""
        (?:[日号年月]|今天|现在)(?:以?前|之前|为止) .(?:快|就?要|马上)?到了
        .(?:正式)?(?:出生|实施|施行|颁布|出台)
        .的?(?:[^,。;!?]{0,3}月)?(?:工资|奖金|租金|学费|成绩|生活)
    """)
)
_LOOK_BACK = 12
# The date below a letter.
_SIGNED = re.compile(r"[日号\d] ?[.。]?$")


def when(text: str) -> Span | None:
    """The words that say best when it happened, in a folded text."""
    best: tuple[int, Span] | None = None
    for match in TIME.finditer(text):
        span = Span(*match.span())
        rank = _rank(text, span)
        if rank is not None and (best is None or rank < best[0]):
            best = rank, span
    return best[1] if best else None


def _rank(text: str, span: Span) -> int | None:
    if _NOT_THEN.search(text, max(0, span.start - _LOOK_BACK), span.start):
        return None
    if _NOT_BY_THEN.match(text, span.end - 1):
        return None
    if span.start and text[span.start - 1] in " 。" and _SIGNED.match(text, span.end - 1):
        return None
    said = span.of(text)
    if _AHEAD.match(text, span.start):
        return _RANK_AHEAD
    return next((rank for rank, pattern in enumerate(_RANKS) if pattern.search(said)), None)
