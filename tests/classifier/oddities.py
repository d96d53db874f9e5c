"""What people paste: texts in other scripts, in markup, or hardly texts at all."""

from hypothesis import strategies as st

PIECES = (
    "停水了",
    "著火",
    "著名",
    "乾",
    "乾隆",
    "於",
    "徵地",
    "覆",
    "電梯裏",
    "機器開著",
    "ＡＢ１２",
    "<p>",
    "</p>",
    "<b",
    "<br/>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "&nbsp;",
    "&amp;",
    "&lt;",
    "&gt;",
    "&#60;",
    "&#x26;",
    "&",
    "lt;",
    "<",
    ">",
    "＜",
    " class='x'",
    "13800138000",
    "\ud83d",
    "\udc00",
    "\u200b",
    "\x00",
    "😀",
    " ",
    "\n",
)


def strange() -> st.SearchStrategy[str]:
    pieces = st.sampled_from(PIECES) | st.text(st.characters(), max_size=4)
    return st.lists(pieces, max_size=20).map("".join)
