"""What is a complaint about? Pure: knows no city, no database and no web.

What teaches a model and writes it down is in `classifier.training` and `classifier.store`: they need
scikit-learn and skops, which take seconds to import and which nothing here needs.
"""

from classifier.alarm import Alarm, Heard, load_alarm
from classifier.corpus import Example, read_corpus
from classifier.errors import (
    BrokenExamples,
    BrokenKeywords,
    BrokenTaxonomy,
    ClassifierError,
    ModelRefused,
    SegmenterMissing,
)
from classifier.explanation import Word, explain
from classifier.extraction import Elements, Moment, extract, resolve
from classifier.keywords import Emergency, Hit, KeywordKind, Keywords, Risk, spoken
from classifier.kinds import Kind, kind_of
from classifier.loading import Card, load, read_card
from classifier.matters import Matter, find_matters, pieces_of, without_opening
from classifier.model import Model, Scored
from classifier.personal import find_personal, mask
from classifier.suggestion import Suggestion, suggest
from classifier.taxonomy import Category, Taxonomy, Urgency
from classifier.text import Span, normalise
from classifier.tokens import Segmenter, segmenter

__all__ = [
    "Alarm",
    "BrokenExamples",
    "BrokenKeywords",
    "BrokenTaxonomy",
    "Card",
    "Category",
    "ClassifierError",
    "Elements",
    "Emergency",
    "Example",
    "Heard",
    "Hit",
    "KeywordKind",
    "Keywords",
    "Kind",
    "Matter",
    "Model",
    "ModelRefused",
    "Moment",
    "Risk",
    "Scored",
    "Segmenter",
    "SegmenterMissing",
    "Span",
    "Suggestion",
    "Taxonomy",
    "Urgency",
    "Word",
    "explain",
    "extract",
    "find_matters",
    "find_personal",
    "kind_of",
    "load",
    "load_alarm",
    "mask",
    "normalise",
    "pieces_of",
    "read_card",
    "read_corpus",
    "resolve",
    "segmenter",
    "spoken",
    "suggest",
    "without_opening",
]
