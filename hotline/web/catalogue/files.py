"""The catalogue as a file, out and in."""

import tempfile
from pathlib import Path
from typing import Literal

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from classifier.errors import BrokenTable
from hotline import faults, runtime
from hotline.cities import catalogue_files
from hotline.cities.catalogue_files import Handed
from hotline.cities.catalogues import CatalogueText
from hotline.errors import BrokenCity, InvalidInput, NotFound
from hotline.logs import log
from hotline.tickets.catalogues import uploads, versions
from hotline.tickets.catalogues.drafting import Why
from hotline.web import forms
from hotline.web.access import open_to
from hotline.web.catalogue.blueprint import DRAFTERS, pages
from hotline.web.catalogue.words import Words
from hotline.work import Work
from routing.catalogue import COLUMNS
from routing.contracts import COLUMNS as EXAMPLE_COLUMNS

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DRAFT = "draft"


class HandInForm(forms.Form):
    because: forms.Line = ""


class WhichQuery(forms.Form):
    which: forms.Line = ""
    kind: Literal["entries", "examples", "xlsx"] = "xlsx"


@pages.get("/export")
@open_to(*DRAFTERS)
def export() -> ResponseReturnValue:
    """Answer with one version as a file: the one in force, one by its number, or the draft."""
    query = forms.read(WhichQuery, request.args)
    with runtime.view(g.viewer) as work:
        text, called = _asked(work, query.which)
        kind = query.kind
        content = (
            workbook(work, text)
            if kind == "xlsx"
            else catalogue_files.as_csv(COLUMNS, text.lines)
            if kind == "entries"
            else catalogue_files.as_csv(EXAMPLE_COLUMNS, text.example_lines)
        )
    name = f"catalogue-{called}.xlsx" if kind == "xlsx" else f"{kind}-{called}.csv"
    answer = Response(content, content_type=_XLSX if kind == "xlsx" else _CSV)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def workbook(work: Work, text: CatalogueText) -> bytes:
    words = Words(work.city)
    owners = sorted((written, said) for said, written in words.owner_names.items())
    return catalogue_files.as_xlsx(text, words.cell, words.example_cell, owners)


def _asked(work: Work, which: str) -> tuple[CatalogueText, str]:
    """Return the text and what to call it. Raises NotFound."""
    if which == DRAFT:
        return versions.text_of(versions.required_draft(work)), DRAFT
    if which:
        if not which.isdecimal() or len(which) > 9:
            raise NotFound("version", which)
        return versions.text_of(versions.version(work, int(which))), which
    present = versions.in_force(work)
    return work.city.catalogue_text, str(present.number) if present else "1"


@pages.get("/draft/import")
@open_to(*DRAFTERS)
def hand_in() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return render_template("catalogue/import.html", work=work, draft=versions.draft(work))


@pages.post("/draft/import")
@open_to(*DRAFTERS)
@forms.shown_again(hand_in)
def hand_in_post() -> ResponseReturnValue:
    form = forms.read(HandInForm, request.form)
    handed = _handed(request.files.get("file"))
    with runtime.work(g.viewer) as work:
        uploads.hand_in(work, handed, Why(form.because))
        log.info("catalogue_handed_in", by=g.viewer.user_id)
    flash(f"“{handed.called}”已导入草稿，请看差异和样例，再发布", "met")
    return redirect(url_for(".draft"), 303)


def _handed(file: FileStorage | None) -> Handed:
    """Read what was sent, before any transaction. Raises InvalidInput."""
    if file is None or not file.filename:
        raise InvalidInput({"file": "no_file"})
    called = Path(str(forms.one_line(file.filename)).replace("\\", "/")).name[-80:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"handed{Path(called).suffix.lower()[:8]}"
        file.save(path)
        return read(path, called)


def read(path: Path, called: str) -> Handed:
    """Raises InvalidInput for what is no catalogue, with the row and what to do."""
    try:
        return catalogue_files.read(path, called)
    except BrokenTable as broken:
        said = faults.of_file(broken.fault.name, path, called=called, row=broken.row, detail=broken.detail)
        raise InvalidInput({"file": f"broken_file:{said}"}) from broken
    except BrokenCity as broken:
        raise InvalidInput({"file": f"broken_table:{broken}"}) from broken
