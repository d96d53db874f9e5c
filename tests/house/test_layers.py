"""The layers of docs/architecture.md, as lint-imports reads them from pyproject.toml."""

import subprocess
import sys
from pathlib import Path

from hotline.settings import ROOT


def test_imports_point_downwards_and_never_in_a_circle():
    linter = Path(sys.executable).with_name("lint-imports")

    checked = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )

    assert checked.returncode == 0, checked.stdout[-4000:]
