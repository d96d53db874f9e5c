"""Characters that people write for one another in names of places.

Traditional forms are the caller's to make plain; these are two plain characters for one name. What is looked
for and what is looked in are both written with the second of each pair, character by character, so that
every offset stays where it is.
"""

VARIANTS = str.maketrans(
    {
        "苍": "仓",  # 苍霞, 仓霞
        "窖": "滘",  # 道窖, 道滘
        "漖": "滘",
        "埠": "埗",  # 高埠, 高埗
        "僚": "寮",  # 僚步, 寮步
        "敦": "墩",  # 望牛敦, 望牛墩
        "歧": "岐",  # 竹歧, 竹岐
        "阪": "坂",
        "垄": "垅",
        "圩": "墟",
        "坜": "沥",
        "甽": "圳",
        "磡": "墈",
        "邨": "村",
        "崀": "塱",
        "壕": "濠",
    }
)


def folded(text: str) -> str:
    """Return the text with one character for all that stand for it, as long as before."""
    return text.translate(VARIANTS)
