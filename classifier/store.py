"""Write a model to its folder: the numbers with skops, which stores no code, and a card that describes them.

`classifier.loading` reads it back.
"""

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED

import skops.io

from classifier.loading import (
    CARD_FILE,
    FORMAT,
    MODEL_FILE,
    SIGNATURES_FILE,
    Card,
    card_of,
    digest_of,
    versions,
)
from classifier.model import Model
from classifier.neighbours import Signatures


def save(model: Model, folder: Path, *, trained_at: str, signatures: Signatures | None = None) -> Card:
    """Write the model folder, making it where needed. The card is written last: without it nothing loads.

    `signatures` are those of the texts that taught it, for who asks which are like another.
    The folder holds no text and no word: terms are numbers, and personal numbers were masked before.
    Runs of a few characters can be read back from theirs: see `Recipe.least`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CARD_FILE).unlink(missing_ok=True)
    numbers = {
        **model.features.state(),
        "weights": model.weights,
        "bias": model.bias,
    }
    content = skops.io.dumps(numbers, compression=ZIP_DEFLATED)
    (folder / MODEL_FILE).write_bytes(content)
    (folder / SIGNATURES_FILE).unlink(missing_ok=True)
    if signatures is not None:
        alike = skops.io.dumps(signatures.state(), compression=ZIP_DEFLATED)
        (folder / SIGNATURES_FILE).write_bytes(alike)
    card = {
        "format": FORMAT,
        "sha256": sha256(content).hexdigest(),
        "signatures_sha256": sha256(alike).hexdigest() if signatures is not None else None,
        "trained_at": trained_at,
        "versions": versions(),
        "segmenter": model.segmenter.name,
        "segmenter_words": list(model.segmenter.words),
        "segmented": model.segmented,
        "recipe": asdict(model.features.recipe),
        "labels": list(model.labels),
        "calibration": {"slopes": model.calibration.slopes, "offsets": model.calibration.offsets},
        "metrics": dict(model.metrics),
        "pooled": {str(promise): threshold for promise, threshold in model.pooled.items()},
    }
    card["card_sha256"] = digest_of(card)
    (folder / CARD_FILE).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return card_of(card)
