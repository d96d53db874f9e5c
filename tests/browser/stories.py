"""Tickets further on in their lives than those of tests.builders, and steps that several stories share."""

from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from classifier import Span
from hotline.cities.calendars import LocalException
from hotline.jobs.tasks import put_in_inbox
from hotline.models.calendar import CalendarVersion
from hotline.models.follow_up import Contacted, Solved
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.tickets import (
    alerting,
    applications,
    dispatching,
    disputes,
    followup,
    handing,
    handling,
    intake,
    merging,
    orders,
    returns,
    review,
    splitting,
    supervision,
    suspension,
    whistling,
)
from hotline.tickets.calendars import applying, proposing
from hotline.tickets.calendars.effect import effect_of
from hotline.tickets.catalogues import drafting
from hotline.tickets.catalogues import versions as catalogues
from hotline.tickets.catalogues.drafting import Why
from hotline.tickets.promises import TELL_DESK
from hotline.tickets.returnable import ReturnRequest
from hotline.work import SYSTEM, Work
from tests.browser.site import Site
from tests.builders import (
    A_RESULT,
    AGENT,
    DISPATCHER,
    DISTRICT,
    DISTRICT_HANDLER,
    FOLLOWER,
    HANDLER,
    LEAD,
    LEADER,
    OTHER,
    REVIEWER,
    STREET_HANDLER,
    SUPERVISOR,
    a_call,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    a_street_ticket,
    a_ticket_to_follow_up,
    an_accepted_ticket,
    by,
    fresh_key,
)
from tests.support.notices import as_in_force


def about_a_bench(work: Work) -> Ticket:
    """Make a ticket that a search finds alone among all those about lamps."""
    return a_logged_ticket(work, content="公园喷泉边的长椅断了一条腿，老人坐上去会摔。")


def a_draft(work: Work) -> Ticket:
    """Publish the catalogue of the profile where none is, and draft one that sends this ticket elsewhere."""
    ticket = a_dispatched_ticket(work)
    catalogues.deliver(work)
    supervisor = by(work, SUPERVISOR)
    if catalogues.draft(work) is None:
        old = next(one for one in work.city.catalogue_text.lines if one["category"] == ticket.category_code)
        moved = {**old, "lead": OTHER, "minimum_level": "city"}
        drafting.put(supervisor, moved, Why("路灯移交交通部门"), replaces=old)
        told = {"text": "楼道口的路灯整夜闪", "address": "", "category": old["category"], "lead": LEAD}
        drafting.put_example(supervisor, told, Why("移交前的样例"))
    return ticket


def a_typhoon(work: Work) -> Ticket:
    """Enter the calendar where none is, and propose to close on the days in which this ticket falls due."""
    ticket = a_contacted_ticket(work)
    applying.deliver(by(work, SYSTEM))
    supervisor, today = by(as_in_force(work), SUPERVISOR), work.city.calendar.day_of(work.now)
    typhoon = LocalException(
        closes=True,
        first=today + timedelta(days=1),
        last=today + timedelta(days=2),
        reason="台风停工",
        departments=(LEAD,),
    )
    change = proposing.of_exception(supervisor, typhoon)
    effect = effect_of(supervisor, proposing.city_under(supervisor, change), change.touch)
    proposing.propose(supervisor, change, effect, because=typhoon.reason)
    return ticket


def last_proposal(work: Work) -> int:
    """Return the version of the calendar that was proposed last, 0 where none was."""
    return work.session.scalar(select(func.max(CalendarVersion.id))) or 0


def one_of_several(work: Work) -> Ticket:
    """Make calls about one and the same matter, and return the first."""
    first, *_ = [a_logged_ticket(work) for _ in range(3)]
    return first


def drafted(work: Work) -> Ticket:
    """Make a ticket whose handler wants to give it back; his leader has not signed yet."""
    ticket = a_dispatched_ticket(work)
    request = ReturnRequest("not_our_duty", "派单目录第 12 条", "由交通部门管", OTHER, "灯杆编号 J-07")
    returns.draft_return(by(work, HANDLER), ticket, request)
    return ticket


def of_two_matters(work: Work) -> Ticket:
    """Make a ticket that must become two."""
    said = "小区门口的路灯坏了半个月。另外楼下的垃圾堆了一个星期没有人来收。"
    return a_logged_ticket(work, content=said)


def split(work: Work) -> Ticket:
    ticket = of_two_matters(work)
    cut = ticket.content.index("另外")
    pieces = [splitting.Piece(Span(0, cut)), splitting.Piece(Span(cut, len(ticket.content)))]
    splitting.split(by(work, DISPATCHER), ticket, pieces)
    return ticket


def late_for_long(work: Work) -> Ticket:
    """Dispatched three weeks ago and left alone: every rung that fits has fired."""
    ticket = a_dispatched_ticket(replace(work, now=work.now - timedelta(days=21)))
    alerting.raise_due(work.by(SYSTEM), alerting.due_ids(work, most=100))
    return ticket


def asked_back(work: Work) -> Ticket:
    """Make a ticket whose department says that it belongs to another."""
    ticket = a_dispatched_ticket(work)
    request = ReturnRequest(
        "not_our_duty",
        basis="派单目录第 12 条",
        text="由交通部门管",
        suggested=OTHER,
        evidence="灯杆编号 J-07",
    )
    returns.request_return(by(work, LEADER), ticket, request)
    return ticket


def told_of_a_return(work: Work) -> Ticket:
    """Ask a ticket back, and fill the inbox of the dispatch desk as the worker does."""
    ticket = asked_back(work)
    work.session.flush()
    message = work.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == TELL_DESK)).all()[-1]
    put_in_inbox(work, message)
    return ticket


def disputed(work: Work) -> Ticket:
    ticket = asked_back(work)
    disputes.open_dispute(by(work, SUPERVISOR), ticket, text="两家都说明依据")
    return ticket


def convened(work: Work) -> Ticket:
    ticket = disputed(work)
    disputes.convene(
        by(work, SUPERVISOR),
        ticket,
        units=(LEAD, OTHER),
        meets_at=work.now + timedelta(days=1),
        text="带依据",
    )
    return ticket


def minuted(work: Work) -> Ticket:
    ticket = convened(work)
    disputes.write_minutes(by(work, SUPERVISOR), ticket, text="由交通局主办，城管局配合")
    return ticket


def asking_for_time(work: Work) -> Ticket:
    ticket = a_contacted_ticket(work)
    applications.request_extension(
        by(work, HANDLER), ticket, amount="3wd", reason="灯具要订货", text="已下单，三天后到货"
    )
    return ticket


def asking_to_wait(work: Work) -> Ticket:
    ticket = a_contacted_ticket(work)
    suspension.request_suspension(
        by(work, HANDLER),
        ticket,
        reason=next(iter(work.city.suspension.reasons)),
        text="等诉求人补照片",
        until=(work.now + timedelta(days=2)).astimezone(work.city.zone).date(),
    )
    return ticket


def waiting(work: Work) -> Ticket:
    ticket = asking_to_wait(work)
    suspension.decide_suspension(by(work, REVIEWER), ticket, granted=True, text="")
    return ticket


def asking_to_be_left_out(work: Work) -> Ticket:
    ticket = a_resolved_ticket(work)
    applications.request_exclusion(
        by(work, HANDLER), ticket, reason="诉求于法无据", basis="考核办法第八条", text="已书面告知"
    )
    return ticket


def put_off(work: Work) -> Ticket:
    ticket = an_accepted_ticket(work)
    later = (work.now + timedelta(days=20)).astimezone(work.city.zone).date()
    suspension.defer(by(work, SUPERVISOR), ticket, review_on=later, text="等明年改造计划")
    return ticket


def shared(work: Work) -> Ticket:
    """Make a ticket with which a second department helps."""
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, dispatching.Choice(LEAD, assisting=(OTHER,)))
    return ticket


def merged(work: Work) -> Ticket:
    into, ticket = a_logged_ticket(work), a_logged_ticket(work)
    merging.merge(by(work, DISPATCHER), ticket, into=into.number, reason="同一盏路灯")
    return ticket


def closed(work: Work) -> Ticket:
    ticket = a_ticket_to_follow_up(work)
    answers = followup.Answers(fresh_key(), True, Contacted.YES, Solved.YES, 5)
    followup.record_follow_up(by(work, FOLLOWER), ticket, answers)
    return ticket


def badly_answered(work: Work) -> Ticket:
    """Make a ticket that the caller was not content with; nobody has judged it yet."""
    ticket = a_ticket_to_follow_up(work)
    answers = followup.Answers(
        fresh_key(), True, Contacted.YES, Solved.NO, 1, reason="not_handled", comment="灯还是不亮"
    )
    followup.record_follow_up(by(work, FOLLOWER), ticket, answers)
    return ticket


def a_coded_ticket_to_follow_up(site: Site) -> tuple[str, str]:
    """Return number and retrieval code of a ticket whose result the caller may rate."""
    with site.work() as work:
        logged = intake.log(by(work, AGENT), a_call(), auto_lane=False)
        dispatching.dispatch(by(work, DISPATCHER), logged.ticket, dispatching.Choice(LEAD))
        handling.accept(by(work, HANDLER), logged.ticket)
        handling.contact(by(work, HANDLER), logged.ticket, reached=True, note="约好今晚到场")
        handling.resolve(by(work, HANDLER), logged.ticket, A_RESULT)
        review.accept_result(by(work, REVIEWER), logged.ticket)
        assert logged.code is not None
        return logged.ticket.number, logged.code


def sign_in(page: Page, login: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("工号").fill(login)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()


def look_up(page: Page, number: str, code: str) -> None:
    page.goto("/track")
    page.get_by_label("工单号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查进度").click()
    page.wait_for_load_state()


def shared_in_hand(work: Work) -> Ticket:
    """Make a ticket in hand on which another department still owes its opinion."""
    ticket = shared(work)
    handling.accept(by(work, HANDLER), ticket)
    return ticket


def handed_down(work: Work) -> Ticket:
    """Make a ticket that a bureau of the city handed down to that of a district."""
    ticket = an_accepted_ticket(work)
    handing.hand_down(by(work, HANDLER), ticket, department=DISTRICT)
    return ticket


def with_the_street(work: Work) -> Ticket:
    """Make a ticket that a subdistrict has in hand."""
    ticket = a_street_ticket(work)
    handling.accept(by(work, STREET_HANDLER), ticket)
    return ticket


def whistled(work: Work) -> Ticket:
    """Make a ticket for which a subdistrict calls a bureau to the spot."""
    ticket = with_the_street(work)
    call = whistling.Whistle([DISTRICT], "旧家具堵住楼道口，请带车来清运", "潮音街道 12 号院门口")
    whistling.whistle(by(work, STREET_HANDLER), ticket, call)
    return ticket


def arrived(work: Work) -> Ticket:
    """Make a ticket where the called bureau says that it came."""
    ticket = whistled(work)
    whistling.arrive(by(work, DISTRICT_HANDLER), ticket, who="执法中队 老赵等 2 人")
    return ticket


def ordered(work: Work) -> Ticket:
    """The supervisor waits for a reply; the caller has pressed for it, too."""
    ticket = an_accepted_ticket(work)
    supervision.urge(by(work, AGENT), ticket, text="又来电")
    demand = orders.Demand("请查明为何逾期，三日内修好，并书面说明。", "overdue")
    orders.issue(by(work, SUPERVISOR), ticket, demand)
    return ticket


def replied(work: Work) -> Ticket:
    ticket = ordered(work)
    orders.reply(by(work, LEADER), ticket, text="灯头今日到货，今晚更换。")
    return ticket
