"""calendar.toml as a text: what it says with the official days, and what is added to it by a form."""

import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hotline.cities.files import Profile
from hotline.errors import BrokenCity
from routing import Departments
from sla import Calendars, OfficialDay, calendars

HOURS = "calendar.toml"


@dataclass(frozen=True)
class LocalException:
    """Days on which this city, or these departments, rest or work otherwise than the country (本地例外)."""

    closes: bool
    first: date
    last: date
    reason: str
    departments: Sequence[str] = ()

    def written(self) -> str:
        """Return it as calendar.toml has it. What stands in quotes in JSON does so in TOML."""
        days = (
            f"day = {self.first}" if self.first == self.last else f"from = {self.first}\nuntil = {self.last}"
        )
        reason = json.dumps(self.reason, ensure_ascii=False)
        lines = [f"[[{'closed' if self.closes else 'open'}]]", days, f"reason = {reason}"]
        if self.departments:
            lines.append(f"departments = {json.dumps(list(self.departments))}")
        return "\n".join(lines) + "\n"


def with_exception(text: str, exception: LocalException) -> str:
    """Return calendar.toml with one exception more, at its end."""
    return f"{text.rstrip()}\n\n{exception.written()}"


def parse(text: str, days: Iterable[OfficialDay], departments: Departments | None = None) -> Calendars:
    """Return the calendars that the text gives with these days. Raises BrokenCity with the line.

    With `departments`, each that the text names must be one of them.
    """
    file = Profile({HOURS: text})
    table = file.toml(HOURS)
    with file.blaming(HOURS):
        parsed = calendars.parse(table, days)
    for code in parsed.offices if departments is not None else ():
        if departments is not None and code not in departments:
            raise BrokenCity(HOURS, None, f"no department has the code {code!r}")
    return parsed


def say_the_same(text: str, other: str) -> bool:
    """Tell whether two texts of calendar.toml differ in comments and blanks only. Both are valid TOML."""
    return text == other or tomllib.loads(text) == tomllib.loads(other)
