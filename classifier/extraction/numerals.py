"""Numbers as they are written in complaints: digits and small Chinese numerals."""

# Pattern of a number up to four digits long, or a Chinese one below a thousand.
NUMBER = r"(?:\d{1,4}|[零〇一二两三四五六七八九十百]{1,5})"

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNITS = {"十": 10, "百": 100}


# As numbers are told over the phone: 幺 for 一.
SPOKEN_DIGITS = "幺一二两三四五六七八九零〇"
_SPOKEN = {ord(character): str(_DIGITS.get(character, 1)) for character in SPOKEN_DIGITS}


def spoken_digits(words: str) -> str:
    """The digits alone of a number that was told digit by digit (幺三八,零零…); plain ones stay."""
    return "".join(filter(str.isdecimal, words.translate(_SPOKEN)))


def number_of(word: str) -> int | None:
    """What `word` counts, None where it is no number. A row of digits (二〇一八) is read as digits."""
    if word.isascii():
        return int(word) if word.isdigit() else None
    if any(character not in _DIGITS and character not in _UNITS for character in word):
        return None
    if not any(character in _UNITS for character in word):
        return int("".join(str(_DIGITS[character]) for character in word))
    total = digit = 0
    for character in word:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit
