"""试派台: type a complaint and see each step of its dispatch, without registering it."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.lifecycle import Role
from hotline.tickets import bench as trials
from hotline.web import forms, grounds, names
from hotline.web.access import open_to, sees_tickets
from hotline.web.dispatcher.blueprint import pages
from hotline.web.marks import Found, Piece, pieces
from hotline.work import Work
from routing import Loss, Match

TRIED_BY = (Role.DISPATCHER, Role.SUPERVISOR, Role.ADMIN)


class TrialForm(forms.Form):
    text: forms.Passage
    address: forms.Line = ""
    category: forms.Line = ""


@pages.get("/bench")
@open_to(*TRIED_BY)
def bench() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return _page(work)


@pages.post("/bench")
@open_to(*TRIED_BY)
@forms.shown_again(bench)
def try_out() -> ResponseReturnValue:
    """Show every step for what was typed. Nothing is saved, and the text stands in no address or log."""
    form = forms.read(TrialForm, request.form)
    with runtime.view(g.viewer) as work:
        category = names.category_of(work.city, form.category)
        trial = trials.try_out(work, form.text, form.address, category=category)
        return _page(work, trial, form)


def _page(work: Work, trial: trials.Trial | None = None, form: TrialForm | None = None) -> str:
    decision = trial.explanation.decision if trial and trial.explanation else None
    return render_template(
        "dispatcher/bench.html",
        work=work,
        trial=trial,
        written=form,
        decision=decision,
        place=_place(trial.view.place, form) if trial and form else [],
        grounds=[*grounds.grounds(decision, work), *_earlier(work, trial)] if trial and decision else [],
        ground=grounds.ground,
        lost=grounds.lost,
        owner=grounds.owner,
        levels=labels.LEVELS,
        sees_tickets=sees_tickets(g.viewer),
        unfit=frozenset(Loss) - {Loss.LESS_SPECIFIC},
        categories=names.category_names(work.city),
    )


def _earlier(work: Work, trial: trials.Trial) -> list[grounds.Ground]:
    decision = trial.explanation.decision if trial.explanation else None
    return grounds.of_precedents(trial.precedents, decision, work, titled=sees_tickets(g.viewer))


def _place(place: Match | None, form: TrialForm) -> list[Piece]:
    """Return where it was said, the words that decided marked."""
    if place is None:
        return []
    said = form.address if place.matched in form.address else form.text
    at = said.find(place.matched)
    around = said[max(0, at - 20) : at + len(place.matched) + 20]
    start = around.find(place.matched)
    return pieces(around, [Found(start, start + len(place.matched), "地点")] if start >= 0 else [])
