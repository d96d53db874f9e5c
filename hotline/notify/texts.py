"""What a caller is told by text message: the number, what happened, by when. Never what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.lifecycle import Action


@dataclass(frozen=True)
class Facts:
    """What the sentences may name; `by` and `until` are moments and days in words, as on the public page."""

    hotline: str
    telephone: str
    number: str
    department: str | None = None
    by: str | None = None
    provisional: bool = False
    until: str | None = None


_SENTENCES: Mapping[Action, str] = {
    Action.LOG: "您反映的事项已登记，编号{number}。凭编号和查询码可查进度。",
    Action.DISPATCH: "您反映的事项（编号{number}）已转{department}办理{by}。",
    Action.GRANT_EXTENSION: "您反映的事项（编号{number}）需要更多时间办理{by}。",
    Action.GRANT_SUSPENSION: "您反映的事项（编号{number}）暂停办理{until}。",
    Action.DEFER: "您反映的事项（编号{number}）需较长时间解决，已列入跟踪清单{until}。",
    Action.TRANSFER: "您反映的事项（编号{number}）已转其他渠道受理，请以该渠道的答复为准。",
    Action.MERGE: "您反映的事项（编号{number}）已与同样的诉求合并办理，办结后会告诉您。",
    Action.RECKON: "您反映的事项（编号{number}）因放假安排或工作时间调整，办理时限顺延{by}。",
    Action.CLOSE: "您反映的事项（编号{number}）已办结归档。如有新情况，请拨打{telephone}并报此编号。",
}
_BY = "，最晚{by}前给您结果"
# It rests on days whose notice is yet to come.
_BY_NOW = "，暂定最晚{by}前给您结果，放假安排公布后如有变化会告诉您"
_UNTIL: Mapping[Action, str] = {
    Action.GRANT_SUSPENSION: "，{until}起继续办理",
    Action.DEFER: "，{until}复查",
}
_LINK = "您反映的事项（编号{number}）已办理，请点击链接评价，大约一分钟：{link}"

TOLD = frozenset(_SENTENCES)


def told(action: Action, facts: Facts) -> str:
    """Return the message for `action`, one of `TOLD`."""
    sentence = _SENTENCES[action].format(
        number=facts.number,
        telephone=facts.telephone,
        department=facts.department or "承办单位",
        by=(_BY_NOW if facts.provisional else _BY).format(by=facts.by) if facts.by else "",
        until=_UNTIL[action].format(until=facts.until) if facts.until and action in _UNTIL else "",
    )
    return f"【{facts.hotline}】{sentence}"


def asked_to_rate(facts: Facts, link: str) -> str:
    return f"【{facts.hotline}】{_LINK.format(number=facts.number, link=link)}"
