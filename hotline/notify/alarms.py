"""What an alert says outside: number, department, clock, deadline. Never the caller or the matter."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Alarm:
    """`severity`: near, overdue or grave. `clock` and `owner` in words, `due` as people write a moment."""

    hotline: str
    rung: str
    severity: str
    number: str
    owner: str
    clock: str
    due: str


@dataclass(frozen=True)
class Waiting:
    """What waits for one person at the start of a shift."""

    hotline: str
    overdue: int
    near: int
    supervised: int
    link: str


_SENTENCES: Mapping[str, str] = {
    "near": "{rung}：工单 {number}（{owner}）{clock}时限 {due} 将到，请抓紧办理。",
    "overdue": "{rung}：工单 {number}（{owner}）{clock}时限 {due} 已过，请立即办理并说明原因。",
    "grave": "{rung}：工单 {number}（{owner}）{clock}时限 {due} 已过，至今未完成，请督促办理。",
}


def told(alarm: Alarm) -> str:
    return f"【{alarm.hotline}】{_sentence(alarm)}"


def told_in_markdown(alarm: Alarm) -> str:
    return f"**{alarm.hotline}** {_sentence(alarm)}"


def summed(waiting: Waiting) -> str:
    """Return the digest of a shift in one sentence, with the way to its page."""
    numbers = ((waiting.overdue, "已超时"), (waiting.near, "快到期"), (waiting.supervised, "督办中"))
    said = "、".join(f"{words} {number} 件" for number, words in numbers if number)
    return f"【{waiting.hotline}】本班次待办：{said}。按轻重排好了：{waiting.link}"


def _sentence(alarm: Alarm) -> str:
    return _SENTENCES[alarm.severity].format(
        rung=alarm.rung, number=alarm.number, owner=alarm.owner, clock=alarm.clock, due=alarm.due
    )
