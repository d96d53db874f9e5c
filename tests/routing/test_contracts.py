import pytest

from routing import BrokenTable, broken_contracts, contracts
from tests.routing.town import CATALOGUE, DAY, OFFICES, RULES, TOWN, catalogue, rows

HEADER = "text,address,category,lead\n"


def read(lines: str) -> tuple[contracts.Contract, ...]:
    return contracts.parse(rows(HEADER + lines), catalogue=RULES, departments=OFFICES)


def test_examples_that_still_go_right_are_not_reported():
    examples = read("垃圾没人收,望帆街道,0101,E-CG\n说不清是谁的井盖,东岸区,0202,\n停水了,,0301,U-SHUI")

    assert broken_contracts(examples, RULES, OFFICES, TOWN, day=DAY) == ()


def test_an_example_that_the_catalogue_would_send_elsewhere_is_reported():
    examples = read("停水了,,0301,U-SHUI")
    changed = catalogue(CATALOGUE.replace("SHUI@city", "CG@city"))

    (broken,) = broken_contracts(examples, changed, OFFICES, TOWN, day=DAY)

    assert (broken.contract.lead, broken.decision.lead) == ("U-SHUI", "D-CG")


@pytest.mark.parametrize(
    ("line", "says"),
    [("停水,,9999,U-SHUI", "'9999'"), ("停水,,0301,U-XX", "'U-XX'"), (",,0301,U-SHUI", "text is empty")],
)
def test_a_broken_example_is_refused_with_its_line(line, says):
    with pytest.raises(BrokenTable, match=says) as broken:
        read(line)

    assert broken.value.line == 2
