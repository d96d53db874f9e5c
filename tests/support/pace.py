"""Whether work grows with its text and no faster: by a ratio, for a machine may be busy."""

import time
from collections.abc import Callable


def is_linear(read: Callable[[str], object], piece: str) -> bool:
    """Tell whether ten times the text takes about ten times the work; were it quadratic, a hundred."""

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        read(text)
        return time.process_time() - began

    short, long = (min(seconds(length) for _ in range(3)) for length in (10_000, 100_000))
    return long < 40 * max(short, 0.001)
