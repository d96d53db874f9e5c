"""A small town's categories, keywords and complaints, and the model taught from them."""

from functools import cache

from hypothesis import strategies as st

from classifier import Keywords, Model, Taxonomy, segmenter
from classifier.taxonomy import parse
from classifier.training import Hint, hints, train

CATEGORIES = [
    ("01", "噪声", "", "", ""),
    ("0101", "施工噪声", "01", "urgent", "夜间施工 打桩"),
    ("0102", "广场舞", "01", "normal", "音响 跳舞"),
    ("02", "水电气", "", "", ""),
    ("0201", "停水、水压", "02", "urgent", "自来水 没水"),
    ("0202", "燃气泄漏", "02", "critical", "煤气 天然气"),
]

RULES = [
    ("category", "泥头车", "0101", ""),
    ("emergency", "跳楼", "110", "跳楼价"),
    ("emergency", "着火", "119", "演练|已扑灭"),
    ("risk", "跳楼", "self_harm", "跳楼价"),
    ("urgency", "煤气味", "critical", ""),
]

COMPLAINTS = [
    ("0101", "工地半夜打桩吵得人睡不着"),
    ("0101", "凌晨还在浇筑混凝土，机器轰鸣"),
    ("0101", "楼下盖房子夜里施工到两点"),
    ("0101", "挖掘机天没亮就开工"),
    ("0102", "大妈跳舞音响开得太大"),
    ("0102", "广场上每晚放舞曲到十点"),
    ("0102", "公园里跳广场舞的喇叭震天响"),
    ("0102", "甩鞭子和跳舞的声音吵到孩子写作业"),
    ("0201", "家里停水两天了没人管"),
    ("0201", "水龙头流不出水，水压太小"),
    ("0201", "自来水昨晚就停了，也没有通知"),
    ("0201", "六楼早上没水用"),
    ("0202", "楼道里闻到天然气的味道"),
    ("0202", "厨房煤气管子漏气很危险"),
    ("0202", "燃气表嘶嘶响，怀疑泄漏"),
    ("0202", "一进单元门就有煤气味"),
]

A_COMPLAINT = "昨晚十点多，和平路12号工地还在打桩，希望管一管。"


def taxonomy() -> Taxonomy:
    columns = ("code", "name", "parent", "urgency", "words")
    return parse((line, dict(zip(columns, row, strict=True))) for line, row in enumerate(CATEGORIES, 2))


def keywords() -> Keywords:
    columns = ("kind", "word", "value", "unless")
    rows = ((line, dict(zip(columns, row, strict=True))) for line, row in enumerate(RULES, 2))
    return Keywords.parse(rows, taxonomy())


def teach() -> Model:
    labels, texts = zip(*COMPLAINTS, strict=True)
    return train(texts, labels, segmenter=segmenter(), hints=the_hints())


def the_hints() -> tuple[Hint, ...]:
    return hints(taxonomy(), keywords())


@cache
def model() -> Model:
    return teach()


def texts() -> st.SearchStrategy[str]:
    """Anything, and things that look like complaints."""
    pieces = [text for _, text in COMPLAINTS] + [
        "跳楼",
        "着火",
        "１３８００１３８０００",
        "京A12345",
        "\r\n",
        "，",
        "。",
    ]
    complaints = st.lists(st.sampled_from(pieces) | st.text(max_size=8), max_size=6).map("".join)
    return st.text(max_size=60) | complaints
