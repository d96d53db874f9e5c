"""The pile of a department (承办待办): what needs it now, least time left first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from hotline import labels, runtime
from hotline.models.ticket import Urgency
from hotline.tickets import assigned, notices, worklists
from hotline.tickets.worklists import Filter
from hotline.web import forms
from hotline.web.access import DEPARTMENT_ROLES, open_to
from hotline.web.department.blueprint import pages
from hotline.web.department.rows import rows
from hotline.web.filters import workday_of
from hotline.work import Work

# What each tab is called, and what to say when nothing stands under it.
TABS: Mapping[str, tuple[str, str]] = {
    "to_act": ("该我办", "现在没有要您单位办的工单"),
    "to_accept": ("待签收", "没有待签收的工单"),
    "in_hand": ("办理中", "没有办理中的工单"),
    "assisting": ("协办", "没有等协办意见的工单"),
    "to_sign": ("待签发", "没有等分管负责人签发的退单"),
    "returning": ("退回中", "没有在等退单结果的工单"),
    "held": ("挂起挂账", "没有停表的工单"),
    "supervised": ("督办", "没有督办的工单"),
    "urged": ("催办过", "没有催办过的工单"),
    "soon": ("即将超时", "24 小时内没有到期的工单"),
    "overdue": ("已超时", "没有超时的工单"),
    "open": ("全部在办", "没有在办的工单"),
}
WORDS_LENGTH = 100
SHOWN_NOTICES = 6
# Tabs count to here and then say "999+": nobody works by the exact length of such a pile.
COUNTED_TO = 999


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what it asks wrongly counts as not asked."""

    tab: str
    urgency: str | None
    group: str | None
    words: str
    after: str | None

    @classmethod
    def read(cls, args: MultiDict[str, str], work: Work) -> "Asked":
        urgency, group = args.get("urgency", ""), args.get("group", "")
        return cls(
            tab=args.get("tab", "") if args.get("tab") in TABS else next(iter(TABS)),
            urgency=urgency if urgency in tuple(Urgency) else None,
            group=group if group in groups(work) else None,
            words=str(forms.one_line(args.get("q", "")))[:WORDS_LENGTH],
            after=args.get("after") or None,
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.urgency or self.group or self.words)

    def filter(self) -> Filter:
        return Filter(tab=self.tab, urgency=self.urgency, category=self.group, words=self.words)

    def url(self, **changes: str | None) -> str:
        asked: dict[str, Any] = {
            "tab": self.tab,
            "urgency": self.urgency,
            "group": self.group,
            "q": self.words or None,
            "after": self.after,
        }
        return url_for("department.queue", **{**asked, **changes})


def groups(work: Work) -> dict[str, str]:
    """Return the names of the first level of categories by code."""
    return {one.code: one.name for one in work.city.taxonomy if one.parent is None}


@pages.get("")
@open_to(*DEPARTMENT_ROLES)
def queue() -> ResponseReturnValue:
    """Draw the pile. A poll gets only what may have changed in it, or nothing (304) when nothing has."""
    with runtime.view(g.viewer) as work:
        tag = _tag(work)
        polled = request.headers.get("HX-Request") == "true"
        if polled and request.if_none_match.contains(tag):
            return _dated(Response(status=304), work, tag)
        asked = Asked.read(request.args, work)
        template = "department/_pile.html" if polled else "department/queue.html"
        page = render_template(template, tag=tag, **_shown(work, asked, polled=polled))
        return _dated(make_response(page), work, tag)


def _shown(work: Work, asked: Asked, *, polled: bool) -> dict[str, object]:
    page = worklists.page(work, asked.filter(), after=asked.after)
    counts = worklists.counts(work, list(TABS), at_most=COUNTED_TO)
    return {
        "work": work,
        "polled": polled,
        "asked": asked,
        "rows": rows(work, page.tickets),
        "next_url": asked.url(after=page.after) if page.after else None,
        "first_url": asked.url(after=None) if asked.after else None,
        "tabs": [(tab, name, _count(counts[tab])) for tab, (name, _) in TABS.items()],
        "total": _count(_total(work, asked, counts)) or "0",
        "narrowed": _narrowed(work, asked),
        "nothing": TABS[asked.tab][1],
        "last_accepted_at": None if page.tickets else assigned.last_accepted_at(work),
        "notices": notices.inbox(work, unread_only=True, size=SHOWN_NOTICES).lines,
        "unread": notices.unread(work),
        "groups": list(groups(work).items()),
        "urgencies": list(labels.URGENCIES.items()),
        "as_of": _clock_face(work),
        "workday": labels.duration(workday_of(work.city.calendar)),
    }


def _total(work: Work, asked: Asked, counts: Mapping[str, int]) -> int:
    if asked.is_narrowed:
        return worklists.counts(work, [asked.tab], asked.filter(), at_most=COUNTED_TO)[asked.tab]
    return counts[asked.tab]


def _narrowed(work: Work, asked: Asked) -> list[tuple[str, str]]:
    """Return what the list is narrowed to, in words, each with the address of the list without it."""
    given = {
        "group": groups(work).get(asked.group or "", ""),
        "urgency": labels.URGENCIES.get(asked.urgency or "", ""),
        "q": f"“{asked.words}”" if asked.words else "",
    }
    return [(words, asked.url(**{"after": None, name: None})) for name, words in given.items() if words]


def _count(number: int) -> str:
    """Return the number as a tab shows it, empty for none."""
    return f"{COUNTED_TO}+" if number > COUNTED_TO else str(number) if number else ""


def _tag(work: Work) -> str:
    return f"{worklists.stamp(work)}-{notices.unread(work)}"


def _clock_face(work: Work) -> str:
    return f"{work.now.astimezone(work.city.zone):%H:%M:%S}"


def _dated(response: Response, work: Work, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["X-As-Of"] = _clock_face(work)
    return response
