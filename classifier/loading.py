"""Read a model back from its folder: the numbers, and the card that describes them.

The numbers are read here, not by skops: only texts and arrays of numbers are ever made of a file, whatever
it holds, and a process that only predicts is spared skops and scikit-learn, 100 MB and seconds.
"""

import json
import zlib
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np

from classifier.calibration import Calibration
from classifier.errors import ModelRefused, SegmenterMissing
from classifier.features import Features, Recipe
from classifier.model import Model
from classifier.neighbours import Signatures
from classifier.tokens import segmenter

MODEL_FILE = "model.skops"
SIGNATURES_FILE = "signatures.skops"
CARD_FILE = "card.json"

# Raised when what the folder holds or how it is read changes: older folders are refused.
FORMAT = 4
_VERSION_LENGTH = 12

# What zipfile, zlib, json and numpy say of broken bytes; RuntimeError of encryption and of deep nesting.
_UNREADABLE = (
    BadZipFile,
    EOFError,
    RuntimeError,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
)


@dataclass(frozen=True)
class Card:
    """What a model says of itself. `version` is the beginning of the digest over all of it."""

    version: str
    trained_at: str
    segmenter: str
    labels: tuple[str, ...]
    metrics: dict[str, float]


def load(folder: Path) -> Model:
    """Read a model folder back. A quarter of a second.

    Raises ModelRefused when it is missing, incomplete, altered since it was saved, or made with other
    versions of its libraries or segmenter: such a model could answer, and not as its card says.
    """
    card, content = _read(folder)
    numbers = _numbers(content)
    try:
        labels = tuple(card["labels"])
        weights = numbers["weights"]
        features = Features.restore(Recipe(**card["recipe"]), numbers)
        if weights.shape != (len(features), len(labels)):
            raise ModelRefused("the card names other categories than the model file")
        return Model(
            labels=labels,
            segmenter=segmenter(card["segmenter"], card["segmenter_words"]),
            features=features,
            weights=weights,
            bias=numbers["bias"],
            calibration=_calibration(card["calibration"], len(labels)),
            metrics=card["metrics"],
            pooled=_by_promise(card["pooled"]),
            segmented=card["segmented"],
            version=card_of(card).version,
        )
    except SegmenterMissing as missing:
        raise ModelRefused(f"it was trained with {missing.name}, which is not installed") from missing
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as fault:
        raise ModelRefused(f"the card or the model file is incomplete: {fault!r}") from fault


def load_signatures(folder: Path) -> Signatures | None:
    """Read the signatures of the texts that taught a model; None where none were kept.

    Raises ModelRefused.
    """
    card, _ = _read(folder)
    if card.get("signatures_sha256") is None:
        return None
    try:
        content = (folder / SIGNATURES_FILE).read_bytes()
    except OSError as error:
        raise ModelRefused(f"{error.filename}: {error.strerror}") from error
    if sha256(content).hexdigest() != card["signatures_sha256"]:
        raise ModelRefused("the signatures are not the ones that its card describes")
    return Signatures(**_numbers(content))


def read_card(folder: Path) -> Card:
    """The card of a model folder, proved as by `load`, without loading the model."""
    card, _ = _read(folder)
    try:
        return card_of(card)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise ModelRefused(f"the card is incomplete: {fault!r}") from fault


def _read(folder: Path) -> tuple[dict[str, Any], bytes]:
    """The card and the model file that it describes, or ModelRefused."""
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        content = (folder / MODEL_FILE).read_bytes()
    except OSError as error:
        raise ModelRefused(f"{error.filename}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ModelRefused(f"{folder / CARD_FILE} is not a card: {error}") from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ModelRefused("the folder has another format")
    if card.get("card_sha256") != digest_of(card):
        raise ModelRefused("the card was altered since it was written")
    if card.get("sha256") != sha256(content).hexdigest():
        raise ModelRefused("the model file is not the one that its card describes")
    if card.get("versions") != versions():
        raise ModelRefused(f"it was made with {card.get('versions')}, here is {versions()}")
    return card, content


def _numbers(content: bytes) -> dict[str, Any]:
    """The texts and arrays of a model file; what names another type is refused before anything is made."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            nodes = json.loads(archive.read("schema.json"))["content"]
            return {name: _value(archive, node) for name, node in nodes.items()}
    except _UNREADABLE as error:
        raise ModelRefused(f"the model file cannot be read: {error!r}") from error


def _value(archive: ZipFile, node: dict[str, Any]) -> Any:
    match node["__module__"], node["__class__"], node["__loader__"]:
        case "builtins", "str", "JsonNode":
            return json.loads(node["content"])
        case "numpy", "ndarray", "NdArrayNode":
            return np.load(BytesIO(archive.read(node["file"])), allow_pickle=False)
        case module, name, _:
            raise ModelRefused(f"the model file holds a type that is not trusted: {module}.{name}")


def card_of(card: dict[str, Any]) -> Card:
    return Card(
        version=card["card_sha256"][:_VERSION_LENGTH],
        trained_at=card["trained_at"],
        segmenter=card["segmenter"],
        labels=tuple(card["labels"]),
        metrics=card["metrics"],
    )


def digest_of(card: dict[str, Any]) -> str:
    """What `card_sha256` must be for the rest of the card, in whatever order its fields stand.

    The order of the labels counts: two of them swapped would answer for each other, and nothing else tells.
    """
    rest = {name: value for name, value in card.items() if name != "card_sha256"}
    return sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _calibration(written: dict[str, list[float]], labels: int) -> Calibration:
    slopes, offsets = tuple(written["slopes"]), tuple(written["offsets"])
    if len(slopes) != len(offsets) or len(slopes) not in (1, labels):
        raise ValueError(f"{len(slopes)} slopes and {len(offsets)} offsets for {labels} categories")
    return Calibration(slopes, offsets)


def _by_promise(written: dict[str, float | None]) -> dict[float, float | None]:
    return {float(promise): threshold for promise, threshold in written.items()}


def versions() -> dict[str, str]:
    return {package: version(package) for package in ("scikit-learn", "skops")}
