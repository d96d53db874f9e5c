"""Of whom the caller complains (被反映对象): the party that a text accuses most plainly."""

import re
from collections import Counter
from collections.abc import Sequence

from classifier.extraction.names import any_of
from classifier.extraction.party_names import PartyName, party_names
from classifier.text import Span

_ACCUSES = re.compile(any_of("投诉 举报 反[映应] 被 控告 取缔 无良 黑心 关于 遭 受到?") + "[^,。!?;]{0,6}$")
_DOES_WRONG = re.compile(
    "[^,。!?;]{0,6}?"
    + any_of("""
        不 没 未 无 拒 拖 乱 偷 违 擅自 强 私自 长期 一直 还在 仍 通宵 夜间 迟迟 何时 为何 非法 虚假 欺
        骗 套路 克扣 收费 推[脱诿]
        扰民 噪 排 污染 严重 恶劣 差
    """)
)
# Whom the caller turned to, or wants to act, is not whom he accuses.
_TURNED_TO = re.compile(
    any_of("向 找 请 望 恳请 请求 希望 要求 联系 致电 打电话给 打给 询问 咨询 问 感谢 附近 旁边 对面 靠近 经")
    + "[^,。!?;]{0,4}$"
)
# Named to say where it was, or what the caller is himself.
_LANDMARK = re.compile(any_of("的?前面 门[口前] 的?附近 旁 对[面出] 楼[下上] 后面 里 内 [东西南北]侧"))
_HIMSELF = re.compile("(?:我们?|本人|本公司)作为$")

_ENOUGH = 2.5
# Who is named at once is the subject of it all.
_AT_ONCE = 3
_MOST_REPEATS = 3


def accused(text: str, wanted: Span | None) -> Span | None:
    """The party that the folded text accuses most plainly, None where it names none.

    `wanted` is the wish: who stands in it is to act.
    """
    names = list(party_names(text))
    mentions = Counter(name.span.of(text) for name in names)
    plain: list[tuple[float, PartyName]] = []
    for name in names:
        repeats = min(mentions[name.span.of(text)] - 1, _MOST_REPEATS)
        plainness = _plainness(text, name, wanted) + repeats * 0.5
        if plainness >= _ENOUGH:
            plain.append((plainness, name))
    chosen = _plainest(plain)
    # A mere 老板 gives way to whoever has a name.
    if chosen and chosen.is_part and chosen.plainness < _ENOUGH:
        chosen = _plainest([one for one in plain if _has_name(one[1])]) or chosen
    return _fullest(text, chosen.span, names) if chosen else None


def _plainest(plain: Sequence[tuple[float, PartyName]]) -> PartyName | None:
    """The first among equals."""
    return max(plain, key=lambda one: one[0])[1] if plain else None


def _has_name(name: PartyName) -> bool:
    return not name.is_part and name.plainness >= _ENOUGH


def _plainness(text: str, name: PartyName, wanted: Span | None) -> float:
    start, end = name.span.start, name.span.end
    plainness = name.plainness
    if _ACCUSES.search(text, max(0, start - 12), start):
        plainness += 1.5
    if start <= _AT_ONCE:
        plainness += 0.5
    if _DOES_WRONG.match(text, end):
        plainness += 1
    if _LANDMARK.match(text, end) or _HIMSELF.search(text, max(0, start - 6), start):
        plainness -= 2
    is_to_act = wanted is not None and wanted.start <= start < wanted.end
    if not name.is_part and (is_to_act or _TURNED_TO.search(text, max(0, start - 10), start)):
        plainness -= 2
    return plainness


def _fullest(text: str, chosen: Span, names: Sequence[PartyName]) -> Span:
    """The longest name in the text that ends as the chosen one does: 建行 is 东莞厚街建行."""
    said = chosen.of(text)
    same = [name.span for name in names if name.span.of(text).endswith(said)]
    return max(same, key=lambda span: (span.end - span.start, -span.start))
