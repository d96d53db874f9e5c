"""Read alerts.toml into a ladder, and refuse what could never ring."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TypeVar

from sla.alerts import USUALLY_TOLD, Ladder, Level
from sla.allowance import Allowance
from sla.errors import BrokenLadder, blaming
from sla.policy import Policy, Stage
from sla.rungs import By, Conditions, Measure, Rung, Tell, Telling, Want
from sla.tables import allowance, refuse_unknown_keys, rows_of, table_of, words

# Which line of the file the nth table under a header begins on, from 0.
LineOf = Callable[[str, int], int]
Word = TypeVar("Word", Tell, By, Want)

LONGEST_NAME = 20
# Who hears of the clocks of the hotline's own desks; a supervision clock may be anybody's.
DESK_STAGES = frozenset({Stage.DISPATCH, Stage.REVIEW, Stage.FOLLOW_UP})
_OF_DESKS = frozenset({Tell.DESK, Tell.SUPERVISOR})
_OF_DEPARTMENTS = frozenset({Tell.HANDLER, Tell.LEADER, Tell.LEVEL_ABOVE, Tell.SUPERVISOR})
# A call to the caller can be missing while a department has the ticket.
_CALLING = frozenset({Stage.ACCEPT, Stage.CONTACT, Stage.RESOLVE, Stage.SUPERVISION})
# Their length is said by whoever starts them, not by targets.toml.
_OF_THEIR_OWN = frozenset({Stage.ARRIVE, Stage.SUPERVISION})
_RUNG_KEYS = ("name", "stages", *Measure, "when", "urged_from", "unsatisfied_from", "tell", "by")


def parse(table: Mapping[str, object], *, line_of: LineOf | None = None) -> Ladder:
    """Build the ladder from alerts.toml. Raises BrokenLadder."""
    with blaming(BrokenLadder):
        refuse_unknown_keys(table, ("left_share", "yellow", "red", "rung", "digest"))
        share = table.get("left_share")
        if not isinstance(share, float):
            raise ValueError("left_share must be given, as a part of 1 such as 0.25")
        digest = _digest(table_of(table.get("digest", {}), "digest"))
    left: dict[Stage, Allowance] = {}
    told: dict[tuple[Level, Stage], Telling] = {}
    for level, header in ((Level.YELLOW, "yellow"), (Level.RED, "red")):
        for nth, row in enumerate(_rows(table, header)):
            with _blaming(header, nth, line_of):
                _read_level(row, level, left, told)
    rungs: list[Rung] = []
    for nth, row in enumerate(_rows(table, "rung")):
        with _blaming("rung", nth, line_of):
            rungs.append(_rung(row, rungs))
    with blaming(BrokenLadder):
        return Ladder(share, left, told, tuple(rungs), digest)


def prove(ladder: Ladder, policy: Policy, *, line_of: LineOf | None = None) -> None:
    """Refuse a rung that no clock of the city's targets can reach. Raises BrokenLadder."""
    for nth, rung in enumerate(ladder.rungs):
        with _blaming("rung", nth, line_of):
            for stage in rung.stages:
                if stage not in _OF_THEIR_OWN:
                    _require_reachable(rung, stage, policy)


def _require_reachable(rung: Rung, stage: Stage, policy: Policy) -> None:
    lengths = [given for target in policy.targets if (given := target.allowances.get(stage))]
    if not lengths:
        raise ValueError(f"{rung.name!r} never fires on {stage}: targets.toml gives it no clock")
    left = rung.length if rung.measure is Measure.LEFT else None
    if left and not any(_is_longer(one, left) for one in lengths):
        raise ValueError(f"{rung.name!r} never fires on {stage}: no clock there is longer than {left}")


def _is_longer(given: Allowance, left: Allowance) -> bool:
    """Whether a clock can have `left` left. How many hours a working day has is not known here."""
    if given.is_working != left.is_working:
        return False
    if left.duration is not None:
        return given.duration is None or left.duration < given.duration
    return given.duration is None and left.amount < given.amount


def _rows(table: Mapping[str, object], header: str) -> list[Mapping[str, object]]:
    with blaming(BrokenLadder):
        return rows_of(table.get(header, []), header)


def _blaming(header: str, nth: int, line_of: LineOf | None) -> AbstractContextManager[None]:
    return blaming(BrokenLadder, nth, None if line_of is None else partial(line_of, header))


def _digest(table: Mapping[str, object]) -> tuple[By, ...]:
    refuse_unknown_keys(table, ("by",))
    # A group of WeCom would read one for each person.
    known = (By.INBOX, By.SMS, By.WEBHOOK)
    return _members(By, table["by"], "by", known) if "by" in table else ()


def _read_level(
    row: Mapping[str, object],
    level: Level,
    left: dict[Stage, Allowance],
    told: dict[tuple[Level, Stage], Telling],
) -> None:
    """Read one [[yellow]] or [[red]] into `left` and `told`."""
    before = ("left",) if level is Level.YELLOW else ()
    refuse_unknown_keys(row, ("stage", *before, "tell", "by"))
    telling = None
    if level is Level.RED or "tell" in row or "by" in row:
        telling = _telling(row, USUALLY_TOLD[level])
    for stage in (Stage(word) for word in words(row.get("stage"), "stage", tuple(Stage))):
        if stage in left or (level, stage) in told:
            raise ValueError(f"{stage} has a [[{level.name.lower()}]] already")
        if "left" in row or (level is Level.YELLOW and telling is None):
            left[stage] = allowance(row.get("left"), "left")
        if telling is not None:
            _require_somebody(telling, stage)
            told[level, stage] = telling


def _rung(row: Mapping[str, object], earlier: Sequence[Rung]) -> Rung:
    refuse_unknown_keys(row, _RUNG_KEYS)
    when = _conditions(row)
    measures = [measure for measure in Measure if measure in row]
    if len(measures) != 1 and not (not measures and when.may_come_true):
        raise ValueError(
            'a [[rung]] needs one of left, after and ran, such as after = "1wd"; '
            "none only where urgings, answers or orders bring it about"
        )
    measure = measures[0] if measures else Measure.RAN
    if "tell" not in row:
        raise ValueError("tell must say whom this rung tells")
    rung = Rung(
        name=_name(row.get("name"), earlier),
        stages=tuple(Stage(word) for word in words(row.get("stages"), "stages", tuple(Stage))),
        measure=measure,
        length=allowance(row[measure], measure) if measures else None,
        telling=_telling(row, Telling(())),
        when=when,
    )
    for stage in rung.stages:
        _require_somebody(rung.telling, stage)
        _refuse_impossible(rung, stage)
        _refuse_twin(rung, stage, earlier)
    return rung


def _name(value: object, earlier: Sequence[Rung]) -> str:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= LONGEST_NAME:
        raise ValueError(f"name must be a word of at most {LONGEST_NAME} characters")
    name = value.strip()
    if name in {level.name.lower() for level in Level}:
        raise ValueError(f"name must not be {name!r}: that is a level of its own")
    if any(name == rung.name for rung in earlier):
        raise ValueError(f"name {name!r} is there twice: a rung fires once by its name")
    return name


def _telling(row: Mapping[str, object], usual: Telling) -> Telling:
    tell = _members(Tell, row["tell"], "tell", tuple(Tell)) if "tell" in row else usual.tell
    by = _members(By, row["by"], "by", tuple(By)) if "by" in row else usual.by
    if By.DIGEST in by and len(by) > 1:
        raise ValueError("by says digest, which means: not by itself; leave out the others, or digest")
    return Telling(tell, by)


def _conditions(row: Mapping[str, object]) -> Conditions:
    wants = _members(Want, row["when"], "when", tuple(Want)) if "when" in row else ()
    return Conditions(frozenset(wants), _times(row, "urged_from"), _times(row, "unsatisfied_from"))


def _times(row: Mapping[str, object], key: str) -> int:
    value = row.get(key, 0)
    if key in row and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        raise ValueError(f"{key} must be a whole number from 1")
    return value if isinstance(value, int) else 0


def _members(kind: type[Word], value: object, name: str, known: tuple[Word, ...]) -> tuple[Word, ...]:
    return tuple(dict.fromkeys(kind(word) for word in words(value, name, known)))


def _require_somebody(telling: Telling, stage: Stage) -> None:
    """Refuse what would tell nobody at a stage."""
    if stage is Stage.SUPERVISION:
        return
    there = _OF_DESKS if stage in DESK_STAGES else _OF_DEPARTMENTS
    if there.isdisjoint(telling.tell):
        raise ValueError(f"tell names nobody at {stage}: known there are {', '.join(sorted(there))}")


def _refuse_impossible(rung: Rung, stage: Stage) -> None:
    if Want.NEVER_CONTACTED in rung.when.wants and stage not in _CALLING:
        raise ValueError(f"when never_contacted never holds at {stage}: no department has to call there")
    if Want.UNEXPLAINED in rung.when.wants:
        if rung.measure is not Measure.AFTER:
            raise ValueError("when unexplained asks what was said since the deadline: it needs after")
        if stage in DESK_STAGES:
            raise ValueError(f"when unexplained never holds at {stage}: no department has to explain it")


def _refuse_twin(rung: Rung, stage: Stage, earlier: Sequence[Rung]) -> None:
    for place, other in enumerate(earlier, start=1):
        same = (other.measure, other.length, other.when) == (rung.measure, rung.length, rung.when)
        if same and stage in other.stages:
            raise ValueError(f"on {stage} it fires together with [[rung]] number {place}: make them one")
