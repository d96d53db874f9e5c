"""Set the stage in this process's city."""

from datetime import datetime

from hotline import runtime
from hotline.settings import Settings
from hotline.simulation import cast, habits, samples, streets
from hotline.simulation.neighbours import Neighbourhood
from hotline.simulation.scene import Scene
from hotline.work import SYSTEM


def scene_of(settings: Settings, seed: int, begin: datetime) -> Scene:
    """Return the scene of the running city, its people entered. `runtime.start` comes first."""
    with runtime.work(SYSTEM, now=begin) as work:
        return Scene(
            seed=seed,
            rng=habits.chance(seed),
            calendar=work.city.calendar,
            cast=cast.enrol(work),
            samples=samples.read(settings.city_folder, [one.code for one in work.city.taxonomy]),
            streets=streets.read(settings.city_folder, work.city),
            neighbours=Neighbourhood(habits.chance(seed, "neighbours")),
        )
