"""裁定: whose it is, and in the same screen the line of the catalogue that spares the next case a ruling."""

from collections.abc import Mapping
from typing import Literal

from flask import g, request
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.errors import InvalidInput
from hotline.lifecycle import Action, Role, next_status
from hotline.models.ticket import Ticket
from hotline.tickets import deidentified, disputes, worklists
from hotline.tickets.catalogues import proposing
from hotline.tickets.catalogues.drafting import Why
from hotline.web import filters, forms, names
from hotline.web.access import open_to
from hotline.web.supervisor.blueprint import done, pages
from hotline.web.supervisor.disputes import DepartmentForm, drawn
from hotline.work import Work
from routing import Level

BASIS_LENGTH = 200


class RulingForm(DepartmentForm):
    """`write`: also propose a line; its columns follow, `line_lead` empty for the department designated."""

    write: Literal["1"] | None = None
    line_category: forms.Line = ""
    line_area: forms.Line = ""
    line_level: Level | None = None
    line_keyword: forms.Line = ""
    line_lead: forms.Line = ""
    line_assisting: forms.Line = ""
    line_basis: forms.Line = ""
    line_minimum_level: Level | None = None
    line_auto: bool = False
    line_note: forms.Line = ""
    line_from: forms.Line = ""
    line_to: forms.Line = ""
    example_text: forms.Passage = ""
    example_address: forms.Line = ""


@pages.get("/tickets/<number>/designate")
@open_to(Role.SUPERVISOR)
def designate(number: str) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        next_status(ticket.status, Action.DESIGNATE)
        return drawn(
            work,
            ticket,
            Action.DESIGNATE,
            line_of=_offered(work, ticket),
            # What someone said in confidence is read by nobody else (保密), not even without his name.
            example=("", "")
            if ticket.confidential
            else (deidentified.words_of(work, ticket), deidentified.address_of(work, ticket)),
            levels=list(labels.LEVELS.items()),
            areas=names.area_names(work.city),
        )


def _offered(work: Work, ticket: Ticket) -> Mapping[str, str]:
    """Return what the form begins with: this ticket's category and district, the minutes as basis.

    A ruling about one place is not a rule for the whole city unless the arbiter says so.
    """
    today = work.city.calendar.day_of(work.now)
    minutes = " ".join((disputes.minutes_of(work, ticket) or "").split())
    return {
        "category": ticket.category_code or "",
        "area": _district_of(work, ticket),
        "basis": f"{today:%Y-%m-%d} 会商纪要：{minutes}"[:BASIS_LENGTH] if minutes else "",
        "minimum_level": Level.DISTRICT,
        "from": today.isoformat(),
    }


def _district_of(work: Work, ticket: Ticket) -> str:
    gazetteer = work.city.gazetteer
    district = gazetteer.at_level(ticket.area_code or work.city.code, Level.DISTRICT)
    return names.area_name(work.city, district.code) if district else ""


@pages.post("/tickets/<number>/designate")
@open_to(Role.SUPERVISOR)
@forms.shown_again(designate)
def designate_post(number: str) -> ResponseReturnValue:
    form = forms.read(RulingForm, request.form)
    with runtime.work(g.viewer) as work:
        ticket = worklists.ticket_for(work, number)
        forms.expect(work, ticket, form)
        code = form.code(work)
        disputes.designate(work, ticket, department=code, text=form.text)
        if form.write:
            _propose(work, ticket, form, code)
        short = filters.department(code, work)
    written = "；新条目已写入派单目录的草稿，发布后生效" if form.write else ""
    return done(number, f"{number} 已裁定由{short}承办，不能再退{written}")


def _propose(work: Work, ticket: Ticket, form: RulingForm, lead: str) -> None:
    """Propose the line with the ticket as its example. Raises InvalidInput by the fields of the form."""
    if ticket.confidential and deidentified.repeats(ticket, form.example_text):
        raise InvalidInput({"example_text": "confidential_words"})
    example = {
        "text": form.example_text,
        "address": form.example_address,
        "category": ticket.category_code or form.line_category,
        "lead": lead,
    }
    try:
        line = _line_of(work, form, lead)
        proposing.propose(work, line, example, Why(f"{ticket.number} 裁定：{form.text}", ticket))
    except InvalidInput as refusal:
        raise InvalidInput({_field(name): problem for name, problem in refusal.fields.items()}) from None


def _line_of(work: Work, form: RulingForm, lead: str) -> dict[str, str]:
    """Return the line as the catalogue writes it; who leads it is left to the ruling unless it is said."""
    area = names.area_of(work.city, form.line_area) or "" if form.line_area else ""
    return {
        "category": form.line_category,
        "area": area,
        "level": form.line_level or "",
        "keyword": form.line_keyword,
        "lead": _owners(work, form.line_lead) or proposing.lead_of(work, lead, area=area),
        "assisting": _owners(work, form.line_assisting),
        "basis": form.line_basis,
        "minimum_level": form.line_minimum_level or "",
        "auto": "yes" if form.line_auto else "no",
        "note": form.line_note,
        "from": form.line_from,
        "to": form.line_to,
    }


def _field(column: str) -> str:
    return column if column in RulingForm.model_fields else f"line_{column}"


def _owners(work: Work, typed: str) -> str:
    """Return owners as the catalogue writes them: names become codes, `CG@district` stays."""
    codes = names.department_names(work.city)
    full = {one.name: one.code for one in work.city.departments}
    return " ".join(codes.get(one) or full.get(one) or one for one in typed.replace("、", " ").split())
