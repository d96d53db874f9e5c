"""Pack the official division codes into the one file that new cities are built from.

Needs nothing but Python: `python tools/divisions.py FOLDER`, with FOLDER holding provinces.csv, cities.csv,
areas.csv and streets.csv of the National Bureau of Statistics, each with the columns code and name.
"""

import csv
import lzma
import sys
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "hotline" / "cities" / "divisions.csv.xz"
# The level of a division is the length of its code.
LENGTHS = {"provinces.csv": 2, "cities.csv": 4, "areas.csv": 6, "streets.csv": 9}
HIGHEST = {9: 6, 6: 4, 4: 2}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("用法：python tools/divisions.py 四个 csv 所在的文件夹", file=sys.stderr)
        return 2
    content = packed(Path(arguments[0]))
    TARGET.write_bytes(content)
    print(f"{TARGET.name}：{len(content)} 字节")
    return 0


def packed(folder: Path) -> bytes:
    """Return the same bytes for the same divisions, in whatever order they are listed."""
    divisions = dict(_divisions(folder))
    for code in divisions:
        if len(code) in HIGHEST and code[: HIGHEST[len(code)]] not in divisions:
            raise SystemExit(f"{code}：上级不在表里")
    text = "".join(f"{code},{name}\n" for code, name in sorted(divisions.items()))
    return lzma.compress(f"code,name\n{text}".encode(), preset=9 | lzma.PRESET_EXTREME)


def _divisions(folder: Path) -> Iterator[tuple[str, str]]:
    for file, length in LENGTHS.items():
        with open(folder / file, encoding="utf-8-sig", newline="") as rows:
            for row in csv.DictReader(rows):
                code, name = row["code"].strip(), row["name"].strip()
                if len(code) != length or not code.isdigit() or not name or {",", " ", '"'} & set(name):
                    raise SystemExit(f"{file}：{code} {name} 不能用")
                yield code, name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
