"""The fields that an agent fills in, found in free text (智能填单), each with its place in it."""

from classifier.extraction.elements import Elements, extract
from classifier.extraction.moments import Moment, resolve

__all__ = ["Elements", "Moment", "extract", "resolve"]
