"""What moved is told, what chance made is not."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from classifier.drift import Aspect, Compared, Tally, compare, means_chance, rates_chance


def a_tally(cases: int, confidence: float = 0.8, override: float = 0.1, deviation: float = 0.1) -> Tally:
    squares = cases * (confidence**2 + deviation**2)
    return Tally(cases, cases * confidence, round(cases * override), squares)


def moved(found: Iterable[Compared]) -> set[tuple[str, Aspect]]:
    return {(one.category, one.aspect) for one in found if one.moved}


def test_the_chance_of_two_rates_is_that_of_the_tables():
    # Fisher's tea: of eight cups four each, three taken rightly: 17 of 70, on either side.
    assert rates_chance((3, 4), (1, 4)) == pytest.approx(2 * 17 / 70)
    assert rates_chance((4, 4), (0, 4)) == pytest.approx(2 / 70)
    assert rates_chance((5, 50), (50, 500)) == 1
    assert rates_chance((0, 9), (0, 5)) == 1


def test_the_chance_of_two_means_is_that_of_the_tables():
    # Student's t of 1.96 at 198 degrees of freedom, two-sided.
    first, second = a_tally(100, 0.5), a_tally(100, 0.5 + 1.96 * 0.1 / np.sqrt(49.5))

    assert means_chance(first, second) == pytest.approx(0.0514, abs=1e-4)


def test_confidences_without_their_squares_need_a_wider_gap():
    kept, not_kept = a_tally(30, 0.8), Tally(30, 24.0, 3)

    assert means_chance(kept, a_tally(30, 0.7)) < means_chance(not_kept, a_tally(30, 0.7))


def test_one_ticket_says_nothing_of_a_mean():
    assert means_chance(a_tally(1, 0.1), a_tally(500, 0.9)) == 1


def test_what_became_common_has_moved():
    then = {"heating": a_tally(50), "noise": a_tally(950)}
    now = {"heating": a_tally(120), "noise": a_tally(880)}

    found = {one.category: one for one in compare(then, now) if one.aspect is Aspect.SHARE}

    assert (found["heating"].then, found["heating"].now) == (0.05, 0.12)
    assert found["heating"].moved
    assert found["noise"].moved


def test_a_matter_that_nobody_was_taught_has_moved():
    then, now = {"noise": a_tally(1000)}, {"noise": a_tally(1000), "locusts": a_tally(40)}

    assert ("locusts", Aspect.SHARE) in moved(compare(then, now))


def test_a_category_that_falls_silent_has_moved():
    then, now = {"noise": a_tally(900), "heating": a_tally(100)}, {"noise": a_tally(900)}

    assert ("heating", Aspect.SHARE) in moved(compare(then, now))


def test_a_difference_too_small_to_matter_has_not_moved_however_sure_it_is():
    then = {"heating": a_tally(20_000), "noise": a_tally(80_000)}
    now = {"heating": a_tally(22_000), "noise": a_tally(78_000)}

    found = compare(then, now)

    assert min(one.chance for one in found) < 1e-9
    assert moved(found) == set()


def test_less_sure_and_more_overruled_are_told_apart():
    then, unsure = {"noise": a_tally(200)}, {"noise": a_tally(200, confidence=0.6)}
    overruled = {"noise": a_tally(200, override=0.3)}

    assert moved(compare(then, unsure)) == {("noise", Aspect.CONFIDENCE)}
    assert moved(compare(then, overruled)) == {("noise", Aspect.OVERRIDE)}


def test_few_tickets_say_nothing():
    then = {"noise": a_tally(1000)}
    now = {"noise": a_tally(19, confidence=0.2, override=1)}

    assert moved(compare(then, now)) == set()


def test_nothing_is_compared_with_nothing():
    assert compare({}, {"noise": a_tally(100)}) == []
    assert compare({"noise": a_tally(100)}, {}) == []


tallies = st.builds(
    a_tally,
    st.integers(0, 400),
    st.sampled_from([0.3, 0.5, 0.8, 0.95]),
    st.sampled_from([0.0, 0.1, 0.3]),
    st.sampled_from([0.0, 0.05, 0.2]),
)
sides = st.dictionaries(st.sampled_from("abcdef"), tallies, max_size=6)


def cases(side: dict[str, Tally]) -> int:
    return sum(one.cases for one in side.values())


@given(sides, sides)
def test_then_and_now_may_change_places(then, now):
    there, back = compare(then, now), compare(now, then)

    assert [one.chance for one in there] == pytest.approx([one.chance for one in back])
    kept = {one for one in moved(there) if one[1] is not Aspect.SHARE}
    assert kept == {one for one in moved(back) if one[1] is not Aspect.SHARE}


@given(sides)
def test_what_stays_as_it_is_has_not_moved(side):
    assert moved(compare(side, side)) == set()


def many(side: dict[str, Tally], times: int) -> dict[str, Tally]:
    return {
        code: Tally(one.cases * times, one.sure * times, one.overruled * times, (one.squares or 0) * times)
        for code, one in side.items()
    }


@settings(deadline=None)
@given(sides, sides, st.integers(2, 5))
def test_more_of_the_same_turns_no_alarm_off(then, now, times):
    assert moved(compare(then, now)) <= moved(compare(many(then, times), many(now, times)))


@settings(deadline=None)
@given(sides, sides)
def test_a_chance_is_a_chance(then, now):
    assert all(0 <= one.chance <= 1 for one in compare(then, now))


@given(sides, sides)
def test_the_shares_are_of_all(then, now):
    assume(cases(then) and cases(now))

    shares = [one for one in compare(then, now) if one.aspect is Aspect.SHARE]

    assert sum(one.then for one in shares) == pytest.approx(1)
    assert sum(one.now for one in shares) == pytest.approx(1)


@pytest.mark.parametrize(("taught", "week"), [(300, 600), (4000, 1000), (200, 200)])
def test_where_nothing_moved_hardly_a_week_raises_an_alarm(taught, week):
    """Of many cities in which then and now are alike, at most one in twenty is alarmed."""
    chance = np.random.default_rng(1)
    weights = chance.dirichlet(np.full(40, 0.3))
    wrong = chance.uniform(0, 0.4, 40)

    def draw(number: int) -> dict[str, Tally]:
        side = {}
        for code, count in enumerate(chance.multinomial(number, weights)):
            sure = chance.beta(5 * (1 - wrong[code]), 1, count)
            overruled = int(chance.binomial(count, wrong[code]))
            side[str(code)] = Tally(int(count), float(sure.sum()), overruled, float((sure**2).sum()))
        return side

    alarmed = sum(bool(moved(compare(draw(taught), draw(week)))) for _ in range(200))

    assert alarmed <= 10
