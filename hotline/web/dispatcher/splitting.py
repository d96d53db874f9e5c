"""拆单: one ticket that holds two matters becomes two, of one call."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask import g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

import classifier
from classifier import Span
from hotline import runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Action
from hotline.models.ticket import Ticket
from hotline.tickets import splitting, worklists
from hotline.web import forms, names
from hotline.web.access import may
from hotline.web.dispatcher.blueprint import pages
from hotline.work import Work


class SplitForm(forms.Form):
    """`cuts`: where another matter begins. Beside each stand `category-` and `place-` with that number."""

    cuts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """`begins`: the proposal starts another matter here; `category` is what that is about."""

    span: Span
    words: str
    begins: bool
    category: str | None


@pages.get("/<number>/split")
@may(Action.SPLIT)
def split(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        return render_template(
            "dispatcher/split.html",
            work=work,
            ticket=ticket,
            sentences=_sentences(work, ticket),
            categories=names.category_names(work.city),
        )


def _sentences(work: Work, ticket: Ticket) -> list[Sentence]:
    """Return what of the ticket's words is still its own, with the proposal ticked."""
    own = splitting.own_span(ticket)
    proposed = {part.span.start: part.category for part in splitting.proposed_for(work, ticket)}
    spans = classifier.pieces_of(own.of(ticket.content))
    placed = [Span(own.start + span.start, own.start + span.end) for span in spans]
    return [
        Sentence(span, span.of(ticket.content), span.start in proposed, proposed.get(span.start))
        for span in placed
    ]


@pages.post("/<number>/split")
@may(Action.SPLIT)
@forms.shown_again(split)
def split_post(number: str) -> ResponseReturnValue:
    form = forms.read(SplitForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number, version=form.version)
        logged = splitting.split(work, ticket, _pieces(work, ticket, form.cuts))
        session["codes"] = {one.ticket.number: one.code for one in logged}
    return redirect(url_for(".split_done", number=number), 303)


def _pieces(work: Work, ticket: Ticket, cuts: Sequence[str]) -> list[splitting.Piece]:
    """Read the cuts, each at the beginning of a sentence that the page offered. Raises InvalidInput."""
    own = splitting.own_span(ticket)
    offered = {str(one.span.start): one.span.start for one in _sentences(work, ticket)[1:]}
    if not set(cuts) <= set(offered):
        raise InvalidInput({"cuts": "text_changed"})
    edges = [own.start, *sorted({offered[cut] for cut in cuts}), own.end]
    return [splitting.Piece(Span(start, end), *_said_of(work, start)) for start, end in pairwise(edges)]


def _said_of(work: Work, start: int) -> tuple[str | None, str]:
    """Return the category and the place that were written beside the sentence that begins there."""
    category = str(forms.one_line(request.form.get(f"category-{start}", "")))
    place = str(forms.one_line(request.form.get(f"place-{start}", "")))[: forms.LINE_LENGTH]
    return names.category_of(work.city, category), place


@pages.get("/<number>/split/done")
@may(Action.SPLIT)
def split_done(number: str) -> ResponseReturnValue:
    """Show the new numbers, and once their retrieval codes."""
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        gone = splitting.split_off(work, ticket)
        others = [one for one in worklists.of_same_call(work, ticket) if one.number in gone]
        return render_template(
            "dispatcher/split_done.html",
            work=work,
            ticket=ticket,
            others=others,
            gone=gone,
            codes=session.pop("codes", {}),
        )
