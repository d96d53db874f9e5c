"""The calendar: one proposes, another applies, every clock that it touches follows and says so."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.cities.calendar_files import Handed
from hotline.cities.calendars import LocalException
from hotline.errors import InvalidInput, NotAllowed
from hotline.lifecycle import Action
from hotline.models.calendar import CalendarStanding, CalendarVersion
from hotline.models.deadline import Deadline
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.tickets import deadlines, orders, promises, timeline, upkeep
from hotline.tickets.calendars import applying, following, proposing, versions
from hotline.tickets.calendars.applying import Delivery
from hotline.tickets.calendars.effect import Effect, effect_of
from hotline.tickets.orders import Demand
from hotline.tickets.verification import verify
from hotline.web.passports import explained
from hotline.work import SYSTEM, Work
from sla import DayKind
from sla.policy import Stage
from tests.builders import (
    ADMIN,
    AGENT,
    DAY,
    FOLLOWER,
    HANDLER,
    HOUR,
    REVIEWER,
    SUPERVISOR,
    a_contacted_ticket,
    a_resolved_ticket,
    by,
)
from tests.hotline.tickets.deeds import DEEDS, live, sweep, with_target
from tests.support.notices import a_notice, as_in_force, handed, new_year_2027

# A Tuesday, 10:00 in 滨海; 2027 is known by its weekdays only.
DECEMBER = datetime(2026, 12, 15, 2, 0, tzinfo=UTC)
FIFTEENTH = datetime(2027, 1, 5, 10, 0, tzinfo=UTC)
TYPHOON = LocalException(closes=True, first=date(2026, 11, 25), last=date(2026, 11, 26), reason="台风停工")


@pytest.fixture
def work(work: Work) -> Work:
    """The calendar of the profile is in force."""
    applying.deliver(by(work, SYSTEM))
    return as_in_force(work)


@pytest.fixture
def december(work: Work) -> Work:
    """Halfway through December, in a city that gives fifteen working days."""
    return with_target(replace(work, now=DECEMBER), Stage.RESOLVE, "15wd")


def resolve_clock(work: Work, ticket: Ticket) -> Deadline:
    return next(one for one in deadlines.running(work, ticket) if one.stage is Stage.RESOLVE)


def proposed(work: Work, notice: Handed) -> tuple[CalendarVersion, Effect]:
    supervisor = by(work, SUPERVISOR)
    change = proposing.of_file(supervisor, notice)
    effect = effect_of(supervisor, proposing.city_under(supervisor, change), change.touch)
    return proposing.propose(supervisor, change, effect, because="公布了"), effect


def closing(work: Work, exception: LocalException = TYPHOON) -> tuple[CalendarVersion, Effect]:
    supervisor = by(work, SUPERVISOR)
    change = proposing.of_exception(supervisor, exception)
    effect = effect_of(supervisor, proposing.city_under(supervisor, change), change.touch)
    return proposing.propose(supervisor, change, effect, because=exception.reason), effect


def applied(work: Work, proposal: CalendarVersion) -> Work:
    """The admin applies, and the background has every ticket follow. Returns the work of the next moment."""
    applying.apply(by(work, ADMIN), proposal.id)
    return followed(as_in_force(work), proposal.id)


def followed(work: Work, version_id: int) -> Work:
    system = by(work, SYSTEM)
    while ids := following.next_tickets(system, version_id, limit=2):
        for ticket_id in ids:
            following.follow(system, ticket_id)
        following.keep_place(system, version_id, ids[-1])
    following.finish(system, version_id)
    return work


def telling(work: Work, ticket: Ticket) -> list[tuple[str, str | None]]:
    """What was promised to be told because clocks of this ticket moved."""
    messages = work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [
        (one.kind, one.payload.get("department"))
        for one in messages
        if (one.payload.get("ticket"), one.payload.get("action")) == (ticket.id, Action.RECKON)
    ]


def test_a_deadline_beyond_the_official_days_is_provisional(december: Work) -> None:
    clock = resolve_clock(december, a_contacted_ticket(december))

    assert (clock.due_at, clock.provisional) == (FIFTEENTH, True)


def test_the_notice_moves_the_provisional_deadline_on_the_record(december: Work, tmp_path: Path) -> None:
    ticket = a_contacted_ticket(december)
    proposal, effect = proposed(december, handed(tmp_path, new_year_2027()))
    assert effect.counts == {"open": 1, "moved": 1, "overdue": 0, "relieved": 0}
    assert resolve_clock(december, ticket).due_at == FIFTEENTH

    work = applied(december, proposal)

    clock = resolve_clock(work, ticket)
    assert (clock.due_at, clock.provisional) == (FIFTEENTH + DAY, False)
    [entry] = timeline.acted(work, ticket, Action.RECKON)
    assert entry.details["calendar"] == proposal.number == 2
    assert entry.details["moved"] == {"resolve/1/1": [FIFTEENTH.isoformat(), (FIFTEENTH + DAY).isoformat()]}
    assert list(verify(by(work, SYSTEM))) == []


def test_a_deadline_that_stays_is_no_longer_provisional_and_no_entry_says_it_moved(
    december: Work, tmp_path: Path
) -> None:
    ticket = a_contacted_ticket(december)
    proposal, effect = proposed(december, handed(tmp_path, a_notice(2027, {"春节": [date(2027, 2, 8)]})))

    work = applied(december, proposal)

    assert effect.moved == 0
    assert not resolve_clock(work, ticket).provisional
    assert timeline.acted(work, ticket, Action.RECKON) == []


def test_a_year_that_is_announced_is_official_to_its_last_ordinary_day(
    december: Work, tmp_path: Path
) -> None:
    proposal, _ = proposed(december, handed(tmp_path, new_year_2027()))

    calendar = applied(december, proposal).city.calendar

    assert calendar.official_until == date(2027, 12, 31)
    assert calendar.kind_of(date(2027, 1, 9)) is DayKind.MAKEUP
    assert calendar.name_of(date(2027, 1, 1)) == "元旦"


def test_the_caller_hears_once_of_a_later_moment_and_the_department_of_any(
    december: Work, tmp_path: Path
) -> None:
    ticket = a_contacted_ticket(december)
    proposal, _ = proposed(december, handed(tmp_path, new_year_2027()))
    work = applied(december, proposal)

    followed(work, proposal.id)

    assert telling(work, ticket) == [(promises.TELL_CALLER, None), (promises.TELL_DEPARTMENT, "D-CG")]


def test_a_caller_whose_moment_comes_earlier_is_not_bothered(work: Work) -> None:
    ticket = a_contacted_ticket(work)
    saturday = LocalException(closes=False, first=date(2026, 11, 28), last=date(2026, 11, 28), reason="补班")
    proposal, effect = closing(work, saturday)

    work = applied(work, proposal)

    assert effect.moved == 1
    assert telling(work, ticket) == [(promises.TELL_DEPARTMENT, "D-CG")]


def test_what_becomes_overdue_by_it_breaches_as_usual(work: Work) -> None:
    ticket = a_contacted_ticket(work)
    due = resolve_clock(work, ticket).due_at
    assert due is not None
    saturday = LocalException(closes=False, first=date(2026, 11, 28), last=date(2026, 11, 28), reason="补班")
    late = replace(work, now=due - HOUR)

    proposal, effect = closing(late, saturday)
    late = applied(late, proposal)

    assert effect.counts == {"open": 1, "moved": 1, "overdue": 1, "relieved": 0}
    assert sweep(late) == 1
    assert len(timeline.acted(late, ticket, Action.BREACH)) == 1


def test_what_stops_being_overdue_is_counted(work: Work) -> None:
    ticket = a_contacted_ticket(work)
    due = resolve_clock(work, ticket).due_at
    assert due is not None

    _, effect = closing(replace(work, now=due + HOUR))

    assert (effect.moved, effect.overdue, effect.relieved) == (1, 0, 1)
    assert [(line.before, line.after) for line in effect.lines] == [(due, due + 2 * DAY + 2 * DAY)]
    assert effect.departments == {"D-CG": 1}


def test_a_local_closing_holds_for_the_departments_that_it_names(work: Work) -> None:
    ticket = a_contacted_ticket(work)
    proposal, effect = closing(work, replace(TYPHOON, departments=("D-JT",)))

    work = applied(work, proposal)

    assert effect.moved == 0
    assert work.city.calendars.of("D-JT").kind_of(TYPHOON.first) is DayKind.CLOSED
    assert work.city.calendars.of(ticket.lead_code).is_workday(TYPHOON.first)


@pytest.mark.parametrize("actor", [SUPERVISOR, AGENT, HANDLER, SYSTEM])
def test_it_takes_a_second_person_of_the_right_desk_to_apply(work: Work, actor: object) -> None:
    proposal, _ = closing(work)

    with pytest.raises(NotAllowed):
        applying.apply(replace(work, actor=actor), proposal.id)

    assert proposal.standing is CalendarStanding.PROPOSED
    assert as_in_force(work).city.calendar.is_workday(TYPHOON.first)


def test_what_was_decided_is_not_decided_again(work: Work) -> None:
    given_up, _ = closing(work)
    applying.drop(by(work, SUPERVISOR), given_up.id)
    proposal, _ = closing(work)
    work = applied(work, proposal)

    for decided in (given_up, proposal):
        with pytest.raises(InvalidInput) as refused:
            applying.apply(by(work, ADMIN), decided.id)
        assert refused.value.fields == {"stamp": "already_decided"}
    assert (given_up.standing, given_up.number) == (CalendarStanding.DROPPED, None)


def test_whoever_looked_at_another_calendar_looks_again(december: Work, tmp_path: Path) -> None:
    notice, _ = proposed(december, handed(tmp_path, new_year_2027()))
    seen = applying.stamp_of(december, notice)
    typhoon, _ = closing(december)
    work = applied(december, typhoon)

    with pytest.raises(InvalidInput) as refused:
        applying.apply(by(work, ADMIN), notice.id, seen=seen)

    assert refused.value.fields == {"stamp": "calendar_changed"}


def test_hours_that_were_written_before_others_do_not_undo_them(work: Work) -> None:
    first, _ = closing(work)
    second, _ = closing(work, replace(TYPHOON, reason="洪水"))
    work = applied(work, first)

    with pytest.raises(InvalidInput) as refused:
        applying.apply(by(work, ADMIN), second.id)

    assert refused.value.fields == {"stamp": "hours_changed"}


def test_every_earlier_calendar_can_be_asked(december: Work, tmp_path: Path) -> None:
    before = december.city.calendars
    work = applied(december, proposed(december, handed(tmp_path, new_year_2027()))[0])
    with_notice = work.city.calendars
    work = applied(work, closing(work)[0])
    corrected = "day,works,name\n2027-01-01,yes,\n"
    work = applied(work, proposed(work, handed(tmp_path, corrected, "改.csv", source="更正"))[0])

    assert versions.calendars_at(work, 1) == before
    assert versions.calendars_at(work, 2) == with_notice
    assert versions.calendars_at(work, 3).city.kind_of(TYPHOON.first) is DayKind.CLOSED
    assert not versions.calendars_at(work, 3).city.is_workday(date(2027, 1, 1))
    assert versions.calendars_at(work, 4) is work.city.calendars
    assert work.city.calendar.is_workday(date(2027, 1, 1))


def test_a_year_may_not_be_left_out(december: Work, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        proposed(december, handed(tmp_path, a_notice(2028, {"元旦": [date(2028, 1, 1)]}), "2028.json"))

    assert refused.value.fields == {"file": "calendar_gap:2027-01-01"}


def test_a_file_that_says_what_is_known_is_refused(work: Work, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        proposed(work, handed(tmp_path, "day,works,name\n2026-11-24,yes,\n", "一天.csv"))
    assert refused.value.fields == {"file": "calendar_same"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('zone = "Mars"\nshifts = [["09:00", "18:00"]]\n', "broken_calendar:calendar.toml:1: zone must be"),
        ("zone = [\n", "broken_calendar:calendar.toml"),
        (
            'zone = "Asia/Shanghai"\nshifts = [["09:00", "18:00"]]\n'
            '[[closed]]\nday = 2026-07-01\ndepartments = ["D-NONE"]\n',
            "broken_calendar:calendar.toml: no department has the code 'D-NONE'",
        ),
        (
            'zone = "Asia/Shanghai"\nshifts = [["09:00", "18:00"]]\n[[hours]]\n'
            'shifts = []\nweekdays = ["mon", "tue", "wed", "thu", "fri"]\n',
            "calendar_never_open",
        ),
    ],
)
def test_hours_that_cannot_be_are_refused_with_their_place(
    work: Work, tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        proposed(work, handed(tmp_path, text, "calendar.toml"))
    assert refused.value.fields["file"].startswith(said)


def test_the_profile_s_calendar_is_entered_once_and_then_proposed(work: Work) -> None:
    assert applying.deliver(by(work, SYSTEM)) is Delivery.KNOWN
    commented = replace(work.city, profile_hours=f"# 备注\n{work.city.profile_hours}")
    assert applying.deliver(replace(by(work, SYSTEM), city=commented)) is Delivery.KNOWN

    summer = work.city.profile_hours.replace("18:00", "18:30")
    changed = replace(by(work, SYSTEM), city=replace(work.city, profile_hours=summer))
    assert applying.deliver(changed) is Delivery.PROPOSED
    assert applying.deliver(changed) is Delivery.KNOWN

    [waiting] = versions.proposed(work)
    assert (waiting.proposed_by, waiting.version.changes_hours) == (None, True)
    assert as_in_force(work).city.hours == work.city.hours
    assert work.session.scalar(select(func.count()).select_from(CalendarVersion)) == 2


def test_following_goes_on_where_it_was_broken_off(december: Work, tmp_path: Path) -> None:
    tickets = [a_contacted_ticket(december) for _ in range(3)]
    proposal, _ = proposed(december, handed(tmp_path, new_year_2027()))
    applying.apply(by(december, ADMIN), proposal.id)
    work = as_in_force(december)
    system = by(work, SYSTEM)
    first = following.next_tickets(system, proposal.id, limit=1)
    following.follow(system, first[0])

    followed(work, proposal.id)

    assert [len(timeline.acted(work, one, Action.RECKON)) for one in tickets] == [1, 1, 1]
    assert following.is_done(system, proposal.id)


def test_no_day_without_data_stops_anything(work: Work) -> None:
    far = with_target(replace(work, now=datetime(2198, 12, 30, 2, tzinfo=UTC)), Stage.RESOLVE, "15wd")

    clock = resolve_clock(far, a_contacted_ticket(far))

    assert clock.provisional
    assert clock.due_at is not None
    assert clock.due_at.year == 2199


@pytest.mark.parametrize(("day", "warns"), [((10, 31), False), ((11, 1), True), ((12, 31), True)])
def test_a_warning_comes_sixty_days_before_the_official_days_end(
    work: Work, day: tuple[int, int], warns: bool
) -> None:
    end = upkeep.calendar_end(replace(work, now=datetime(2026, *day, 2, tzinfo=UTC)))

    assert end.warns is warns


def test_the_passport_of_a_settled_clock_is_that_of_its_own_calendar(december: Work, tmp_path: Path) -> None:
    ticket = a_resolved_ticket(december)
    [settled] = [one for one in deadlines.all_of(december, ticket) if one.stage is Stage.RESOLVE]
    proposal, _ = proposed(december, handed(tmp_path, new_year_2027()))

    work = applied(december, proposal)

    shown = explained(work, settled, timeline.spells(work, ticket)).arithmetic
    assert (shown.due, shown.provisional) == (settled.due_at, True)
    assert shown.counted == shown.granted


def test_the_order_that_outlives_its_closed_ticket_follows_too(december: Work, tmp_path: Path) -> None:
    late = replace(december, now=DECEMBER + 13 * DAY)
    ticket = a_resolved_ticket(late)
    orders.issue(by(late, SUPERVISOR), ticket, Demand("书面说明为何超时", within="5wd"))
    live(late, ticket, (REVIEWER, Action.ACCEPT_RESULT))
    DEEDS[Action.CLOSE](by(late, FOLLOWER), ticket)
    [clock] = deadlines.running(late, ticket)
    due = clock.due_at
    proposal, effect = proposed(late, handed(tmp_path, new_year_2027()))

    work = applied(late, proposal)

    assert (effect.moved, clock.due_at) == (1, due + DAY)
    assert list(verify(by(work, SYSTEM))) == []


def test_who_applies_second_undoes_nothing_of_the_first(work: Work, tmp_path: Path) -> None:
    """His work began before the first had ended, in the city as it was then."""
    typhoon, _ = closing(work)
    notice, _ = proposed(work, handed(tmp_path, new_year_2027()))
    applying.apply(by(work, ADMIN), typhoon.id)

    applying.apply(by(work, ADMIN), notice.id)

    assert as_in_force(work).city.calendar.kind_of(TYPHOON.first) is DayKind.CLOSED


def test_hours_that_were_made_from_older_ones_are_not_applied(work: Work) -> None:
    supervisor = by(work, SUPERVISOR)
    change = proposing.of_exception(
        supervisor, replace(TYPHOON, first=date(2026, 12, 1), last=date(2026, 12, 1))
    )
    effect = effect_of(supervisor, proposing.city_under(supervisor, change), change.touch)
    typhoon, _ = closing(work)
    applying.apply(by(work, ADMIN), typhoon.id)

    late = proposing.propose(as_in_force(supervisor), change, effect, because="another closure")

    with pytest.raises(InvalidInput, match="hours_changed"):
        applying.apply(by(as_in_force(work), ADMIN), late.id)


def test_what_did_not_follow_is_found_again(december: Work, tmp_path: Path) -> None:
    ticket = a_contacted_ticket(december)
    proposal, _ = proposed(december, handed(tmp_path, new_year_2027()))
    applying.apply(by(december, ADMIN), proposal.id)
    work = by(as_in_force(december), SYSTEM)
    following.keep_place(work, proposal.id, ticket.id)

    assert following.next_tickets(work, proposal.id, limit=9) == []
    assert following.left_behind(work, proposal.id, limit=9) == [ticket.id]

    following.follow(work, ticket.id)

    assert following.left_behind(work, proposal.id, limit=9) == []
