"""The words of this city: which there are, what new ones would change, adding and removing them."""

import re

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.lifecycle import Role
from hotline.logs import log
from hotline.tickets import dictionary as city_words
from hotline.tickets import trainings
from hotline.tickets.dictionary_preview import Preview, preview
from hotline.web import forms
from hotline.web.access import open_to
from hotline.web.models.blueprint import pages
from hotline.work import Work

_BETWEEN = re.compile("[\n、，,；;]")
# Fewer are seen at a glance.
SEARCHED = 20


class WordsForm(forms.Form):
    words: forms.Passage


class PartQuery(forms.Form):
    q: forms.Line = ""


class WordQuery(forms.Form):
    word: forms.Line


@pages.get("/dictionary", endpoint="dictionary")
@open_to(Role.ADMIN)
def show() -> ResponseReturnValue:
    query = forms.read(PartQuery, request.args)
    with runtime.view(g.viewer) as work:
        return _page(work, part=query.q)


@pages.post("/dictionary/preview")
@open_to(Role.ADMIN)
@forms.shown_again(show)
def preview_words() -> ResponseReturnValue:
    """Show what new words would change. Nothing is saved."""
    written = forms.read(WordsForm, request.form).words
    with runtime.view(g.viewer) as work:
        return _page(work, shown=preview(work, _BETWEEN.split(written)), written=written)


@pages.post("/dictionary/removal")
@open_to(Role.ADMIN)
def preview_removal() -> ResponseReturnValue:
    """Show what changes without a word. Nothing is saved."""
    word = forms.read(WordQuery, request.args).word
    with runtime.view(g.viewer) as work:
        return _page(work, shown=preview(work, removed=[word]))


def _page(work: Work, *, part: str = "", shown: Preview | None = None, written: str = "") -> str:
    model, onlooker = work.city.classifier, work.city.shadow
    return render_template(
        "models/dictionary.html",
        work=work,
        part=part,
        preview=shown,
        written=written,
        entries=city_words.entries(work, part=part, number=city_words.LISTED),
        count=city_words.count(work),
        listed=city_words.LISTED,
        searched=SEARCHED,
        rules=city_words,
        known=frozenset(model.segmenter.words) if model else frozenset(),
        looked_on=frozenset(onlooker.segmenter.words) if onlooker else frozenset(),
        training=trainings.under_way(work),
    )


@pages.post("/dictionary")
@open_to(Role.ADMIN)
@forms.shown_again(show)
def add_words() -> ResponseReturnValue:
    written = forms.read(WordsForm, request.form).words
    with runtime.work(g.viewer) as work:
        new = city_words.add(work, _BETWEEN.split(written))
        log.info("words_added", number=len(new), by=g.viewer.user_id)
    flash(f"已存下 {len(new)} 个词。随后训练新模型，旁听期满启用后生效", "met")
    return redirect(url_for(".dictionary"), 303)


@pages.post("/dictionary/remove")
@open_to(Role.ADMIN)
def remove_word() -> ResponseReturnValue:
    word = forms.read(WordQuery, request.args).word
    with runtime.work(g.viewer) as work:
        city_words.remove(work, word)
        log.info("word_removed", by=g.viewer.user_id)
    flash(f"已去掉“{word}”。随后训练新模型，旁听期满启用后生效", "met")
    return redirect(url_for(".dictionary"), 303)
