"""Whom the dispatcher chose, as the forms of the desk say it."""

import re

from hotline.errors import InvalidInput
from hotline.tickets import dispatching
from hotline.web import forms, names
from hotline.work import Work


class ChoiceForm(forms.Form):
    """`other`, typed, goes before the chosen `lead`; `more` are further assisting departments, typed."""

    lead: forms.Line = ""
    other: forms.Line = ""
    assisting: tuple[str, ...] = ()
    more: forms.Line = ""
    note: forms.Passage = ""


def choice_of(work: Work, form: ChoiceForm) -> dispatching.Choice:
    lead = names.department_of(work.city, form.other, "other") or form.lead
    if not lead:
        raise InvalidInput({"lead": "choose"})
    typed = [one for one in re.split(r"[、,，;；\s]+", form.more) if one]
    more = [names.department_of(work.city, one, "more") for one in typed]
    # Who was proposed to assist and is chosen to lead does not assist himself.
    proposed = [one for one in form.assisting if one != lead]
    assisting = [*proposed, *filter(None, more)]
    return dispatching.Choice(lead, tuple(assisting), form.note)
