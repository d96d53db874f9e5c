"""What is in force: the entries to search, and one of them with its examples and how it came about."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Literal

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import Field

from hotline import faults, runtime
from hotline.errors import NotFound
from hotline.lifecycle import Role
from hotline.tickets.catalogues import usage, versions
from hotline.web import forms, names
from hotline.web.access import open_to, sees_tickets
from hotline.web.catalogue.blueprint import DRAFTERS, READERS, pages
from hotline.web.catalogue.book import Item, items_of, key_of, matching, page_of
from hotline.web.catalogue.words import Words
from hotline.work import Work

VIEWS: Mapping[str, str] = {"today": "今日有效", "later": "将生效", "over": "已失效"}
# Examples are shown by the dozen; the rest is in the export.
SHOWN_EXAMPLES = 50


class ListQuery(forms.Form):
    q: forms.Line = ""
    area: forms.Line = ""
    group: forms.Line = ""
    view: Literal["today", "later", "over"] = "today"
    after: Annotated[int, Field(ge=0)] = 0


def drafts_it() -> bool:
    """Tell whether the viewer is one of those who change the catalogue."""
    return not g.viewer.roles.isdisjoint(DRAFTERS)


@pages.get("")
@open_to(*READERS)
def show() -> ResponseReturnValue:
    query = forms.read(ListQuery, request.args)
    with runtime.view(g.viewer) as work:
        today = work.city.calendar.day_of(work.now)
        items = items_of(work.city)
        found = matching(items, part=query.q, area=names.area_of(work.city, query.area), group=query.group)
        counts = Counter(one.stands(today) for one in found)
        return render_template(
            "catalogue/list.html",
            work=work,
            words=Words(work.city),
            query=query,
            args=request.args.to_dict(),
            sheet=page_of([one for one in found if one.stands(today) == query.view], query.after),
            counts=counts,
            total=len(items),
            views=VIEWS,
            groups=[one for one in work.city.taxonomy if one.parent is None],
            areas=names.area_names(work.city),
            present=versions.in_force(work),
            draft=versions.draft(work) if drafts_it() else None,
            drafts_it=drafts_it(),
        )


@pages.get("/entries/<key>")
@open_to(*READERS)
def entry(key: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        item = item_of(work, key)
        decided = usage.decided_by(work.city, item.entry, day=work.city.calendar.day_of(work.now))
        return render_template(
            "catalogue/entry.html",
            work=work,
            words=Words(work.city),
            item=item,
            today=work.city.calendar.day_of(work.now),
            columns=faults.COLUMNS,
            examples=decided[:SHOWN_EXAMPLES],
            more=max(len(decided) - SHOWN_EXAMPLES, 0),
            history=versions.history(work, item.line) if drafts_it() else [],
            present=versions.in_force(work),
            drafts_it=drafts_it(),
            sees_tickets=sees_tickets(g.viewer),
            recent=usage.recent(work, item.entry) if Role.ADMIN in g.viewer.roles or drafts_it() else None,
        )


def item_of(work: Work, key: str) -> Item:
    """Raises NotFound."""
    for one in items_of(work.city):
        if key_of(one.line) == key:
            return one
    raise NotFound("entry", key)
