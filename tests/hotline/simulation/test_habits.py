"""People are who they are: the same seed and ticket meet the same fate."""

from hotline.simulation.habits import Fate, diligence_of


def test_a_fate_does_not_depend_on_when_or_how_often_it_is_asked() -> None:
    asked = [Fate(1, "20261125000001", 1) for _ in range(2)]

    assert asked[0].share == asked[0].share == asked[1].share
    assert [fate.meets("urges", 0.5) for fate in asked] == [asked[0].meets("urges", 0.5)] * 2


def test_about_as_many_meet_a_thing_as_its_chance_says() -> None:
    met = sum(Fate(1, str(number), 1).meets("extends", 0.06) for number in range(5000))

    assert 0.04 < met / 5000 < 0.08


def test_departments_differ_and_stay_as_they_are() -> None:
    codes = [f"D-{number}" for number in range(40)]

    assert [diligence_of(1, code) for code in codes] == [diligence_of(1, code) for code in codes]
    assert len({diligence_of(1, code).slowness for code in codes}) > 3
