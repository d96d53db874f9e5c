"""Change the draft: an entry by its form, an example that is tried first."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import classifier
from hotline import labels, runtime
from hotline.cities.catalogues import CatalogueText, Line
from hotline.errors import InvalidInput, NotFound
from hotline.logs import log
from hotline.tickets.catalogues import drafting, usage, versions
from hotline.tickets.catalogues.drafting import Why
from hotline.web import forms, names
from hotline.web.access import open_to
from hotline.web.catalogue.blueprint import DRAFTERS, pages
from hotline.web.catalogue.book import key_of, stamp_of
from hotline.web.catalogue.drafts import opened, taker
from hotline.web.catalogue.words import DECIDES, DESK, Words
from hotline.work import Work
from routing import Contract, Level
from routing.catalogue import COLUMNS, Decides
from routing.departments import NAMED, SUPERIOR, DutyAt, Fixed, Named, Superior, parse_owner

_BETWEEN = re.compile(r"[\s、，,；;]+")
NEW = "new"
# How the lead of an entry is found, as the form asks for it.
WAYS: Mapping[str, str] = {
    "duty": "按职责找",
    "fixed": "固定单位",
    "named": "诉求里点名的单位",
    "superior": "点名单位的上级",
    "desk": "由派单台决定",
}
CHANGES: Mapping[str, str] = {"correct": "更正这一条", "since": "从生效日起改"}
# The conditions that stay the same when an entry changes from a day on.
_CASE = ("category", "area", "level", "keyword")
SHOWN = 200


class EntryForm(forms.Form):
    category: forms.Line
    area: forms.Line = ""
    place_level: Level | None = None
    keywords: forms.Passage = ""
    lead_by: Literal["duty", "fixed", "named", "superior", "desk"]
    duty: forms.Line = ""
    duty_level: Level | None = None
    department: forms.Line = ""
    assist: tuple[str, ...] = ()
    basis: forms.Line
    lowest: Level
    automatic: bool = False
    tips: forms.Line = ""
    decides: Decides = Decides.DUTY
    first: forms.Line = ""
    begins: forms.Day | None = None
    ends: forms.Day | None = None
    change: Literal["correct", "since"] = "correct"
    because: forms.Line
    stamp: forms.Line = ""


class RemovalForm(forms.Form):
    because: forms.Line
    stamp: forms.Line = ""


class ExampleForm(forms.Form):
    text: forms.Passage = ""
    address: forms.Line = ""
    category: forms.Line = ""
    department: forms.Line = ""
    because: forms.Line = ""


class ExamplesQuery(forms.Form):
    q: forms.Line = ""


@dataclass(frozen=True)
class Tried:
    """Where an example goes under the draft; `entry`: the key of the entry that took it."""

    lead: str
    entry: str | None
    taken_by: str


def current(work: Work) -> CatalogueText:
    """Return what the draft says, or would begin with."""
    draft = versions.draft(work)
    return versions.text_of(draft) if draft else work.city.catalogue_text


@pages.get("/draft/entries/<key>")
@open_to(*DRAFTERS)
def edit(key: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        line = None if key == NEW else _entry_of(work, key)
        words = Words(work.city)
        return render_template(
            "catalogue/edit.html",
            work=work,
            words=words,
            key=key,
            line=line,
            stamp=stamp_of(line) if line else "",
            lead=_lead_of(words, line["lead"]) if line else ("duty", "", "", ""),
            assist=[words.owner(one) for one in line["assisting"].split()] if line else [],
            ways=list(WAYS.items()),
            changes=list(CHANGES.items()),
            deciding=list(DECIDES.items()),
            levels=list(labels.LEVELS.items()),
            departments=names.department_names(work.city),
            areas=names.area_names(work.city),
        )


def _lead_of(words: Words, written: str) -> tuple[str, str, str, str]:
    """Return the way, the duty, its level and the department with which the form begins."""
    if not written:
        return "desk", "", "", ""
    owner = parse_owner(written)
    if isinstance(owner, Named | Superior):
        return str(owner), "", "", ""
    if isinstance(owner, DutyAt):
        return "duty", words.duty_name(owner.duty), owner.level, ""
    departments = words.city.departments
    return "fixed", "", "", departments[owner.code].short if owner.code in departments else owner.code


@pages.post("/draft/entries/<key>")
@open_to(*DRAFTERS)
@forms.shown_again(edit)
def put_entry(key: str) -> ResponseReturnValue:
    form = forms.read(EntryForm, request.form)
    with runtime.work(g.viewer) as work:
        old = None if key == NEW else _entry_of(work, key, stamp=form.stamp)
        line = _line_of(Words(work.city), form, old or {})
        if old is not None and form.change == "since":
            _require_same_case(old, line)
            old = None
        _enter(work, line, Why(form.because), old)
        log.info("catalogue_changed", entry=line["category"], by=g.viewer.user_id)
        said = Words(work.city).category(line["category"])
    flash(f"“{said}”已存入草稿，发布后才生效", "met")
    return redirect(url_for(".draft"), 303)


@pages.post("/draft/entries/<key>/remove")
@open_to(*DRAFTERS)
@forms.shown_again(edit)
def remove_entry(key: str) -> ResponseReturnValue:
    form = forms.read(RemovalForm, request.form)
    with runtime.work(g.viewer) as work:
        line = _entry_of(work, key, stamp=form.stamp)
        try:
            drafting.remove(work, line, Why(form.because))
        except InvalidInput as refused:
            raise _of_one(refused) from refused
        log.info("catalogue_changed", entry=line["category"], by=g.viewer.user_id)
        said = Words(work.city).category(line["category"])
    flash(f"“{said}”已从草稿里去掉，发布后才生效", "met")
    return redirect(url_for(".draft"), 303)


def _enter(work: Work, line: Line, why: Why, old: Line | None) -> None:
    try:
        drafting.put(work, line, why, replaces=old)
    except InvalidInput as refused:
        raise _of_one(refused) from refused


def _of_one(refused: InvalidInput) -> InvalidInput:
    """Say it of the entry that was being written, whose line in the file nobody has seen."""
    return InvalidInput(
        {
            ("entry" if field == "entries" else field): code.replace("broken_catalogue:", "broken_entry:", 1)
            for field, code in refused.fields.items()
        }
    )


def _require_same_case(old: Line, line: Line) -> None:
    if not line["from"]:
        raise InvalidInput({"begins": "no_first_day"})
    if any(old[name].split() != line[name].split() for name in _CASE):
        raise InvalidInput({"change": "same_case_only"})
    if old["from"] and line["from"] <= old["from"]:
        raise InvalidInput({"begins": "begins_before"})


def _line_of(words: Words, form: EntryForm, old: Line) -> Line:
    """Return the line that the form says; what it does not ask for is as it was. Raises InvalidInput."""
    city = words.city
    assist = (words.owner_of(one.strip(), "assist") for one in form.assist if one.strip())
    said = {
        "category": _category(words, form.category),
        "area": names.area_of(city, form.area) or "",
        "level": form.place_level or "",
        "keyword": " ".join(filter(None, _BETWEEN.split(form.keywords))),
        "lead": _lead(words, form),
        "assisting": " ".join(dict.fromkeys(assist)),
        "basis": form.basis,
        "minimum_level": form.lowest,
        "auto": "yes" if form.automatic else "no",
        "note": form.tips,
        "decides": _decides(form.decides, old),
        "first": words.owner_of(form.first, "first") if form.first else "",
        "from": _day(form.begins),
        "to": _day(form.ends),
    }
    return {name: said.get(name, old.get(name, "")) for name in COLUMNS}


def _decides(said: Decides, old: Line) -> str:
    """Leave the duty out unless it was written out: who changes something else has not changed this."""
    written = old.get("decides", "")
    return written if said == (written or Decides.DUTY) else said


def _category(words: Words, said: str) -> str:
    known = words.categories
    if said in known:
        return known[said]
    if said in words.city.taxonomy:
        return said
    return names.category_of(words.city, said) or ""


def _lead(words: Words, form: EntryForm) -> str:
    if form.lead_by in (NAMED, SUPERIOR):
        return form.lead_by
    if form.lead_by == "desk":
        return ""
    if form.lead_by == "fixed":
        if not form.department:
            raise InvalidInput({"department": "choose"})
        return str(Fixed(names.department_of(words.city, form.department, "department") or ""))
    duty = words.duties.get(form.duty)
    if duty is None:
        raise InvalidInput({"duty": "no_such_duty"})
    if form.duty_level is None:
        raise InvalidInput({"duty_level": "choose"})
    return str(DutyAt(duty, form.duty_level))


def _day(which: date | None) -> str:
    return which.isoformat() if which else ""


def _entry_of(work: Work, key: str, *, stamp: str = "") -> Line:
    """Return an entry of the draft. Raises NotFound, InvalidInput when another changed it since `stamp`."""
    for line in current(work).lines:
        if key_of(line) == key:
            if stamp and stamp_of(line) != stamp:
                raise InvalidInput({"entry": "not_in_draft"})
            return line
    raise NotFound("entry", key)


@pages.get("/draft/examples")
@open_to(*DRAFTERS)
def examples_page() -> ResponseReturnValue:
    """List the examples, those that go elsewhere first."""
    query = forms.read(ExamplesQuery, request.args)
    with runtime.view(g.viewer) as work:
        found = opened(work)
        city = found.city if found and found.city else work.city
        words = Words(work.city)
        broken = {one.contract for one in versions.broken_examples(work, city)}
        rows = [
            (contract in broken, contract, stamp_of(line))
            for contract, line in zip(city.contracts, city.catalogue_text.example_lines, strict=True)
            if _says(words, contract, query.q)
        ]
        rows.sort(key=lambda row: not row[0])
        return render_template(
            "catalogue/examples.html",
            work=work,
            words=words,
            query=query,
            draft=found and found.version,
            rows=rows[:SHOWN],
            matching=len(rows),
            reds=len(broken),
            total=len(city.contracts),
        )


def _says(words: Words, contract: Contract, part: str) -> bool:
    lead = words.example_cell("lead", contract.lead or "")
    said = " ".join((contract.text, contract.address, words.category(contract.category), lead))
    return all(word in said for word in part.split())


@pages.get("/draft/examples/<stamp>")
@open_to(*DRAFTERS)
def example(stamp: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return _example_page(work, stamp)


def _example_page(work: Work, stamp: str, tried: Tried | None = None) -> str:
    words = Words(work.city)
    line = None if stamp == NEW else _example_of(work, stamp)
    return render_template(
        "catalogue/example.html",
        work=work,
        stamp=stamp,
        line=line,
        category=words.category(line["category"]) if line else request.args.get("category", ""),
        lead=words.example_cell("lead", line["lead"]) if line and line["lead"] else "",
        desk=DESK,
        tried=tried,
        categories=names.category_names(work.city),
        departments=names.department_names(work.city),
        has_draft=versions.draft(work) is not None,
    )


@pages.post("/draft/examples/<stamp>/try")
@open_to(*DRAFTERS)
@forms.shown_again(example)
def try_example(stamp: str) -> ResponseReturnValue:
    """Show where an example goes under the draft. Nothing is saved."""
    form = forms.read(ExampleForm, request.form)
    with runtime.view(g.viewer) as work:
        found = opened(work)
        city = found.city if found and found.city else work.city
        told = _told(work, form)
        asked = Contract(told["text"], told["address"], told["category"], None, 0)
        decision = usage.decide(city, asked, day=city.calendar.day_of(work.now))
        words = Words(work.city)
        key, taken_by = taker(words, city, decision)
        # What was typed stays in the form.
        g.typed = forms.Typed(request.form, {})
        return _example_page(
            work, stamp, Tried(words.example_cell("lead", decision.lead or ""), key, taken_by)
        )


@pages.post("/draft/examples/<stamp>")
@open_to(*DRAFTERS)
@forms.shown_again(example)
def put_example(stamp: str) -> ResponseReturnValue:
    form = forms.read(ExampleForm, request.form)
    with runtime.work(g.viewer) as work:
        told = _told(work, form)
        old = None if stamp == NEW else _example_of(work, stamp)
        if old is not None and (old["text"], old["address"]) != (told["text"], told["address"]):
            drafting.remove_example(work, old, Why(form.because))
        drafting.put_example(work, told, Why(form.because))
        log.info("catalogue_example_put", by=g.viewer.user_id)
    masked = "，里面的号码已遮住" if told["text"] != form.text.strip() and "*" in told["text"] else ""
    flash(f"样例已存入草稿{masked}", "met")
    return redirect(url_for(".examples_page"), 303)


@pages.post("/draft/examples/<stamp>/remove")
@open_to(*DRAFTERS)
@forms.shown_again(example)
def remove_example(stamp: str) -> ResponseReturnValue:
    form = forms.read(ExampleForm, request.form)
    with runtime.work(g.viewer) as work:
        drafting.remove_example(work, _example_of(work, stamp), Why(form.because))
        log.info("catalogue_example_removed", by=g.viewer.user_id)
    flash("样例已从草稿里去掉，发布后才生效", "met")
    return redirect(url_for(".examples_page"), 303)


def _told(work: Work, form: ExampleForm) -> Line:
    """Return the example of the form, without personal data. Raises InvalidInput."""
    if not form.text:
        raise InvalidInput({"text": "missing"})
    category = names.category_of(work.city, form.category)
    if category is None:
        raise InvalidInput({"category": "choose"})
    lead = names.department_of(work.city, form.department, "department")
    text = " ".join(classifier.mask(form.text).split())
    return {
        "text": text,
        "address": classifier.mask(form.address),
        "category": category,
        "lead": lead or "",
    }


def _example_of(work: Work, stamp: str) -> Line:
    """Raises NotFound."""
    for line in current(work).example_lines:
        if stamp_of(line) == stamp:
            return line
    raise NotFound("example", stamp)
