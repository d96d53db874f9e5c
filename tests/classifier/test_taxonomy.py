import pytest

from classifier import BrokenTaxonomy, Urgency
from classifier.taxonomy import parse
from tests.classifier.examples import taxonomy


def row(code="01", name="噪声", parent="", urgency="", words=""):
    return {"code": code, "name": name, "parent": parent, "urgency": urgency, "words": words}


def test_a_path_names_the_levels_from_the_first_down():
    assert taxonomy().path("0201") == "水电气 / 停水、水压"


def test_leaves_are_what_a_ticket_can_be():
    assert [leaf.code for leaf in taxonomy().leaves] == ["0101", "0102", "0201", "0202"]
    assert "01" in taxonomy()
    assert "0199" not in taxonomy()


def test_a_category_goes_by_its_name_the_matters_in_it_and_its_words():
    assert taxonomy()["0201"].terms == ("停水、水压", "停水", "水压", "自来水", "没水")


def test_urgency_rises_from_normal_to_critical():
    assert [urgency.rank for urgency in Urgency] == [0, 1, 2]


def test_a_parent_may_come_after_its_child():
    categories = parse([(2, row("0101", parent="01")), (3, row("01"))])

    assert categories.path("0101") == "噪声 / 噪声"


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([(2, row()), (3, row())], 3),
        ([(2, row()), (4, row("0101", parent="09"))], 4),
        ([(2, row("01", parent="02")), (3, row("02", parent="01"))], 2),
        ([(7, row("01", parent="01"))], 7),
        ([(2, row(""))], 2),
        ([(2, row("0 1"))], 2),
        ([(2, row(name=" "))], 2),
        ([(2, row(urgency="very"))], 2),
        ([(5, {"code": "01"})], 5),
        ([], None),
    ],
)
def test_a_contradiction_is_refused_with_its_line(rows, line):
    with pytest.raises(BrokenTaxonomy) as refused:
        parse(rows)

    assert refused.value.line == line
