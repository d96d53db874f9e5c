"""Counts, tabs and pages never disagree: each figure is the length of its list."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

import pytest

from hotline.lifecycle import Status
from hotline.models.ticket import Kind, Urgency
from hotline.tickets import evidence, scorecard, supervision, worklists
from hotline.tickets.evidence import Event, Question, Share
from hotline.tickets.scorecard import Measure
from hotline.tickets.tabs import tabs
from hotline.tickets.worklists import Filter
from tests.builders import (
    AGENT,
    DAY,
    HANDLER,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    SUPERVISOR,
    a_dispatched_ticket,
    a_logged_ticket,
    an_accepted_ticket,
    by,
)
from tests.hotline.tickets.deeds import lives


def pages(work, narrowed=None, size=3):
    """Every ticket of a list, page by page."""
    found, after = [], None
    while True:
        page = worklists.page(work, narrowed or Filter(), after=after, size=size)
        found += page.tickets
        if page.after is None:
            return found
        assert len(page.tickets) == size
        after = page.after


@pytest.fixture(scope="module")
def many(standing):
    """Tickets of all sorts, in all sorts of places, some without a clock; three days later."""
    work, rng = standing, Random(7)
    list(lives(work))
    for _ in range(14):
        at = by(work, AGENT, after=timedelta(hours=rng.randrange(200)))
        build = rng.choice([a_logged_ticket, a_dispatched_ticket, an_accepted_ticket])
        ticket = build(at, kind=rng.choice(list(Kind)), urgency=rng.choice(list(Urgency)))
        if rng.random() < 0.3 and ticket.lead_code:
            supervision.supervise(by(at, SUPERVISOR), ticket, text="限期")
    return replace(work, now=work.now + 3 * DAY)


def test_least_time_left_comes_first_and_what_has_no_clock_last(many):
    dues = [ticket.next_due_at for ticket in pages(many)]

    ticking = [due for due in dues if due is not None]
    assert ticking == sorted(ticking)
    assert None in dues
    assert dues[len(ticking) :] == [None] * (len(dues) - len(ticking))


@pytest.mark.parametrize("size", [1, 2, 5, 50])
def test_paging_loses_nothing_and_repeats_nothing(many, size):
    found = [ticket.id for ticket in pages(many, size=size)]

    assert len(found) == len(set(found)) == worklists.counts(many, ["all"])["all"]


@pytest.mark.parametrize("actor", [AGENT, HANDLER, OTHER_HANDLER])
def test_every_tab_counts_what_it_lists(many, actor):
    desk = replace(many, actor=actor)
    names = list(tabs(desk))

    for asked in (names, [name for name in names if name not in {"all", "closed", "ended"}]):
        counted = worklists.counts(desk, asked)
        assert counted == {name: len(pages(desk, Filter(tab=name))) for name in asked}


@pytest.mark.parametrize(
    "narrowed",
    [
        Filter(lead=LEAD),
        Filter(lead=OTHER),
        Filter(status=Status.DISPATCHED),
        Filter(status=Status.CLOSED),
        Filter(category="02"),
        Filter(category="03"),
        Filter(urgency="critical"),
        Filter(area="990101"),
        Filter(words="路灯"),
        Filter(words="路灯 一直"),
        Filter(words="没有这样的词"),
        Filter(words="20261124"),
        Filter(words="000003"),
        Filter(words="100%_"),
        Filter(due="overdue"),
        Filter(due="today"),
        Filter(due="soon", lead=LEAD),
    ],
)
def test_every_filter_counts_what_it_lists(many, narrowed):
    names = ["all", "open", "overdue", "to_dispatch", "closed"]

    counted = worklists.counts(many, names, narrowed)

    assert counted == {name: len(pages(many, replace(narrowed, tab=name))) for name in names}


def test_a_leader_sees_what_the_handlers_of_his_department_see(many):
    by_leader, by_handler = (pages(replace(many, actor=actor)) for actor in (LEADER, HANDLER))

    assert by_leader == by_handler


def test_every_status_on_the_board_counts_what_its_list_holds(many):
    board = scorecard.by_status(many)

    assert set(board) == set(Status)
    assert board == {status: len(pages(many, Filter(status=status))) for status in Status}


def test_every_square_of_the_heat_table_is_the_length_of_its_lists(many):
    table = scorecard.heat(many)

    assert LEAD in table
    for lead, squares in table.items():
        for status, cell in squares.items():
            lists = [Filter(lead=lead, status=status, due=due) for due in (None, "overdue", "soon")]
            assert [cell.number, cell.overdue, cell.soon] == [len(pages(many, one)) for one in lists]


def test_every_figure_of_a_department_is_the_sum_of_its_squares(many):
    rows = scorecard.read(many, many.now - 30 * DAY).departments
    table = scorecard.heat(many)

    assert {row.code for row in rows} >= set(table)
    for row in rows:
        assert row.load.number == sum(cell.number for cell in table.get(row.code, {}).values())


def test_every_day_of_the_trend_counts_what_its_lists_hold(many):
    later = replace(many, now=many.now + 8 * DAY)

    days = scorecard.trend(later)

    assert sum(day.logged for day in days) > 0
    for day in days:
        since = datetime.combine(day.day, time.min, later.city.zone)
        assert day.logged == len(pages(later, Filter(since=since, until=since + DAY)))
        assert day.closed == len(of_day(later, Event.CLOSED, day.day))
        assert day.overdue == len(of_day(later, Event.RAN_OUT, day.day))


def of_day(work, event, day):
    return in_pieces(lambda after: evidence.of_day(work, event, day, after=after, size=3))


def in_pieces(page):
    """Every row of a figure's evidence, page by page."""
    found, after = [], None
    while True:
        shown = page(after)
        found += shown.pieces
        if shown.after is None:
            return found
        after = shown.after


@pytest.mark.parametrize("department", [None, LEAD, OTHER])
@pytest.mark.parametrize("measure", Measure)
def test_every_rate_is_the_length_of_its_lists(many, measure, department):
    later = replace(many, now=many.now + 8 * DAY)
    question = Question(measure, later.now - 60 * DAY, department)

    lists = {
        share: in_pieces(
            lambda after, share=share: evidence.evidence(later, question, share, after=after, size=3)
        )
        for share in Share
    }
    rate = evidence.evidence(later, question).rate

    assert (rate.numerator, rate.denominator) == (len(lists[Share.MET]), len(lists[Share.ALL]))
    assert len(lists[Share.MISSED]) == rate.denominator - rate.numerator


def test_the_rates_of_the_board_are_those_that_can_be_listed(many):
    later = replace(many, now=many.now + 8 * DAY)
    since = later.now - 60 * DAY
    board = scorecard.read(later, since)

    def listed(measure, department=None):
        return evidence.evidence(later, Question(measure, since, department)).rate

    assert board.on_time == scorecard.on_time(later, since) == listed(Measure.ON_TIME)
    assert scorecard.first_dispatch_accuracy(later, since) == listed(Measure.FIRST_DISPATCH)
    assert board.rates == scorecard.rates(later, since)
    assert board.rates.response == listed(Measure.RESPONSE)
    for row in board.departments:
        assert row.on_time == listed(Measure.ON_TIME, row.code)
        assert row.rates.satisfaction == listed(Measure.SATISFACTION, row.code)
