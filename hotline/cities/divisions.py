"""The official division codes (行政区划代码) of the National Bureau of Statistics, and the cities in them."""

import csv
import lzma
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from hotline.errors import HotlineError

# Written by tools/divisions.py. The level of a division is the length of its code: 2, 4, 6 or 9 digits.
FILE = Path(__file__).parent / "divisions.csv.xz"
# A municipality (直辖市) is a province that is a city; its districts stand in groups of their own.
MUNICIPALITY = "市"
# No city, only a heading over counties that answer to the province itself (省直辖县级行政区划).
HEADING = "直辖县级行政区划"


class Unfit(StrEnum):
    """Why no city can be built of a code."""

    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    PROVINCE = "province"
    COUNTIES = "counties"  # answers to the province itself, or is the group of those that do
    DISTRICT = "district"  # part of a city


class NoCity(HotlineError):
    """`name` is the division's, empty where there is none; `part_of` the name of its city or province."""

    def __init__(self, code: str, why: Unfit, name: str = "", part_of: str = "") -> None:
        super().__init__(f"{code!r} is no city: {why}")
        self.code, self.why, self.name, self.part_of = code, why, name, part_of


@dataclass(frozen=True)
class Division:
    """`parts`: what it is divided into. Codes have 6 digits, those of subdistricts 9."""

    code: str
    name: str
    parts: tuple["Division", ...] = ()


@dataclass(frozen=True)
class OfficialCity(Division):
    """`parts` are its districts, or its subdistricts where it has no districts (东莞, 中山, 儋州, 嘉峪关)."""

    is_municipality: bool = False

    @property
    def has_districts(self) -> bool:
        return any(part.parts for part in self.parts)


class Divisions:
    """All divisions of the country by code."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._sorted = {
            length: sorted(code for code in names if len(code) == length) for length in (2, 4, 6, 9)
        }

    def city_codes(self) -> Iterator[str]:
        """Yield the shortest code of every city, in order."""
        for province in self._sorted[2]:
            if self._is_municipality(province):
                yield province
            else:
                yield from (code for code in self._below(province, 4) if HEADING not in self._names[code])

    def city(self, asked: str) -> OfficialCity:
        """Return the city of a code of 4 or 6 digits, or of a municipality's 2. Raises NoCity.

        A group of districts of a municipality means the municipality, a city without districts has its own
        code once more among the districts.
        """
        if not (asked.isascii() and asked.isdigit() and len(asked) in (2, 4, 6)):
            raise NoCity(asked, Unfit.MALFORMED)
        code = _shortest(asked)
        if code not in self._names:
            raise NoCity(asked, Unfit.UNKNOWN)
        province = code[:2]
        if self._is_municipality(province) and len(code) < 6:
            return self._city(province)
        self._require_city(asked, code)
        return self._city(code[:4])

    def _require_city(self, asked: str, code: str) -> None:
        name = self._names[code]
        whole = code[:2] if len(code) == 4 or self._is_municipality(code[:2]) else code[:4]
        if len(code) == 2:
            raise NoCity(asked, Unfit.PROVINCE, name)
        if HEADING in self._names[code[:4]]:
            raise NoCity(asked, Unfit.COUNTIES, name, self._names[code[:2]])
        if len(code) == 6 and name != self._names[whole]:
            raise NoCity(asked, Unfit.DISTRICT, name, f"{self._names[whole]}（{_six(whole)}）")

    def _is_municipality(self, province: str) -> bool:
        return self._names[province].endswith(MUNICIPALITY)

    def _city(self, code: str) -> OfficialCity:
        name = self._names[code]
        areas = self._below(code, 6)
        # The one area of a city without districts is the city itself.
        itself = [area for area in areas if self._names[area] == name]
        parts = self._divisions(self._below(itself[0], 9)) if itself else self._divisions(areas)
        return OfficialCity(_six(code), name, parts, is_municipality=len(code) == 2)

    def _divisions(self, codes: list[str]) -> tuple[Division, ...]:
        return tuple(
            Division(code, self._names[code], self._divisions(self._below(code, 9)) if len(code) == 6 else ())
            for code in codes
        )

    def _below(self, code: str, length: int) -> list[str]:
        codes = self._sorted[length]
        return codes[bisect_left(codes, code) : bisect_left(codes, f"{code}~")]


@cache
def divisions() -> Divisions:
    with lzma.open(FILE, "rt", encoding="utf-8", newline="") as rows:
        return Divisions({row["code"]: row["name"] for row in csv.DictReader(rows)})


def _six(code: str) -> str:
    return code.ljust(6, "0")


def _shortest(code: str) -> str:
    return code.removesuffix("00").removesuffix("00") if len(code) == 6 else code
