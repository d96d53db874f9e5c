"""The digest of a shift (班次汇总): the clocks that rang, one's own or a department's, by what matters."""

from typing import Annotated

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from hotline import runtime
from hotline.errors import NotFound
from hotline.lifecycle import Role
from hotline.tickets import alarms, digests
from hotline.web import forms
from hotline.web.access import open_to
from hotline.work import Work

pages = Blueprint("digest", __name__, url_prefix="/digest")


class DigestQuery(forms.Form):
    department: Annotated[str, Field(max_length=40)] = ""


@pages.get("")
@open_to(*digests.READERS)
def show() -> ResponseReturnValue:
    query = forms.read(DigestQuery, request.args)
    with runtime.view(g.viewer) as work:
        scope = _scope(work, query.department)
        lines = digests.waiting(work, scope)
        counts = digests.counts(work, scope)
        clocks = [clock for line in lines for clock in line.clocks]
        return render_template(
            "digest.html",
            work=work,
            lines=lines,
            counts=counts,
            more=counts["overdue"] + counts["near"] - len(clocks),
            rungs=alarms.rungs_of(work, clocks),
            digest=digests.latest(work),
            department=scope.department,
            choices=_choices(work),
        )


@pages.post("/<int:digest_id>/read")
@open_to(*digests.READERS)
def read(digest_id: int) -> ResponseReturnValue:
    """Mark the digest as read and show what it counted."""
    with runtime.work(g.viewer) as work:
        digests.read(work, digest_id)
    return redirect(url_for(".show"), 303)


def _scope(work: Work, department: str) -> digests.Scope:
    """A supervisor may look at any department; all others see their own."""
    if not department:
        return digests.scope_of(work)
    if Role.SUPERVISOR not in work.actor.roles or department not in work.city.departments:
        raise NotFound("department", department)
    return digests.Scope(department, frozenset())


def _choices(work: Work) -> list[tuple[str, str]]:
    """Return the departments that a supervisor may look at, by code and name."""
    if Role.SUPERVISOR not in work.actor.roles:
        return []
    return [(one.code, one.short) for one in work.city.departments]
