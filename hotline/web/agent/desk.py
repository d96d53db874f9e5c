"""The form beside its suggestions, the caller's past, and the draft."""

from contextlib import suppress
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from hotline import labels, runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Role
from hotline.tickets import callers, calls, drafts
from hotline.web import forms, names
from hotline.web.access import open_to
from hotline.web.agent.advice import ELEMENTS, advise, read_so_far
from hotline.web.agent.blueprint import pages
from hotline.web.agent.call_form import KEPT
from hotline.work import Work


@pages.get("/agent")
@open_to(Role.AGENT)
def desk() -> ResponseReturnValue:
    """Show the form: what came back, else the newest draft, else (`?new=1`, or no draft) an empty one."""
    with runtime.view(g.viewer) as work:
        draft = drafts.latest(work)
        is_restored = draft is not None and "typed" not in g and not request.args.get("new")
        if draft and is_restored:
            g.typed = forms.Typed(MultiDict({**draft[1], "request_key": draft[0]}), {})
        typed = g.get("typed")
        values = typed.values if typed else MultiDict()
        return render_template(
            "agent/desk.html",
            work=work,
            advice=advise(work, read_so_far(values, work.city)),
            history=_history(work, values.get("phone", "")),
            is_restored=is_restored,
            other_draft=draft is not None and typed is None,
            today=calls.logged_today(work),
            open_panel=_open_panel(typed),
            **choices(work),
        )


# The panel in which each of these fields is filled in.
PANELS = {"answer": "answer", "target": "transfer", "mode": "transfer"}


def _open_panel(typed: forms.Typed | None) -> str | None:
    """Return the panel to show open: the one with something to put right, else the one filled in."""
    if typed is None:
        return None
    filled = [name for name in ("answer", "target") if typed.value(name)]
    return next((PANELS[name] for name in (*typed.problems, *filled) if name in PANELS), None)


def choices(work: Work) -> dict[str, Any]:
    return {
        "elements": ELEMENTS,
        "categories": names.category_names(work.city),
        "areas": names.area_names(work.city),
        "kinds": labels.KINDS,
        "urgencies": labels.URGENCIES,
        "channels": labels.CHANNELS,
        "modes": labels.TRANSFER_MODES,
        "transfers": work.city.transfers,
    }


def _history(work: Work, phone: str) -> calls.History | None:
    found = None
    # Half a number is no fault while it is being typed.
    with suppress(InvalidInput):
        found = callers.find_by_phone(work, phone)
    return calls.history_of(work, found) if found else None


@pages.post("/agent/suggest")
@open_to(Role.AGENT)
def suggest() -> ResponseReturnValue:
    """Answer what has been typed so far; without JavaScript the whole page comes back."""
    if not _asked_part():
        return _with_what_was_typed()
    with runtime.view(g.viewer) as work:
        advice = advise(work, read_so_far(request.form, work.city))
        return render_template("agent/suggestions.html", work=work, advice=advice, elements=ELEMENTS)


@pages.post("/agent/caller")
@open_to(Role.AGENT)
@forms.shown_again(desk)
def caller() -> ResponseReturnValue:
    """Find who calls. Posted, never in an address: a number is personal."""
    phone = str(forms.one_line(request.form.get("phone", "")))
    if not _asked_part():
        callers.phone_digits(phone)
        return _with_what_was_typed()
    with runtime.view(g.viewer) as work:
        return render_template("agent/caller.html", work=work, history=_history(work, phone), phone=phone)


def _asked_part() -> bool:
    return request.headers.get("HX-Request") == "true"


def _with_what_was_typed() -> ResponseReturnValue:
    g.typed = forms.Typed(request.form, {})
    return desk()


@pages.post("/agent/draft")
@open_to(Role.AGENT)
def save_draft() -> ResponseReturnValue:
    """Keep what has been typed, right or wrong."""
    fields = {name: str(forms.clean(text)) for name, text in request.form.items() if name in KEPT}
    with runtime.work(g.viewer) as work:
        drafts.save(work, _key_of(request.form), fields)
        at = work.now.astimezone(work.city.zone)
    if _asked_part():
        return f"已保存 {at:%H:%M:%S}"
    flash(f"草稿已保存 {at:%H:%M:%S}", "met")
    return redirect(url_for(".desk"), 303)


@pages.post("/agent/draft/discard")
@open_to(Role.AGENT)
def discard_draft() -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        drafts.discard(work, _key_of(request.form))
    flash("草稿已丢弃", "info")
    return redirect(url_for(".desk"), 303)


def _key_of(form: MultiDict[str, str]) -> str:
    return str(forms.clean(form.get("request_key", "")))[:64] or forms.new_request_key()
