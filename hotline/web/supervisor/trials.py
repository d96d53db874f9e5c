"""规则试算: other targets or office hours on past tickets; nothing is written to them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.cities.calendars import HOURS
from hotline.cities.other_rules import TARGETS
from hotline.errors import InvalidInput, NotFound
from hotline.lifecycle import Role
from hotline.logs import log
from hotline.models.what_if import WhatIf
from hotline.tickets.whatif import rules, runs
from hotline.tickets.whatif.replaying import replay, size
from hotline.tickets.whatif.rules import Asked
from hotline.tickets.whatif.tallies import EVERYONE, Tally
from hotline.web import flips, forms
from hotline.web.access import open_to
from hotline.web.supervisor import departures, rulebook
from hotline.web.supervisor.blueprint import pages
from hotline.work import Work
from sla.policy import ResolveStart, Stage

USUAL = timedelta(days=90)
# Flips that a page lists; the table to download has more.
LISTED = 100
# Departments that a chart can tell apart.
DRAWN = 12


class FormQuery(forms.Form):
    """`like`: the trial that the form begins with, in place of the rules in force."""

    like: int | None = None


class TrialForm(forms.Form):
    first: forms.Day
    last: forms.Day
    whole: bool = False
    like: int | None = None
    allowances: tuple[str, ...] = ()
    resolve_starts: ResolveStart = ResolveStart.DISPATCH
    clock_rules: tuple[str, ...] = ()
    shifts: forms.Line
    targets: forms.Content = ""
    hours: forms.Content = ""


class AnswerQuery(forms.Form):
    stage: Literal["all"] | Stage = Stage.RESOLVE


class FileQuery(forms.Form):
    which: Literal["targets", "hours", "flips"]


@pages.get("/what-if", endpoint="trial")
@open_to(Role.SUPERVISOR)
def trial() -> ResponseReturnValue:
    query = forms.read(FormQuery, request.values)
    with runtime.view(g.viewer) as work:
        like = runs.run_of(work, query.like) if query.like else None
        city = rulebook.standing(work, like)
        today = work.city.calendar.day_of(work.now)
        return render_template(
            "supervisor/trial.html",
            work=work,
            like=like,
            first=like.first if like else today - USUAL,
            last=like.last if like else today,
            whole=like.whole if like else False,
            sheet=rulebook.sheet_of(work, city.policy),
            starts=list(labels.RESOLVE_STARTS.items()),
            rules=city.policy.rules,
            clock_rules=labels.CLOCK_RULES,
            shifts=rulebook.shifts_text(city),
            runs=runs.recent(work),
        )


@pages.post("/what-if")
@open_to(Role.SUPERVISOR)
@forms.shown_again(trial)
def try_out() -> ResponseReturnValue:
    form = forms.read(TrialForm, request.form)
    with runtime.view(g.viewer) as work:
        texts = _texts(work, form)
        asked = Asked(form.first, form.last, form.whole, texts[TARGETS], texts[HOURS])
        if not (tickets := size(work, rules.question_of(work, asked))):
            raise InvalidInput({"first": "no_tickets"})
    run_id = _run(asked, tickets)
    log.info("rules_tried", trial=run_id, tickets=tickets, by=g.viewer.user_id)
    return redirect(url_for(".trial_answer", run_id=run_id), 303)


def _texts(work: Work, form: TrialForm) -> dict[str, str]:
    """Return the two files of the trial: what was handed in or pasted, else what the sheet makes."""
    like = runs.run_of(work, form.like) if form.like else None
    given = {TARGETS: form.targets, HOURS: form.hours}
    for name, field in ((TARGETS, "targets"), (HOURS, "hours")):
        file = request.files.get(f"{field}_file")
        if file and file.filename:
            given[name] = rulebook.handed(name, field, file.read())
    if all(given.values()):
        return given
    typed = rulebook.Typed(form.allowances, form.resolve_starts, form.clock_rules, form.shifts)
    return rulebook.texts_of(work, like, typed) | {name: text for name, text in given.items() if text}


def _run(asked: Asked, tickets: int) -> int:
    """Enter the trial; one that is soon done is done at once, reading beside whoever writes."""
    if tickets > runs.AT_ONCE:
        with runtime.work(g.viewer) as work:
            return runs.enter(work, asked, tickets).id
    with runtime.view(g.viewer) as work, rules.refusing_empty_calendars():
        answer = replay(work, rules.question_of(work, asked))
    with runtime.work(g.viewer) as work:
        run = runs.enter(work, asked, tickets)
        runs.end(work, run.id, answer=answer)
        return run.id


@pages.get("/what-if/<int:run_id>")
@open_to(Role.SUPERVISOR)
def trial_answer(run_id: int) -> ResponseReturnValue:
    query = forms.read(AnswerQuery, request.args)
    stage = None if query.stage == "all" else query.stage
    with runtime.view(g.viewer) as work:
        run = runs.run_of(work, run_id)
        answer = runs.answer_of(run)
        tallies = [one for one in answer.tallies if one.stage == stage] if answer else []
        offices = sorted(
            (one for one in tallies if one.department != EVERYONE),
            key=lambda one: (-one.to_late - one.to_met, -one.before.denominator, one.department),
        )
        found = [one for one in answer.flips if stage in (None, one.stage)] if answer else []
        return render_template(
            "supervisor/trial_answer.html",
            work=work,
            run=run,
            answer=answer,
            changes=departures.changes(work, run),
            stage=query.stage,
            stages=_stages(answer.tallies) if answer else [],
            total=next((one for one in tallies if one.department == EVERYONE), None),
            moved=[one for one in offices if one.moves],
            alike=[one for one in offices if not one.moves],
            drawn=[one for one in offices if one.moves][:DRAWN],
            flips=found[:LISTED],
            found=len(found),
            office=flips.office,
            slack=flips.slack,
        )


def _stages(tallies: Iterable[Tally]) -> list[tuple[str, str, int]]:
    """Return the stages that have clocks, each with its words and how many come out otherwise."""
    all_ = {one.stage: one for one in tallies if one.department == EVERYONE}
    return [
        (
            stage or "all",
            labels.STAGES[stage] if stage else "全部环节",
            all_[stage].to_late + all_[stage].to_met,
        )
        for stage in (*Stage, None)
        if stage in all_
    ]


@pages.get("/what-if/<int:run_id>/progress")
@open_to(Role.SUPERVISOR)
def trial_progress(run_id: int) -> ResponseReturnValue:
    """Draw how far the trial is; asked for again by its page while it runs."""
    with runtime.view(g.viewer) as work:
        return render_template("supervisor/_trial_progress.html", work=work, run=runs.run_of(work, run_id))


@pages.get("/what-if/<int:run_id>/file")
@open_to(Role.SUPERVISOR)
def trial_file(run_id: int) -> ResponseReturnValue:
    """Answer with what was tried, or with what it would change, as a file."""
    query = forms.read(FileQuery, request.args)
    with runtime.view(g.viewer) as work:
        run = runs.run_of(work, run_id)
        name, kind, content = _file(work, run, query.which)
    answer = Response(content, content_type=f"{kind}; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _file(work: Work, run: WhatIf, which: str) -> tuple[str, str, bytes]:
    """Return name, kind and content. Raises NotFound where there is no such file."""
    if which == "flips":
        answer = runs.answer_of(run)
        if answer is None:
            raise NotFound("answer", run.id)
        return f"what-if-{run.id}.csv", "text/csv", flips.as_csv(work, answer.flips)
    text = run.targets if which == "targets" else run.hours
    if not text:
        raise NotFound("file", which)
    return TARGETS if which == "targets" else HOURS, "application/toml", text.encode()
