"""The pages."""

import os
from argparse import Namespace

from hotline import db
from hotline.commands import marks, migrating
from hotline.commands.arguments import Command
from hotline.processes.services import web_command
from hotline.settings import Settings


def _web(options: Namespace, settings: Settings) -> int:
    _require_usable_database(settings)
    command = web_command(settings)
    # One thread of arithmetic per request: the workers share the cores already.
    environment = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **os.environ}
    os.execve(command[0], command, environment)  # noqa: S606 - there is no shell to want


def _require_usable_database(settings: Settings) -> None:
    """Say it in one line here: later it would be a traceback of each worker."""
    engine = db.open_engine(settings.database)
    try:
        migrating.require_current(engine)
        marks.require_key(engine, settings)
    finally:
        engine.dispose()


COMMANDS = {"web": Command(_web)}
