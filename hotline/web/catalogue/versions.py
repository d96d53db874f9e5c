"""Every version that was in force: who published it, why, and what two of them say differently."""

from typing import Annotated

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import Field

from hotline import runtime
from hotline.tickets.catalogues import versions as catalogues
from hotline.tickets.catalogues.differences import differences
from hotline.web import forms
from hotline.web.access import open_to, sees_tickets
from hotline.web.catalogue import shown
from hotline.web.catalogue.blueprint import DRAFTERS, pages
from hotline.web.catalogue.drafts import MOST_SHOWN
from hotline.web.catalogue.words import Words


class AgainstQuery(forms.Form):
    against: Annotated[int, Field(ge=1)] | None = None


@pages.get("/versions")
@open_to(*DRAFTERS)
def versions() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return render_template(
            "catalogue/versions.html",
            work=work,
            versions=catalogues.overviews(work),
            draft=catalogues.draft(work),
        )


@pages.get("/versions/<int:number>")
@open_to(*DRAFTERS)
def version(number: int) -> ResponseReturnValue:
    """Show what a version says otherwise than another, by default than the one before it, if any."""
    query = forms.read(AgainstQuery, request.args)
    with runtime.view(g.viewer) as work:
        found = catalogues.version(work, number)
        against = query.against or number - 1
        other = catalogues.version(work, against) if against else found
        changed = differences(catalogues.text_of(other), catalogues.text_of(found))
        words = Words(work.city)
        return render_template(
            "catalogue/version.html",
            work=work,
            words=words,
            version=found,
            against=against,
            others=[one.version.number for one in catalogues.overviews(work) if one.version.number != number],
            changed=changed,
            entries=shown.of_entries(words, changed.entries[:MOST_SHOWN]),
            examples=shown.of_examples(words, changed.examples[:MOST_SHOWN]),
            records=[
                (one, shown.of_change(words, one.change))
                for one in catalogues.records(work, found)[-MOST_SHOWN:]
            ],
            published_by=catalogues.publisher(work, found),
            sees_tickets=sees_tickets(g.viewer),
        )
