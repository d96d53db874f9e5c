"""派单质量: a return that is granted is the dispatcher's fault, one that is refused the department's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.tickets import dispatch_quality, dispatching, disputes, returnable, returns, scorecard
from hotline.tickets.dispatch_quality import Asked, By, Figure
from hotline.tickets.dispatching import Choice
from hotline.tickets.returnable import ReturnRequest
from hotline.tickets.scorecard import Rate
from tests.builders import (
    DAY,
    DISPATCHER,
    LEAD,
    LEADER,
    OTHER,
    OTHER_LEADER,
    SUPERVISOR,
    a_dispatched_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import NOT_OURS

SINCE = NOW - DAY


def kept(work):
    return a_dispatched_ticket(work)


def misdirected(work, after=timedelta()):
    """Dispatched wrong, given back, and dispatched right two days after it was first."""
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER, after=after), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER, after=after), ticket, granted=True, text="")
    dispatching.dispatch(by(work, DISPATCHER, after=2 * DAY), ticket, Choice(OTHER))
    return ticket


def refused(work):
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER), ticket, granted=False, text="目录写明由你单位办")
    return ticket


def row(work, split, key):
    return {one.key: one for one in dispatch_quality.quality(work, SINCE, split)}[key]


@pytest.mark.parametrize(
    ("split", "key"), [(By.DEPARTMENT, LEAD), (By.DISPATCHER, DISPATCHER.user_id), (By.CATEGORY, "0204")]
)
def test_each_side_is_charged_with_its_own_faults(work, split, key):
    for build in (kept, misdirected, refused):
        assert build(work).category_code == "0204"

    found = row(work, split, key)

    assert (found.accuracy, found.returns) == (Rate(2, 3), Rate(1, 2))
    assert found.hops == 4
    assert found.lost == pytest.approx(2)


def test_the_accuracy_is_the_one_of_the_board(work):
    for build in (kept, misdirected, refused, kept):
        build(work)

    for split in By:
        total = dispatch_quality.sum_of(dispatch_quality.quality(work, SINCE, split))
        assert total.accuracy == scorecard.first_dispatch_accuracy(work, SINCE)


def test_a_ruling_that_confirms_the_department_counts_its_dispatch_once(work):
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    disputes.open_dispute(by(work, SUPERVISOR), ticket, text="会商")
    disputes.write_minutes(by(work, SUPERVISOR), ticket, text="由城管局主办")
    disputes.designate(by(work, SUPERVISOR), ticket, department=LEAD, text="照纪要")

    found = row(work, By.DEPARTMENT, LEAD)

    assert (found.accuracy, found.returns, found.lost) == (Rate(1, 1), Rate(0, 0), 0)


def test_a_return_that_the_ruling_bears_out_was_right_though_the_desk_refused_it(work):
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER), ticket, granted=False, text="目录写明由你单位主办")
    returns.request_return(by(work, LEADER), ticket, replace(NOT_OURS, suggested="D-SL"))
    returns.decide_return(by(work, DISPATCHER), ticket, granted=False, text="也不归水利局")
    assert row(work, By.DEPARTMENT, LEAD).returns == Rate(0, 2)
    disputes.write_minutes(by(work, SUPERVISOR), ticket, text="由交通局主办")

    disputes.designate(by(work, SUPERVISOR), ticket, department=OTHER, text="照纪要")

    assert row(work, By.DEPARTMENT, LEAD).returns == Rate(2, 2)
    listed = dispatch_quality.tickets_of(work, Asked(Figure.GRANTED, SINCE, By.DEPARTMENT, LEAD))
    assert [piece.ticket for piece in listed.pieces] == [ticket, ticket]


def test_a_return_keeps_who_had_dispatched_what_is_given_back(work):
    ticket = misdirected(work)
    returns.request_return(
        by(work, OTHER_LEADER, after=2 * DAY), ticket, ReturnRequest("elements_missing", "")
    )

    asked = returnable.returned_by(work, ticket)

    assert [one.dispatched_by_id for one in asked] == [DISPATCHER.user_id] * 2


@pytest.mark.parametrize("split", By)
def test_every_figure_lists_as_many_tickets_as_it_says(work, split):
    for build in (kept, misdirected, refused, misdirected):
        build(work)

    for one in dispatch_quality.quality(work, SINCE, split):
        listed = {
            figure: dispatch_quality.tickets_of(work, Asked(figure, SINCE, split, one.key))
            for figure in Figure
        }
        assert {figure: len(found.pieces) for figure, found in listed.items()} == {
            Figure.DISPATCHED: one.accuracy.denominator,
            Figure.KEPT: one.accuracy.numerator,
            Figure.WRONG: one.accuracy.denominator - one.accuracy.numerator,
            Figure.GRANTED: one.returns.numerator,
            Figure.REFUSED: one.returns.denominator - one.returns.numerator,
        }


def test_a_long_list_goes_on_where_it_stopped(work):
    tickets = [kept(by(work, DISPATCHER, after=timedelta(minutes=one))) for one in range(3)]
    asked = Asked(Figure.KEPT, SINCE)

    first = dispatch_quality.tickets_of(work, asked, size=2)
    second = dispatch_quality.tickets_of(work, asked, after=first.after, size=2)

    listed = [piece.ticket for page in (first, second) for piece in page.pieces]
    assert listed == tickets[::-1]
    assert (first.rate, second.after) == (Rate(3, 3), None)
