"""The draft (拟修订): what it changes, how its examples fare, what it would do, and its end."""

from dataclasses import dataclass
from typing import Literal

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.cities.catalogues import CatalogueText
from hotline.cities.city import City
from hotline.errors import InvalidInput
from hotline.logs import log
from hotline.models.catalogue import CatalogueVersion
from hotline.tickets.catalogues import preview, versions
from hotline.tickets.catalogues.differences import differences
from hotline.web import forms
from hotline.web.access import open_to, sees_tickets
from hotline.web.catalogue import shown
from hotline.web.catalogue.blueprint import DRAFTERS, PUBLISHERS, pages
from hotline.web.catalogue.book import key_of, stamp_of
from hotline.web.catalogue.words import DESK, Words
from hotline.work import Work
from routing import BrokenContract, Decision

# A whole table handed in can change thousands of lines; the rest is in the export.
MOST_SHOWN = 200
MOST_MOVED = 100


class DraftForm(forms.Form):
    """`stamp`: the draft as the page showed it."""

    stamp: forms.Line = ""


class PublishForm(DraftForm):
    because: forms.Line = ""


class PreviewQuery(forms.Form):
    newest: Literal["200", "500", "2000"] = "500"


@dataclass(frozen=True)
class Red:
    """An example that goes elsewhere. `entry`: the key of the entry that takes it, None without one."""

    text: str
    address: str
    category: str
    expected: str
    actual: str
    entry: str | None
    taken_by: str
    stamp: str


@dataclass(frozen=True)
class Open:
    """A draft with the city as it would be; `fault` in its place where it no longer fits the profile."""

    version: CatalogueVersion
    text: CatalogueText
    city: City | None
    fault: str = ""


def opened(work: Work) -> Open | None:
    """Return the draft as it stands, None where none is open."""
    draft = versions.draft(work)
    if draft is None:
        return None
    text = versions.text_of(draft)
    try:
        return Open(draft, text, versions.city_under(work, text))
    except InvalidInput as broken:
        return Open(draft, text, None, labels.problem(next(iter(broken.fields.values()))))


@pages.get("/draft")
@open_to(*DRAFTERS)
def draft() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        words, found = Words(work.city), opened(work)
        changed = differences(work.city.catalogue_text, found.text) if found and found.city else None
        return render_template(
            "catalogue/draft.html",
            work=work,
            words=words,
            found=found,
            stamp=versions.stamp_of(found.version) if found else "",
            present=versions.in_force(work),
            entries=shown.of_entries(words, changed.entries[:MOST_SHOWN]) if changed else [],
            examples=shown.of_examples(words, changed.examples[:MOST_SHOWN]) if changed else [],
            changed=changed,
            records=[
                (one, shown.of_change(words, one.change))
                for one in (versions.records(work, found.version)[-MOST_SHOWN:] if found else [])
            ],
            reds=reds(work, words, found.city) if found and found.city else [],
            published_by=not g.viewer.roles.isdisjoint(PUBLISHERS),
            sees_tickets=sees_tickets(g.viewer),
        )


def reds(work: Work, words: Words, city: City) -> list[Red]:
    return [red(words, city, one) for one in versions.broken_examples(work, city)]


def red(words: Words, city: City, broken: BrokenContract) -> Red:
    contract = broken.contract
    line = city.catalogue_text.example_lines[city.contracts.index(contract)]
    key, taken_by = taker(words, city, broken.decision)
    return Red(
        contract.text,
        contract.address,
        words.category(contract.category),
        words.example_cell("lead", contract.lead or ""),
        words.example_cell("lead", broken.decision.lead or ""),
        key,
        taken_by,
        stamp_of(line),
    )


def taker(words: Words, city: City, decision: Decision) -> tuple[str | None, str]:
    """Return the key of the entry that decided, and it in words."""
    entry = decision.entry
    if entry is None:
        return None, "没有条目管这一类"
    line = city.catalogue_text.lines[city.catalogue.entries.index(entry)]
    asked = (words.cell("area", line["area"]), words.cell("keyword", line["keyword"]))
    told = "，".join(filter(None, (words.category(entry.category), *asked)))
    return key_of(line), f"{told} → {words.cell('lead', line['lead']) or DESK}"


@pages.get("/draft/preview")
@open_to(*DRAFTERS)
def foresee() -> ResponseReturnValue:
    """Replay the newest tickets under the draft. Nothing is saved."""
    query = forms.read(PreviewQuery, request.args)
    with runtime.view(g.viewer) as work:
        candidate = versions.required_draft(work)
        replayed = preview.preview(work, versions.text_of(candidate), newest=int(query.newest))
        return render_template(
            "catalogue/preview.html",
            work=work,
            query=query,
            choices=("200", "500", "2000"),
            replayed=replayed,
            listed=replayed.moved[:MOST_MOVED],
            sees_tickets=sees_tickets(g.viewer),
        )


@pages.post("/draft/publish")
@open_to(*PUBLISHERS)
@forms.shown_again(draft)
def publish() -> ResponseReturnValue:
    form = forms.read(PublishForm, request.form)
    with runtime.work(g.viewer) as work:
        done = versions.publish(work, because=form.because, seen=form.stamp)
        if done.broken:
            raise InvalidInput({"examples": f"red_examples:{len(done.broken)}"})
        log.info("catalogue_published", version=done.version.number, by=g.viewer.user_id)
        number = done.version.number
    flash(f"派单目录第 {number} 版已发布，从下一张工单起按它派", "met")
    return redirect(url_for(".version", number=number), 303)


@pages.post("/draft/give-up")
@open_to(*PUBLISHERS)
@forms.shown_again(draft)
def give_up() -> ResponseReturnValue:
    form = forms.read(DraftForm, request.form)
    with runtime.work(g.viewer) as work:
        versions.drop(work, seen=form.stamp)
        log.info("catalogue_draft_dropped", by=g.viewer.user_id)
    flash("草稿已放弃，现行目录没有变", "met")
    return redirect(url_for(".draft"), 303)
