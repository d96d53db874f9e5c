"""Play the days to come on a database as it stands: its open tickets and new calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline import runtime
from hotline.settings import Settings
from hotline.simulation import demand, setting
from hotline.simulation.explaining import Account, account
from hotline.simulation.play import Play
from hotline.work import SYSTEM

TICKETS_PER_DAY = 20


@dataclass(frozen=True)
class Played:
    begin: datetime
    end: datetime
    acts: int
    refused: dict[str, int]
    account: Account


def play(
    settings: Settings,
    *,
    days: int,
    per_day: int = TICKETS_PER_DAY,
    seed: int,
    begin: datetime,
    progress: Callable[[float], None] = lambda share: None,
) -> Played:
    """Play `days` days from `begin`, with about `per_day` new tickets a day, and account for every ticket.

    The same seed and `begin` on an equal database give the same ledger. `runtime.start` comes first.
    """
    end = begin + timedelta(days=days)
    scene = setting.scene_of(settings, seed, begin)
    stage = Play(scene, begin)
    stage.take_up()
    stage.expect(demand.calls(scene, begin, end, per_day * days))
    stage.run(end, lambda now: progress((now - begin) / (end - begin)))
    with runtime.view(SYSTEM, now=end) as work:
        return Played(begin, end, stage.acts, dict(stage.refused), account(work))
