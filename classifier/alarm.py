"""Does it sound as if something were happening right now? For what no list of words foresees.

Keywords stay the surer sign. This is asked to miss next to nothing and may be wrong: it earns a question.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from classifier.corpus import Example, read_rows
from classifier.errors import BrokenExamples, ModelRefused
from classifier.keywords import Emergency
from classifier.loading import load
from classifier.model import Model
from classifier.taxonomy import Urgency

CALM = "none"
FOLDER = "alarm"
COLUMNS = ("route", "text")
# Under this name the model's card keeps from which probability on the alarm is raised.
THRESHOLD = "threshold"


@dataclass(frozen=True)
class Heard:
    """Which line it sounds like, and how probable it is that it is for any."""

    route: Emergency
    probability: float


@dataclass(frozen=True)
class Alarm:
    """A model of the emergency lines and of calm, and from which probability on it speaks up."""

    model: Model
    threshold: float

    def listen(self, text: str) -> Heard | None:
        """Return what it sounds like, None for what is calm or says nothing."""
        [scored] = self.model.predict([text], top=len(self.model.labels))
        lines = [one for one in scored if one.code != CALM]
        probability = sum(one.probability for one in lines)
        if not lines or probability < self.threshold:
            return None
        return Heard(Emergency(lines[0].code), probability)


def load_alarm(folder: Path) -> Alarm:
    """Read it back from beside the model of the categories. Raises ModelRefused."""
    model = load(folder / FOLDER)
    threshold = model.metrics.get(THRESHOLD)
    if threshold is None or not set(model.labels) - {CALM} <= set(Emergency):
        raise ModelRefused("the folder holds no alarm")
    return Alarm(model, threshold)


def read_emergencies(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield route and text of every row of the csv files. Raises BrokenExamples with file and line."""
    for file in sorted(folder.glob("*.csv")):
        for line, row in read_rows(file, COLUMNS):
            if row["route"] not in {CALM, *Emergency} or not row["text"].strip():
                raise BrokenExamples(f"no such route {row['route']!r}, or no text", str(file), line)
            yield row["route"], row["text"].strip()


def with_threshold(model: Model, threshold: float) -> Alarm:
    """Make an alarm of a model, written into its metrics so that it is saved with it."""
    return Alarm(replace(model, metrics={**model.metrics, THRESHOLD: threshold}), threshold)


def calm_of(examples: Iterable[Example]) -> list[str]:
    """Return the everyday texts of a corpus: those of the highest urgency may be emergencies themselves."""
    return [one.text for one in examples if one.urgency != Urgency.CRITICAL]
