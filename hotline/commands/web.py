"""The pages."""

import os
from argparse import Namespace

from hotline.commands.arguments import Command
from hotline.processes.services import web_command
from hotline.settings import Settings


def _web(options: Namespace, settings: Settings) -> int:
    command = web_command(settings)
    # One thread of arithmetic per request: the workers share the cores already.
    environment = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **os.environ}
    os.execve(command[0], command, environment)  # noqa: S606 - there is no shell to want


COMMANDS = {"web": Command(_web)}
