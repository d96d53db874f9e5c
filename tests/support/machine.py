"""A machine that commands are run on."""

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from hotline import runtime
from hotline.commands.main import main


@dataclass(frozen=True)
class Done:
    code: int
    stdout: str
    stderr: str


class Machine:
    """A folder of one's own to run commands in."""

    def __init__(self, folder: Path) -> None:
        self.instance = folder / "instance"

    def run(self, *arguments: str, **settings: str) -> Done:
        """Run a command as its process would, without the seconds that a new process takes to import."""
        out, err = io.StringIO(), io.StringIO()
        environment = {"HOTLINE_INSTANCE": str(self.instance), **settings}
        staying = patch.object(os, "execve", side_effect=AssertionError("it became another program"))
        with patch.dict(os.environ, environment), staying, redirect_stdout(out), redirect_stderr(err):
            try:
                code = main(arguments)
            except SystemExit as left:
                code = int(left.code or 0)
        runtime.stop()
        return Done(code, out.getvalue(), err.getvalue())
