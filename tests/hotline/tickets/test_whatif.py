"""What if: under the rules in force every clock comes out as it did, under others as those would have it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import inspect, text

from hotline import runtime
from hotline.cities.city import City
from hotline.lifecycle import Action
from hotline.models.ticket import Kind, Ticket, Urgency
from hotline.simulation import demo
from hotline.tickets import applications, handling, intake, timeline, whistling
from hotline.tickets.proof.story import Timed
from hotline.tickets.whatif.replaying import Answer, Question, replay, size
from hotline.tickets.whatif.supposed import suppose
from hotline.tickets.whatif.tallies import EVERYONE, HOTLINE, Tally
from hotline.work import SYSTEM, Work
from sla import Calendars
from sla.policy import ClockRules, ResolveStart, Stage
from tests.builders import (
    A_RESULT,
    AGENT,
    HANDLER,
    HOUR,
    LEAD,
    OTHER,
    REVIEWER,
    STREET_HANDLER,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    a_street_ticket,
    an_accepted_ticket,
    by,
)
from tests.hotline.tickets.deeds import A_WHISTLE, DEEDS, closing_on, lives, sweep, with_target
from tests.hotline.tickets.test_lives import the_next
from tests.support.town import started

DAY = timedelta(days=1)


def asked(work: Work, city: City, *, whole: bool = True) -> Answer:
    work.session.flush()
    today = work.city.calendar.day_of(work.now)
    return replay(work, Question(today - 700 * DAY, today, city, whole))


def tally_of(answer: Answer, stage: Stage | None = Stage.RESOLVE, department: str = EVERYONE) -> Tally:
    return next(one for one in answer.tallies if (one.stage, one.department) == (stage, department))


def under(work: Work, **rules: object) -> Work:
    """The same work in a city whose clocks follow these rules."""
    policy = replace(work.city.policy, rules=replace(work.city.policy.rules, **rules))
    return replace(work, city=replace(work.city, policy=policy))


def resolved(work: Work, ticket: Ticket, *, after: timedelta) -> Work:
    """The result comes some time later, and the ticket is over."""
    work = by(work, HANDLER, after=after)
    handling.resolve(work, ticket, A_RESULT)
    DEEDS[Action.ACCEPT_RESULT](by(work, REVIEWER), ticket)
    DEEDS[Action.WITHDRAW](by(work, AGENT), ticket)
    return work


def an_amendment(rng: Random) -> intake.Amendment:
    return intake.Amendment(rng.choice(tuple(Kind)), rng.choice(tuple(Urgency)), addition="又来电")


RULES = (
    ClockRules(),
    ClockRules(resolve_starts=ResolveStart.ACCEPT),
    ClockRules(resolve_starts=ResolveStart.NEXT_DAY),
    ClockRules(return_stops_resolve=True),
    ClockRules(suspension_pauses=False),
)


@pytest.mark.parametrize("rules", RULES, ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_under_the_rules_in_force_every_clock_comes_out_as_it_did(work, session, seed, rules):
    work = under(work, **vars(rules))
    rng = Random(seed)
    ticket = a_logged_ticket(work)
    for _ in range(30):
        work = by(work, AGENT, after=rng.randrange(1, 40) * HOUR)
        sweep(work)
        person, action = the_next(rng, work, ticket)
        if action is Action.AMEND:
            intake.amend(by(work, person), ticket, an_amendment(rng), reason="核实")
        else:
            DEEDS[action](by(work, person), ticket)

    answer = asked(work, work.city)

    assert (answer.changed, answer.flips) == (0, [])
    assert answer.tickets >= 1


def test_lives_in_which_every_action_happens_come_out_as_they_did(work):
    tickets = list(lives(work))

    answer = asked(by(work, AGENT, after=400 * DAY), work.city)

    assert (answer.changed, answer.flips) == (0, [])
    assert answer.tickets >= len(tickets)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory, city: City) -> Iterator[None]:
    with started(tmp_path_factory.mktemp("whatif"), city) as settings:
        demo.fill(settings, tickets=60, days=20, seed=7)
        yield


def test_a_simulated_city_comes_out_as_its_rows_say(simulated: None):
    with runtime.view(SYSTEM) as work:
        answer = asked(work, work.city)
        kept = text("SELECT count(*) FROM deadlines WHERE outcome IN ('met', 'late')")
        judged = work.session.scalar(kept)

    assert (answer.changed, answer.flips) == (0, [])
    assert answer.tickets >= 60
    overdue = tally_of(answer, None).before.denominator - judged
    assert 0 <= overdue < judged


def test_a_shorter_time_turns_a_result_late_and_the_breach_is_its_departments(work):
    ticket = a_contacted_ticket(work)
    work = resolved(work, ticket, after=3 * DAY)

    answer = asked(work, with_target(work, Stage.RESOLVE, "1wd").city)

    [flip] = answer.flips
    assert (flip.number, flip.stage, flip.department, flip.late) == (ticket.number, Stage.RESOLVE, LEAD, True)
    assert flip.after < flip.settled_at < flip.before
    for department in (LEAD, EVERYONE):
        tally = tally_of(answer, department=department)
        assert (tally.before.numerator, tally.after.numerator, tally.after.denominator) == (0, 1, 1)
        assert (tally.to_late, tally.to_met) == (1, 0)
        assert tally.slack_after < timedelta() < tally.slack_before
    assert tally_of(answer, Stage.DISPATCH, HOTLINE).before.denominator == 1


def test_a_longer_time_would_have_met_what_was_late(work):
    ticket = a_contacted_ticket(work)
    work = resolved(work, ticket, after=20 * DAY)

    answer = asked(work, with_target(work, Stage.RESOLVE, "30wd").city)

    assert [(one.number, one.late) for one in answer.flips] == [(ticket.number, False)]
    assert tally_of(answer).to_met == 1


def test_a_clock_that_did_not_exist_is_reckoned_from_what_would_have_started_it(work):
    ticket = a_contacted_ticket(with_target(work, Stage.RESOLVE, "none"))
    work = resolved(work, ticket, after=3 * DAY)
    without = with_target(work, Stage.RESOLVE, "none")

    answer = asked(without, with_target(work, Stage.RESOLVE, "24h").city)

    [flip] = answer.flips
    assert flip.before is None
    assert flip.after == ticket.logged_at + DAY
    assert tally_of(answer).before.denominator == 0


def test_a_stage_without_a_clock_is_late_for_nobody(work):
    ticket = a_contacted_ticket(work)
    work = resolved(work, ticket, after=20 * DAY)

    answer = asked(work, with_target(work, Stage.RESOLVE, "none").city)

    [flip] = answer.flips
    assert (flip.after, flip.late) == (None, False)
    assert tally_of(answer).after.denominator == 0


def test_where_suspension_pauses_nothing_the_wait_counts(work):
    ticket = a_contacted_ticket(work)
    DEEDS[Action.REQUEST_SUSPENSION](by(work, HANDLER), ticket)
    DEEDS[Action.GRANT_SUSPENSION](by(work, REVIEWER), ticket)
    work = by(work, REVIEWER, after=13 * DAY)
    DEEDS[Action.RESUME](work, ticket)
    work = resolved(work, ticket, after=HOUR)

    answer = asked(work, under(work, suspension_pauses=False).city)

    assert [(one.stage, one.late) for one in answer.flips] == [(Stage.RESOLVE, True)]


def test_a_clock_that_starts_with_acceptance_forgives_the_wait_for_it(work):
    work = with_target(work, Stage.RESOLVE, "24h")
    ticket = a_dispatched_ticket(work)
    work = by(work, HANDLER, after=20 * HOUR)
    handling.accept(work, ticket)
    DEEDS[Action.CONTACT](work, ticket)
    work = resolved(work, ticket, after=10 * HOUR)

    answer = asked(work, under(work, resolve_starts=ResolveStart.ACCEPT).city)

    assert [(one.stage, one.late) for one in answer.flips] == [(Stage.RESOLVE, False)]
    assert answer.flips[0].after - answer.flips[0].before == 20 * HOUR


def replays(work: Work, ticket: Ticket, allowance: str) -> list[Timed]:
    """Return the clocks of a ticket where every rule gives its result this time."""
    ledger = timeline.ledgers(work, [ticket.id])[ticket.id]
    return suppose(work, ledger, with_target(work, Stage.RESOLVE, allowance).city).clocks


def an_extended_ticket(work: Work, amount: str) -> Ticket:
    ticket = a_contacted_ticket(work)
    applications.request_extension(
        by(work, HANDLER), ticket, amount=amount, reason="material", text="等待灯具到货"
    )
    DEEDS[Action.GRANT_EXTENSION](by(work, REVIEWER), ticket)
    return ticket


@pytest.mark.parametrize(
    ("allowance", "days"),
    [
        # A Tuesday, 10:00: five workdays end on the next Tuesday; two more on Thursday.
        pytest.param("5wd", 9, id="in its own unit, both together"),
        # 120 hours end on Sunday; two workdays after that on Tuesday.
        pytest.param("120h", 7, id="in another, from where the allowance ends"),
    ],
)
def test_an_extension_that_was_granted_stays(work, allowance, days):
    ticket = an_extended_ticket(work, "2wd")
    work = resolved(work, ticket, after=30 * DAY)

    answer = asked(work, with_target(work, Stage.RESOLVE, allowance).city)

    [clock] = [one for one in replays(work, ticket, allowance) if one.stage is Stage.RESOLVE]
    assert answer.flips == []
    assert clock.due_at.astimezone(work.city.zone).date() == work.city.calendar.day_of(
        ticket.logged_at
    ) + timedelta(days=days)


def test_an_amended_case_has_the_times_of_what_it_became(work):
    ticket = a_contacted_ticket(work)
    intake.amend(by(work, AGENT), ticket, intake.Amendment(urgency=Urgency.URGENT), reason="有危险")
    work = resolved(work, ticket, after=30 * HOUR)
    normal = with_target(work, Stage.RESOLVE, "7wd")

    answer = asked(work, normal.city)

    # As urgent it had 24 hours from the amendment on; where urgency changes nothing, seven workdays.
    assert [(one.stage, one.late) for one in answer.flips] == [(Stage.RESOLVE, False)]


def test_other_hours_move_what_counts_working_time(work):
    ticket = a_contacted_ticket(work)
    work = resolved(work, ticket, after=10 * DAY)  # a Friday, 10:00; seven workdays ended on Thursday

    answer = asked(work, closing_on(work, ticket.logged_at.date() + DAY).city)

    assert [(one.stage, one.late) for one in answer.flips] == [(Stage.RESOLVE, False)]


def test_a_department_is_judged_by_its_own_hours(work):
    ticket = a_contacted_ticket(with_target(work, Stage.RESOLVE, "8wh"))
    work = resolved(work, ticket, after=30 * HOUR)  # the next afternoon, when eight hours were up at noon
    mine = with_target(work, Stage.RESOLVE, "8wh")
    mornings = replace(work.city.calendar, shifts=work.city.calendar.shifts[:1])

    def late(office: str) -> list[bool]:
        city = replace(mine.city, calendars=Calendars(work.city.calendar, {office: mornings}))
        return [one.late for one in asked(mine, city).flips if one.stage is Stage.RESOLVE]

    assert late(LEAD) == [False]
    assert late(OTHER) == []


@pytest.mark.parametrize(
    ("asked_for", "longest", "due_in"),
    [
        pytest.param("2h", "5h", 5, id="who asked for the longest has the longest"),
        pytest.param("1h", "5h", 1, id="who asked for less has what he asked for"),
        pytest.param("90m", "1h", 1, id="at most the longest"),
    ],
)
def test_how_soon_one_must_come_is_what_was_asked_for_and_no_longer_than_is_supposed(
    work, asked_for, longest, due_in
):
    ticket = a_street_ticket(work)
    DEEDS[Action.ACCEPT](by(work, STREET_HANDLER), ticket)
    whistling.whistle(by(work, STREET_HANDLER), ticket, replace(A_WHISTLE, within=asked_for))
    work.session.flush()

    ledger = timeline.ledgers(work, [ticket.id])[ticket.id]
    story = suppose(work, ledger, with_target(work, Stage.ARRIVE, longest).city)

    [clock] = story.running(Stage.ARRIVE)
    assert story.due_of(clock) == work.now + due_in * HOUR


def test_what_the_rows_say_by_rules_of_then_is_counted_apart(work):
    ticket = a_contacted_ticket(with_target(work, Stage.RESOLVE, "1wd"))
    work = resolved(work, ticket, after=3 * DAY)

    answer = asked(work, work.city)

    assert (answer.changed, answer.examples) == (1, [ticket.number])
    assert answer.flips == []


def test_only_what_is_over_is_asked_unless_the_open_are_wanted_too(work):
    an_accepted_ticket(work)
    work = by(work, AGENT, after=20 * DAY)
    today = work.city.calendar.day_of(work.now)
    over = Question(today - 30 * DAY, today, work.city)
    work.session.flush()

    everything = replay(work, replace(over, whole=True))

    assert size(work, over) == 0
    assert replay(work, over).tallies == []
    assert size(work, replace(over, whole=True)) == everything.tickets == 1
    assert tally_of(everything).before.numerator == 1  # nobody has settled it, and it is overdue


def test_the_days_of_the_question_are_those_of_registration(work):
    ticket = a_logged_ticket(work)
    day = work.city.calendar.day_of(ticket.logged_at)
    work.session.flush()

    def asked_of(first: int, last: int) -> int:
        return size(work, Question(day + first * DAY, day + last * DAY, work.city, whole=True))

    assert (asked_of(-1, -1), asked_of(0, 0), asked_of(1, 1)) == (0, 1, 0)


def test_nothing_is_written(work):
    list(lives(work))
    work.session.flush()

    before = everything(work)
    asked(by(work, AGENT, after=DAY), with_target(work, Stage.RESOLVE, "1h").city)

    assert not work.session.dirty
    assert everything(work) == before


def everything(work: Work) -> dict[str, list[str]]:
    """Return every row of every table."""
    connection = work.session.connection()
    tables = inspect(connection).get_table_names()
    return {name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"')))) for name in tables}
