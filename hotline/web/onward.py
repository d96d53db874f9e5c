"""Which line of a list opens by itself when the one before it is done."""

from collections.abc import Sequence


def following(numbers: Sequence[str], number: str) -> str:
    """Return the ticket after `number`, the first after the last; empty when there is no other."""
    others = [one for one in numbers if one != number]
    if number not in numbers:
        return others[0] if others else ""
    return next(iter(numbers[numbers.index(number) + 1 :]), others[0] if others else "")
