"""What the text holds for fields that a person fills in: offered beside the form, taken by a press."""

import re
from contextlib import suppress
from dataclasses import dataclass

import classifier
from classifier.extraction.phones import digits
from hotline.errors import InvalidInput
from hotline.tickets import callers
from hotline.web import forms
from hotline.web.agent.so_far import SoFar
from hotline.web.agent.spoken import written
from hotline.work import Work

_WEEKDAY = re.compile("（周.）")


@dataclass(frozen=True)
class Offer:
    """`field` of the form, its `label`, what is `shown`, and the `value` that a press fills in."""

    field: str
    label: str
    shown: str
    value: str


def offers(work: Work, so_far: SoFar, elements: classifier.Elements) -> tuple[Offer, ...]:
    """Return what may be filled in: nothing for a field that says something else already."""
    found = (
        _moment(work, so_far, elements),
        _accused(so_far, elements),
        _phone(so_far, elements),
        _name(so_far, elements),
    )
    return tuple(offer for offer in found if offer)


def _moment(work: Work, so_far: SoFar, elements: classifier.Elements) -> Offer | None:
    """The day in the calendar, kept with the words: “昨晚” says nothing to those who read it next week."""
    if elements.when is None:
        return None
    words = _line(elements.when, so_far)
    said_at = work.now.astimezone(work.city.zone)
    moment = classifier.resolve(words, said_at=said_at)
    if moment is None:
        return None
    shown = written(moment, said_at)
    value = f"{shown}，原话“{words}”"
    if _WEEKDAY.sub("", shown) in words or so_far.occurred not in ("", words, value):
        return None
    return Offer("occurred", "发生时间", shown, value)


def _accused(so_far: SoFar, elements: classifier.Elements) -> Offer | None:
    words = _line(elements.accused, so_far)
    return Offer("subject", "涉及对象", words, words) if words and so_far.subject in ("", words) else None


def _phone(so_far: SoFar, elements: classifier.Elements) -> Offer | None:
    words = _line(elements.phone, so_far)
    number = None
    with suppress(InvalidInput):
        number = callers.phone_digits(digits(words))
    if number is None or so_far.anonymous or so_far.phone not in ("", number):
        return None
    return Offer("phone", "来电号码", words, number)


def _name(so_far: SoFar, elements: classifier.Elements) -> Offer | None:
    words = _line(elements.name, so_far)
    if not words or so_far.anonymous or so_far.name not in ("", words):
        return None
    return Offer("name", "姓名", words, words)


def _line(span: classifier.Span | None, so_far: SoFar) -> str:
    return " ".join(span.of(so_far.content).split())[: forms.LINE_LENGTH] if span else ""
