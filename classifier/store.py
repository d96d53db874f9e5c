"""A model on disk: a folder with the numbers (skops, which runs no code) and a card that describes them."""

import json
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile

import numpy as np
import skops.io
from skops.io.exceptions import UntrustedTypesFoundException

from classifier.calibration import Calibration
from classifier.errors import ModelRefused, SegmenterMissing
from classifier.features import Features
from classifier.model import Model
from classifier.tokens import segmenter

MODEL_FILE = "model.skops"
CARD_FILE = "card.json"

# Raised when what the folder holds or how it is read changes: older folders are refused.
FORMAT = 1


@dataclass(frozen=True)
class Card:
    """What a model says of itself. `thresholds` are keyed by promised precision; see `Model`."""

    sha256: str
    trained_at: str
    segmenter: str
    labels: tuple[str, ...]
    metrics: dict[str, float]
    thresholds: dict[float, float | None]


def save(model: Model, folder: Path, *, trained_at: str) -> Card:
    """Write the model folder, making it where needed. The card is written last: without it nothing loads.

    The folder holds a vocabulary but no text; personal data was masked before the vocabulary was made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CARD_FILE).unlink(missing_ok=True)
    numbers = {
        **model.features.state(),
        # Half precision changes no probability by more than a thousandth and halves the file.
        "weights": model.weights.astype(np.float16),
        "bias": model.bias,
    }
    content = skops.io.dumps(numbers, compression=ZIP_DEFLATED)
    (folder / MODEL_FILE).write_bytes(content)
    card = {
        "format": FORMAT,
        "sha256": sha256(content).hexdigest(),
        "trained_at": trained_at,
        "versions": _versions(),
        "segmenter": model.segmenter.name,
        "segmenter_words": list(model.segmenter.words),
        "labels": list(model.labels),
        "calibration": {"slope": model.calibration.slope, "offset": model.calibration.offset},
        "metrics": dict(model.metrics),
        "thresholds": {str(promise): threshold for promise, threshold in model.thresholds.items()},
    }
    (folder / CARD_FILE).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return _card(card)


def load(folder: Path) -> Model:
    """Read a model folder back. About half a second.

    Raises ModelRefused when it is missing, incomplete, altered since it was saved, or made with other
    versions of its libraries or segmenter: such a model could answer, and not as its card says.
    """
    card, content = _read(folder)
    numbers = _numbers(content)
    try:
        labels = tuple(card["labels"])
        weights = np.ascontiguousarray(numbers["weights"], dtype=np.float32)
        if weights.shape[1] != len(labels):
            raise ModelRefused("the card names other categories than the model file")
        return Model(
            labels=labels,
            segmenter=segmenter(card["segmenter"], card["segmenter_words"]),
            features=Features.restore(numbers),
            weights=weights,
            bias=numbers["bias"],
            calibration=Calibration(**card["calibration"]),
            metrics=card["metrics"],
            thresholds=_card(card).thresholds,
        )
    except SegmenterMissing as missing:
        raise ModelRefused(f"it was trained with {missing.name}, which is not installed") from missing
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as fault:
        raise ModelRefused(f"the card or the model file is incomplete: {fault!r}") from fault


def read_card(folder: Path) -> Card:
    """The card of a model folder, proved as by `load`, without loading the model."""
    card, _ = _read(folder)
    try:
        return _card(card)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise ModelRefused(f"the card is incomplete: {fault!r}") from fault


def _read(folder: Path) -> tuple[dict[str, Any], bytes]:
    """The card and the model file that it describes, or ModelRefused."""
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        content = (folder / MODEL_FILE).read_bytes()
    except OSError as error:
        raise ModelRefused(f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise ModelRefused(f"{folder / CARD_FILE} is not a card: {error}") from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ModelRefused("the folder has another format")
    if card.get("sha256") != sha256(content).hexdigest():
        raise ModelRefused("the model file is not the one that its card describes")
    if card.get("versions") != _versions():
        raise ModelRefused(f"it was made with {card.get('versions')}, here is {_versions()}")
    return card, content


def _numbers(content: bytes) -> Any:
    try:
        return skops.io.loads(content, trusted=[])
    except UntrustedTypesFoundException as error:
        raise ModelRefused(f"the model file holds types that are not trusted: {error}") from error
    except (BadZipFile, KeyError, ValueError, TypeError) as error:
        raise ModelRefused(f"the model file cannot be read: {error!r}") from error


def _card(card: dict[str, Any]) -> Card:
    return Card(
        sha256=card["sha256"],
        trained_at=card["trained_at"],
        segmenter=card["segmenter"],
        labels=tuple(card["labels"]),
        metrics=card["metrics"],
        thresholds={float(promise): threshold for promise, threshold in card["thresholds"].items()},
    )


def _versions() -> dict[str, str]:
    return {package: version(package) for package in ("scikit-learn", "skops")}
