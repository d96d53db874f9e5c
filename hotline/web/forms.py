"""Read forms: typed, cleaned, limited; show them again with what was typed.

A route reads with `read(Model, request.form)`; `shown_again` lets the page of the form come back,
the typed text kept and each problem beside its field.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Annotated, Any, TypeVar, get_origin

from flask import g, make_response, request
from flask.typing import ResponseReturnValue
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from hotline.errors import ChangedByAnother, InvalidInput, LimitReached
from hotline.models.ticket import Ticket
from hotline.tickets.ledger import expect_version
from hotline.work import Work

CONTENT_LENGTH = 100_000
NOTE_LENGTH = 5_000
LINE_LENGTH = 200
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)

# Control characters but tab and newline, lone surrogates, and the marks that turn text around.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)

Model = TypeVar("Model", bound="Form")
View = TypeVar("View", bound=Callable[..., Any])


def clean(text: object) -> object:
    """Return `text` without what nobody can see, its line ends alike, its ends trimmed."""
    if not isinstance(text, str):
        return text
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: object) -> object:
    """Return `text` cleaned, on one line."""
    cleaned = clean(text)
    return " ".join(cleaned.split()) if isinstance(cleaned, str) else cleaned


def _in_range(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise PydanticCustomError("date_range", "outside 2000-2099")
    return day


# The usual kinds of field. A field with a default may be left empty; one without must be filled.
Content = Annotated[str, BeforeValidator(clean), StringConstraints(min_length=1, max_length=CONTENT_LENGTH)]
Passage = Annotated[str, BeforeValidator(clean), StringConstraints(max_length=NOTE_LENGTH)]
Line = Annotated[str, BeforeValidator(one_line), StringConstraints(max_length=LINE_LENGTH)]
Day = Annotated[date, AfterValidator(_in_range)]
Key = Annotated[str, BeforeValidator(clean), StringConstraints(max_length=64)]


class Form(BaseModel):
    """A form. `version`: that of the ticket when the form was drawn; `request_key`: one submit, once."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    version: int | None = None
    request_key: Key = ""


def read(model: type[Model], form: MultiDict[str, str]) -> Model:
    """Return the form as typed values. Raises InvalidInput with every problem, in the order of the model.

    A blank field counts as not there: the default serves, or the field is missing.
    """
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        given = [text for text in form.getlist(name) if clean(text)]
        if get_origin(field.annotation) in (list, tuple, frozenset):
            values[name] = given
        elif given:
            values[name] = given[-1]
    try:
        return model.model_validate(values)
    except ValidationError as error:
        found = {str(one["loc"][0]): _problem(one) for one in reversed(error.errors())}
    raise InvalidInput({name: found[name] for name in model.model_fields if name in found})


_CODES: Mapping[str, str] = {
    "missing": "missing",
    "enum": "choice",
    "literal_error": "choice",
    "date_range": "date_range",
    "int_parsing": "number",
    "int_from_float": "number",
    "float_parsing": "number",
    "greater_than_equal": "range",
    "less_than_equal": "range",
}


def _problem(error: ErrorDetails) -> str:
    """Return the code of `hotline.labels.PROBLEMS` for what pydantic found."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in {"string_too_long", "too_long"}:
        return f"too_long:{context['max_length']}"
    if kind in {"string_too_short", "too_short"}:
        return "missing" if context["min_length"] == 1 else f"too_short:{context['min_length']}"
    if kind.startswith("date_") and kind != "date_range":
        return "date"
    return _CODES.get(kind, "invalid")


def expect(work: Work, ticket: Ticket, form: Form) -> None:
    """Refuse, at the first change of `ticket`, a form that was drawn before someone else's change."""
    if form.version is not None:
        expect_version(work, ticket, form.version)


def new_request_key() -> str:
    return uuid.uuid4().hex


def problems_of(error: InvalidInput) -> dict[str, str]:
    """Return field → code as `labels.problem` reads it, the limit that was reached behind a colon."""
    if isinstance(error, LimitReached):
        return dict.fromkeys(error.fields, f"{error.rule}:{error.limit}")
    return error.fields


@dataclass(frozen=True)
class Typed:
    """A form that came back: what was typed, and what is wrong with it."""

    values: MultiDict[str, str]
    problems: Mapping[str, str]
    changed: str | None = None
    """The number of the ticket that another changed meanwhile."""

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def has(self, name: str, value: str) -> bool:
        """Whether this box or option was chosen."""
        return value in self.values.getlist(name)


def shown_again(page: Callable[..., ResponseReturnValue]) -> Callable[[View], View]:
    """Answer a form that cannot be taken with `page` again, the typed text kept (422, or 409 when stale).

    `page` is the view that draws the form, called with the same arguments.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> Any:
            try:
                return view(*args, **kwargs)
            except InvalidInput as error:
                g.typed, status = Typed(request.form, problems_of(error)), 422
            except (ChangedByAnother, StaleDataError) as error:
                number = getattr(error, "number", None) or kwargs.get("number", "")
                # Sent again, the form is meant for the ticket as it is now.
                values = MultiDict((k, v) for k, v in request.form.items(multi=True) if k != "version")
                g.typed, status = Typed(values, {}, changed=number), 409
            response = make_response(page(*args, **kwargs))
            response.status_code = status
            return response

        return answer  # type: ignore[return-value]

    return wrap
