"""Where it happened (何地): the words of a text that name a place most exactly.

Which area it is, `routing.Gazetteer` says.
"""

import re
from collections.abc import Iterator

from classifier.extraction.names import any_of
from classifier.extraction.place_names import PlaceName, place_names
from classifier.text import Span

_BESIDE = re.compile(
    r"(?:与|和)[一-鿿a-z\d]{1,8}?(?:路|街|道)(?:交叉口|交汇处|路口)|"
    + any_of("""
        附近 门[口前] 对面 旁边? 交叉口 交汇处 路口 里面 楼[下前] [前后上]面 [东西南北][侧面边岸]
        入口处? 路段 河段 段 境内 一带
        沿线 两[侧旁边] 边上? 内
    """)
)
# What may stand between two names of one place.
_LINK = re.compile("(?:的|旁边?的?|附近的?|边上?的?|内的?|里的?|前面?的?|[东西南北][侧面]的?|与|和)?")
# A firm or an office that is called by its place, not the place: 东莞市…公司, 某镇政府.
_OFFICE = re.compile(
    r"[^\W的在是了、]{0,12}?"
    + any_of("""
        公司 厂 局 [支分]?行 政府 党委 集团 委 管理[处办] 社保 地税 国税 医保 公积金 人事 教育 民政 信访
        [一二三四五六七八九十]{1,2}[中小] 附[中小]
    """)
)
_OFFICE_NEAR_STREET = re.compile(r"[一-鿿]{0,3}(?:公司|厂|[支分工农建]行|银行|[支大]队)")
_PEOPLE = re.compile(r"[人民籍]|居民|农民|全体")
_TOLD = re.compile(r"(?:在|位于|地址:?|住|家住)$")

# Less than a town says nothing; as exact as a village or more is no office.
_LEAST, _EXACT = 1, 2


def where(text: str) -> Span | None:
    """The place in a folded text that is told most exactly; the first among equals."""
    best: tuple[float, Span] | None = None
    for place in _places(text):
        exactness = _exactness(text, place)
        if exactness >= _LEAST and (best is None or exactness > best[0]):
            best = exactness, _with_beside(text, place)
    return best[1] if best else None


def _places(text: str) -> Iterator[list[PlaceName]]:
    """Names that follow each other directly are one place: district, street, number, compound, building."""
    place: list[PlaceName] = []
    for name in place_names(text):
        if place and not _LINK.fullmatch(text, place[-1].span.end, name.span.start):
            yield place
            place = []
        place.append(name)
    if place:
        yield place


def _exactness(text: str, place: list[PlaceName]) -> float:
    exactness = sum(name.exactness for name in place)
    start, end = place[0].span.start, place[-1].span.end
    if len(place) == 1 and _OFFICE_NEAR_STREET.match(text, end):
        return 0
    if exactness < _EXACT and (_OFFICE.match(text, end) or _PEOPLE.match(text, end)):
        return 0
    is_told = _TOLD.search(text, max(0, start - 4), start) is not None
    is_beside = _BESIDE.match(text, end) is not None
    return exactness + (1 if is_told else 0) + (0.5 if is_beside else 0)


def _with_beside(text: str, place: list[PlaceName]) -> Span:
    end = place[-1].span.end
    beside = _BESIDE.match(text, end)
    return Span(place[0].span.start, beside.end() if beside else end)
