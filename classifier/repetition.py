"""Texts that were pasted again and again: the second time says nothing new, yet would weigh."""

# Shorter ones are said twice for emphasis (救命救命); real messages are pasted whole.
_SHORTEST = 10
# Where the beginning comes back more often than this, the text is a refrain and no repeat.
_MOST_TRIES = 20


def once(text: str) -> str:
    """The beginning of `text` up to where it starts all over again; all of it when it does not.

    Copies may stand apart by white space, and the last may be cut off, as input fields do. Linear.
    """
    opening = text[:_SHORTEST]
    at = 0
    for _ in range(_MOST_TRIES):
        at = text.find(opening, max(at + 1, _SHORTEST))
        first = text[:at].rstrip()
        if at < 0 or len(text) - at < len(first):
            break
        if text.startswith(text[at:]):
            return first
    return text
