"""Say why a department was chosen, and what speaks against it: a routing decision in words (派单理由)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from hotline import labels
from hotline.tickets.precedents import Precedents
from hotline.tickets.track_record import Returned
from hotline.web import filters, names
from hotline.work import Work
from routing import Considered, Criterion, Decision, Loss, Reason, ReasonCode
from routing.departments import Named, Owner, Superior


@dataclass(frozen=True)
class Ground:
    """One row of the reason card. `small`: the source beneath it; `against`: it speaks against the choice."""

    name: str
    words: str
    small: str = ""
    against: bool = False


def grounds(decision: Decision, work: Work) -> list[Ground]:
    """Return the reasons in the order of the decision, those against it last."""
    said = [ground(reason, work) for reason in decision.reasons]
    return sorted(said, key=lambda one: one.against)


def ground(reason: Reason, work: Work) -> Ground:
    return _SAID[reason.code](reason.facts, work)


def of_precedents(
    found: Precedents, decision: Decision | None, work: Work, *, titled: bool = True
) -> list[Ground]:
    """Return what earlier matters say of a decision: who settled the like, and what was given back."""
    lead = decision.lead if decision else None
    said = [*_of_settled(found, lead, work), *_of_returns(found.returns_of(lead), work)]
    return said if titled else [replace(one, small="") for one in said]


def _of_settled(found: Precedents, lead: str | None, work: Work) -> Iterator[Ground]:
    if not found.alike:
        return
    [(department, times)] = found.settled_by.most_common(1)
    yield Ground(
        "相似已办",
        f"最像的 {len(found.alike)} 件里 {times} 件由{filters.department(department, work)}办结",
        f"最像的一件：{found.alike[0].title}",
        # One case alone, or a tie, contradicts nobody.
        against=lead is not None and department != lead and times > max(1, found.settled_by[lead]),
    )


def _of_returns(returned: Returned | None, work: Work) -> Iterator[Ground]:
    if returned is None:
        return
    who = filters.department(returned.department, work)
    yield Ground(
        "历史退单",
        f"{who}近 90 天退过本类 {returned.decided} 件，同意 {returned.granted} 件",
        against=returned.granted > 0,
    )


def owner(meant: Owner | None, found: str | None, work: Work) -> str:
    """Return whom an entry names as its lead: the department that it means here, else what it asks for."""
    if found:
        return filters.department(found, work)
    if isinstance(meant, Named):
        return "诉求点名的单位"
    if isinstance(meant, Superior):
        return "被点名单位的上级"
    return "由派单台定" if meant is None else "没有单位有这项职责"


def lost(considered: Considered, work: Work) -> str:
    """Return why an entry of the catalogue did not decide; nothing for the one that did."""
    return _LOST[considered.loss](considered.facts, work) if considered.loss else ""


_MORE_SPECIFIC: Mapping[str, str] = {
    Criterion.KEYWORD: "第 {} 行写明了关键词",
    Criterion.AREA: "第 {} 行的地区更小",
    Criterion.CATEGORY: "第 {} 行的分类更细",
    Criterion.LEVEL: "第 {} 行要求的地点更精确",
    Criterion.LONGER: "第 {} 行的关键词更长",
    Criterion.EARLIER: "第 {} 行的关键词在诉求里出现得更早",
}
_LOST: Mapping[Loss, Callable[[Mapping[str, str], Work], str]] = {
    Loss.NOT_YET: lambda facts, _: f"{facts['since']} 起才生效",
    Loss.EXPIRED: lambda facts, _: f"{facts['until']} 之后已失效",
    Loss.OTHER_AREA: lambda facts, work: f"只用于{names.area_name(work.city, facts['area'])}",
    Loss.AREA_UNSURE: lambda facts, work: (
        f"只用于{names.area_name(work.city, facts['area'])}，地点只知道到{labels.LEVELS[facts['known']]}一级"
    ),
    Loss.LEVEL_UNSURE: lambda facts, _: (
        f"地点要知道到{labels.LEVELS[facts['level']]}一级，现在只到{labels.LEVELS[facts['known']]}"
    ),
    Loss.NO_KEYWORD: lambda facts, _: f"没有写到：{'、'.join(facts['keywords'].split())}",
    Loss.LESS_SPECIFIC: lambda facts, _: (
        f"也符合，但{_MORE_SPECIFIC[facts['criterion']].format(facts['line'])}"
    ),
}


def _entry(facts: Mapping[str, str], work: Work) -> Ground:
    category = facts["category"]
    name = work.city.taxonomy[category].name if category in work.city.taxonomy else ""
    basis = f"依据{facts['basis']}" if facts["basis"] else ""
    return Ground("条款", f"{category} {name}".strip(), "；".join(filter(None, (basis, facts["note"]))))


def _duty(facts: Mapping[str, str], work: Work) -> Ground:
    where = names.area_name(work.city, facts["area"])
    return Ground("职责", f"{where}的这项职责由{filters.department(facts['department'], work)}承担")


def _fell_back(facts: Mapping[str, str], work: Work) -> Ground:
    asked, found = labels.LEVELS[facts["asked"]], labels.LEVELS[facts["found"]]
    return Ground("反面", f"目录定在{asked}一级，这里只能定到{found}一级", against=True)


def _covered(facts: Mapping[str, str], work: Work) -> Ground:
    return Ground(
        "兜底", f"没有明确的承办单位，由{filters.department(facts['department'], work)}兜底", against=True
    )


def _mark(facts: Mapping[str, str], work: Work) -> Ground:
    owner = filters.department(facts["department"], work) if "department" in facts else "产权单位"
    return Ground("产权", f"写到“{facts['keyword']}”，按标识归{owner}")


def _owners_differ(facts: Mapping[str, str], work: Work) -> Ground:
    said = "、".join(f"“{word}”" for word in facts["keywords"].split())
    return Ground("反面", f"写到{said}，是几家的标识，产权要先问清", against=True)


def _below_minimum(facts: Mapping[str, str], work: Work) -> Ground:
    who, minimum = filters.department(facts["department"], work), labels.LEVELS[facts["minimum"]]
    return Ground("反面", f"{who}低于目录定的{minimum}一级，不能由它主办", against=True)


def _superior(facts: Mapping[str, str], work: Work) -> Ground:
    superior, of = (filters.department(facts[name], work) for name in ("department", "of"))
    return Ground("上级", f"{superior}是{of}的上级")


def _by_department(name: str, sentence: str) -> Callable[[Mapping[str, str], Work], Ground]:
    return lambda facts, work: Ground(name, sentence.format(filters.department(facts["department"], work)))


_SAID: Mapping[ReasonCode, Callable[[Mapping[str, str], Work], Ground]] = {
    ReasonCode.ENTRY: _entry,
    ReasonCode.KEYWORD: lambda facts, _: Ground("关键词", f"写到“{facts['keyword']}”，目录另有专条"),
    ReasonCode.MARK: _mark,
    ReasonCode.OWNERS_DIFFER: _owners_differ,
    ReasonCode.FIRST: _by_department("先行处置", "产权没问清前，由{}先行处置"),
    ReasonCode.CONDUCT: _by_department("回避", "反映的就是{}，它不主办、不协办"),
    ReasonCode.SUPERIOR: _superior,
    ReasonCode.BELOW_MINIMUM: _below_minimum,
    ReasonCode.AREA: lambda facts, work: Ground(
        "属地条款", f"这一条只用于{names.area_name(work.city, facts['area'])}"
    ),
    ReasonCode.DUTY: _duty,
    ReasonCode.FIXED: _by_department("职责", "目录指定由{}承办"),
    ReasonCode.NAMED: _by_department("点名", "诉求里写明了{}"),
    ReasonCode.FELL_BACK: _fell_back,
    ReasonCode.COVERED: _covered,
    ReasonCode.DESK: lambda facts, _: Ground("反面", "承办单位要从诉求里认，这里没有认出来", against=True),
    ReasonCode.NO_ENTRY: lambda facts, _: Ground("反面", "派单目录里没有这一类的条款", against=True),
    ReasonCode.PLACE_UNKNOWN: lambda facts, _: Ground(
        "反面", "不知道在哪个区，没有单位可以兜底", against=True
    ),
    ReasonCode.OTHER_ENTRY: lambda facts, work: Ground(
        "目录另条", f"目录 {facts['category']} 的另一条也对得上"
    ),
}
