"""Re-make the lock files: requirements*.txt from requirements*.in, package-lock.json from package.json."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import vendor

ROOT = Path(__file__).resolve().parent.parent
UV = (
    *("uv", "pip", "compile", "--quiet", "--generate-hashes", "--universal", "--python-version", "3.11"),
    *("--no-header", "--no-emit-index-url", "--no-emit-find-links"),
)


def lock(python: Path, *, upgrade: bool) -> None:
    """Write every lock file anew; with `upgrade`, take the newest versions that the .in files allow."""
    if shutil.which("uv") is None:
        sys.exit("重做依赖锁需要 uv。请先运行：pip install uv")
    for name in ("requirements", "requirements-dev"):
        command = [*UV, f"{name}.in", "--output-file", f"{name}.txt", *(["--upgrade"] if upgrade else [])]
        subprocess.run(command, cwd=ROOT, check=True)
    arguments = ["update" if upgrade else "install", "--package-lock-only", *vendor.NPM[1:]]
    vendor.run_npm(python, *arguments)
    strip_addresses(ROOT / "package-lock.json")


def strip_addresses(file: Path) -> None:
    """Take out what names a host and installs nothing: where to send money."""
    content = json.loads(file.read_text())
    for package in content["packages"].values():
        package.pop("funding", None)
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
