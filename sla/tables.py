"""Read values out of the tables of a TOML file. Every complaint is a ValueError in plain words."""

from collections.abc import Collection, Mapping

from sla.allowance import Allowance, parse

NONE = "none"


def refuse_unknown_keys(table: Mapping[str, object], known: Collection[str]) -> None:
    for key in table:
        if key not in known:
            raise ValueError(f"unknown key {key!r}; known are {', '.join(sorted(known))}")


def table_of(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} must be a table")
    return value


def rows_of(value: object, name: str) -> list[Mapping[str, object]]:
    """Return the tables of an [[array]]; absent ones are given as an empty list."""
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list of tables, each headed [[{name}]]")
    return [table_of(row, name) for row in value]


def words(value: object, name: str, known: Collection[str] | None = None) -> tuple[str, ...]:
    """Return one word or a list of words as a tuple, each of the `known` ones where these are given."""
    listed = [value] if isinstance(value, str) else value
    if (
        not isinstance(listed, list)
        or not listed
        or not all(isinstance(word, str) and word for word in listed)
    ):
        raise ValueError(f"{name} must be a word or a list of words")
    for word in listed:
        if known is not None and word not in known:
            raise ValueError(f"unknown {name} {word!r}; known are {', '.join(known)}")
    return tuple(listed)


def truth(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false")
    return value


def allowance(value: object, name: str) -> Allowance:
    if not isinstance(value, str):
        raise ValueError(f'{name} must be an allowance in quotes, such as "5wd"')
    try:
        return parse(value)
    except ValueError as problem:
        raise ValueError(f"{name}: {problem}") from problem


def allowance_or_none(value: object, name: str) -> Allowance | None:
    """Return None for the word "none"."""
    return None if value == NONE else allowance(value, name)
