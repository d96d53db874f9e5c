"""How far a long command is, on stderr while somebody watches."""

import sys

_BAR = 30


def show(done: int, of: int) -> None:
    if not sys.stderr.isatty():
        return
    filled = _BAR * done // max(of, 1)
    end = "\n" if done >= of else ""
    print(f"\r  {'#' * filled}{'.' * (_BAR - filled)} {done}/{of}", end=end, file=sys.stderr, flush=True)
