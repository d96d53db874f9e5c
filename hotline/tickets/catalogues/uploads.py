"""Have the draft say what a file says (导入), or refuse the file by its own rows."""

from hotline.cities.catalogue_files import Handed, standing_at
from hotline.cities.catalogues import ENTRIES, EXAMPLES, CatalogueText
from hotline.errors import BrokenCity, InvalidInput
from hotline.models.catalogue import CatalogueVersion
from hotline.tickets.catalogues import drafting, versions
from hotline.tickets.catalogues.drafting import Why
from hotline.work import Work
from routing.catalogue import COLUMNS
from routing.contracts import COLUMNS as EXAMPLE_COLUMNS


def hand_in(work: Work, handed: Handed, why: Why) -> CatalogueVersion:
    """Take the tables of a file into the draft; a table that it does not hold stays. Raises InvalidInput."""
    prove(work, handed)
    return drafting.take(
        work,
        why,
        entries=[line for _, line in handed.entries] if handed.entries is not None else None,
        examples=[line for _, line in handed.examples] if handed.examples is not None else None,
    )


def prove(work: Work, handed: Handed) -> CatalogueText:
    """Return what the catalogue would say. Raises InvalidInput with the file, the row and the fault."""
    draft = versions.draft(work)
    before = versions.text_of(draft) if draft else work.city.catalogue_text
    text = CatalogueText(
        before.entries if handed.entries is None else standing_at(COLUMNS, handed.entries),
        before.examples if handed.examples is None else standing_at(EXAMPLE_COLUMNS, handed.examples),
    )
    try:
        work.city.with_catalogue(text)
    except BrokenCity as broken:
        own = {
            ENTRIES: handed.called if handed.entries is not None else ENTRIES,
            EXAMPLES: handed.called if handed.examples is not None else EXAMPLES,
        }
        said = BrokenCity(own.get(broken.file, broken.file), broken.line, broken.message)
        raise InvalidInput({"file": f"broken_table:{said}"}) from broken
    return text
