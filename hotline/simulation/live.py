"""The same people on the machine's clock, in a hurry, beside the processes that keep their promises."""

import time
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError

from hotline import clock
from hotline.logs import log
from hotline.settings import Settings
from hotline.simulation import demand, setting
from hotline.simulation.agenda import Agenda, Entry
from hotline.simulation.play import Play

# What takes an hour takes a second; nobody is waited for longer than this.
_PACE = 3600
_LONGEST_WAIT = timedelta(seconds=4)
_BETWEEN_CALLS = timedelta(seconds=1)
_NAP = 0.02


class HurriedAgenda(Agenda):
    """Moves what people plan for hours and days from now to the next seconds."""

    def _write(self, entry: Entry) -> None:
        now = clock.now()
        wait = min(max(entry.plan.at - now, timedelta(0)) / _PACE, _LONGEST_WAIT)
        super()._write(replace(entry, plan=replace(entry.plan, at=now + wait)))


def play(settings: Settings, *, seconds: float, seed: int) -> int:
    """Play for so many seconds, leaving promises and sweeps to worker and ticker. Returns the acts."""
    scene = setting.scene_of(settings, seed, clock.now())
    scene.agenda = HurriedAgenda()
    stage = Play(scene, clock.now())
    stage.take_up()
    next_call, ends = clock.now(), time.monotonic() + seconds
    while time.monotonic() < ends:
        stage.now = clock.now()
        try:
            if next_call <= stage.now:
                next_call = stage.now + _BETWEEN_CALLS
                stage.take_call(demand.call_at(scene, stage.now))
            elif _is_due(scene.agenda, stage.now):
                stage.perform(scene.agenda.take())
            else:
                time.sleep(_NAP)
                continue
        except OperationalError:  # the database was busy or away: people try again
            log.exception("act_failed")
            continue
        stage.acts += 1
    log.info("played", acts=stage.acts)
    return stage.acts


def _is_due(agenda: Agenda, now: datetime) -> bool:
    at = agenda.next_at()
    return at is not None and at <= now
