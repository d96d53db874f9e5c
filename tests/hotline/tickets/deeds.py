"""How each action is done when it can be done, and lives in which all of them happen."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from classifier import Span
from hotline.lifecycle import Action, Status
from hotline.models.follow_up import Contacted, Solved
from hotline.models.ticket import Ticket
from hotline.tickets import (
    alerting,
    applications,
    assigned,
    callers,
    deadlines,
    dispatching,
    disputes,
    followup,
    handing,
    handling,
    intake,
    joint,
    merging,
    orders,
    recalling,
    reckoning,
    returnable,
    returns,
    review,
    splitting,
    supervision,
    suspension,
    whistling,
)
from hotline.tickets.dispatching import Choice
from hotline.tickets.followup import CLOSE, SEND_BACK, Answers
from hotline.tickets.returnable import ReturnRequest
from hotline.work import SYSTEM, Work
from sla import Allowance, Calendars, Target
from sla.allowance import parse as parse_allowance
from sla.policy import Stage
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
    OTHER_HANDLER,
    OTHER_LEADER,
    REVIEWER,
    SECOND_REVIEWER,
    STREET_HANDLER,
    SUPERVISOR,
    a_logged_ticket,
    a_street_ticket,
    by,
    fresh_key,
)

NOT_OURS = ReturnRequest("not_our_duty", "《城市道路管理条例》第六条", "属交通设施", OTHER, "灯杆编号 J-07")
NOT_THEIRS = ReturnRequest("not_our_duty", "《城市照明管理规定》第四条", "属路灯", "D-SL", "灯杆编号 L-12")
A_WEEK = timedelta(days=7)
A_CATEGORY = "0101"

GOOD = Answers("", reached=True, contacted=Contacted.YES, solved=Solved.YES, satisfied=5)
BAD = replace(GOOD, solved=Solved.NO, satisfied=1, reason="not_handled", comment="路灯还是不亮")
DISAGREES = replace(BAD, reason="policy")
UNREACHED = Answers("", reached=False)


def answers(like: Answers) -> Answers:
    """These answers, from a form of their own."""
    return replace(like, request_key=fresh_key())


def in_days(work: Work, days: int) -> date:
    return work.city.calendar.day_of(work.now + timedelta(days=days))


def with_target(work: Work, stage: Stage, allowance: str) -> Work:
    """The same work in a city whose every rule gives `stage` this allowance, or "none"."""
    given = None if allowance == "none" else parse_allowance(allowance)
    targets = tuple(
        replace(
            target, allowances={**target.allowances, stage: given}, extension=_fitting(target, stage, given)
        )
        for target in work.city.policy.targets
    )
    return replace(work, city=replace(work.city, policy=replace(work.city.policy, targets=targets)))


def _fitting(target: Target, stage: Stage, given: Allowance | None) -> Allowance | None:
    """The extension of a rule, none where it has another unit than the result's time that is given."""
    extension = target.extension
    fits = stage is not Stage.RESOLVE or given is None or extension is None or extension.unit is given.unit
    return extension if fits else None


def closing_on(work: Work, day: date) -> Work:
    """The same work in a city whose calendar closes on this day, as it did not before."""
    calendar = replace(work.city.calendar, holidays=work.city.calendar.holidays | {day})
    return replace(work, city=replace(work.city, calendars=Calendars(calendar)))


def sweep(work: Work) -> int:
    """Raise whatever alert has fallen due; tell how many."""
    raised = 0
    while (deadline_id := alerting.next_due_id(work)) is not None:
        raised += alerting.raise_alert(work.by(SYSTEM), deadline_id)
    return raised


def halves(ticket: Ticket) -> list[splitting.Piece]:
    """What it says, cut in the middle."""
    middle = len(ticket.content) // 2
    return [
        splitting.Piece(Span(0, middle)),
        splitting.Piece(Span(middle, len(ticket.content)), category=A_CATEGORY),
    ]


def another_ticket(work: Work) -> Ticket:
    return a_logged_ticket(work, identity=callers.Identity("李四", "13900000002"))


def ask_extension(work: Work, ticket: Ticket) -> None:
    clocks = [one for one in deadlines.running(work, ticket) if one.stage == Stage.RESOLVE]
    unit = clocks[0].allowance.lstrip("0123456789") if clocks else "wd"
    applications.request_extension(work, ticket, amount=f"1{unit}", reason="material", text="等待灯具到货")


def ask_suspension(work: Work, ticket: Ticket) -> None:
    suspension.request_suspension(
        work, ticket, reason="outside_event", text="连日降雨，不能登高作业", until=in_days(work, 3)
    )


def ask_exclusion(work: Work, ticket: Ticket) -> None:
    applications.request_exclusion(
        work, ticket, reason="beyond_power", basis="市政府会议纪要〔2026〕12 号", text="涉及历史遗留问题"
    )


def follow_up_badly(step: str) -> Callable[[Work, Ticket], object]:
    """Judge the bad answer that stands, or take one and judge it."""

    def do(work: Work, ticket: Ticket) -> object:
        said = BAD if step == SEND_BACK else DISAGREES
        if followup.last_answer(work, ticket):
            return followup.conclude_standing(work, ticket, step=step, reason=said.reason, text="已核实")
        return followup.record_follow_up(work, ticket, answers(said), step=step)

    return do


def dispatch(work: Work, ticket: Ticket) -> None:
    """Dispatch it to the first that did not give it back before another did."""
    free = [one for one in (LEAD, OTHER, "D-GA") if not returnable.goes_to_and_fro(work, ticket, one)]
    dispatching.dispatch(work, ticket, Choice(free[0], (free[1],)))


def a_new_ground(work: Work, ticket: Ticket) -> ReturnRequest:
    """Point to someone to whom nobody pointed on this ticket, and who did not give it back."""
    asked = returnable.returned_by(work, ticket)
    named = {one.suggested_code for one in asked} | {one.department_code for one in asked}
    others = (OTHER, "D-SL", LEAD, "D-GA", "D-ZJ", "D-SW")
    suggested = next(one for one in others if one not in {*named, work.actor.department_code})
    return replace(NOT_OURS, suggested=suggested)


def give_opinion(work: Work, ticket: Ticket) -> None:
    part = disputes.part_to_speak(work, ticket)
    disputes.give_opinion(work, ticket, opinion="可以配合", department=part.department_code)


A_REPORT = handing.Report("solved", "更换灯头两只", "两盏路灯已修好，今晚起照明。")
A_WHISTLE = whistling.Whistle([DISTRICT], "灯杆倾斜，需要断电扶正", "潮音街道 12 号院门口")
# Complete also where someone still has time for an opinion.
A_HASTY_RESULT = replace(A_RESULT, without="已当面商定")


def hand_down(work: Work, ticket: Ticket) -> None:
    """The bureau of the city to that of the district, everyone else to people of their own."""
    if work.actor.department_code == LEAD and ticket.status is not Status.DISPUTED:
        handing.hand_down(work, ticket, department=DISTRICT)
    else:
        handing.hand_down(work, ticket, to="照明所")


def add_assisting(work: Work, ticket: Ticket) -> None:
    has_part = assigned.taking_part(work, ticket)
    someone = next(one.code for one in work.city.departments if one.code not in has_part)
    joint.add_assisting(work, ticket, department=someone, text="须同时断电")


def release(work: Work, ticket: Ticket) -> None:
    owing = [one for one in joint.opinions(work, ticket) if not (one.part.answered_at or one.part.ended_at)]
    joint.release(work, ticket, department=owing[0].part.department_code if owing else "", text="不用断电了")


# Every action but LOG (a ticket begins with it) and those of the clock.
DEEDS: Mapping[Action, Callable[[Work, Ticket], object]] = {
    Action.AMEND: lambda work, ticket: intake.amend(
        work, ticket, intake.Amendment(addition="另一盏也不亮"), reason="诉求人补充"
    ),
    Action.ANSWER: lambda work, ticket: intake.answer(work, ticket, "路灯故障可拨打市政维修热线报修。"),
    Action.TRANSFER: lambda work, ticket: intake.transfer(work, ticket, "petition", "guidance"),
    Action.MERGE: lambda work, ticket: merging.merge(
        work, ticket, into=another_ticket(work).number, reason="同人同事"
    ),
    Action.UNMERGE: lambda work, ticket: merging.unmerge(work, ticket, reason="不是同一处"),
    Action.SPLIT: lambda work, ticket: splitting.split(work, ticket, halves(ticket)),
    Action.DISPATCH: dispatch,
    Action.RECALL: recalling.recall,
    Action.ACCEPT: handling.accept,
    Action.CONTACT: lambda work, ticket: handling.contact(work, ticket, reached=True, note="已说明今晚到场"),
    Action.DRAFT_RETURN: lambda work, ticket: returns.draft_return(work, ticket, a_new_ground(work, ticket)),
    Action.DROP_DRAFT: lambda work, ticket: returns.drop_draft(work, ticket, text="先去现场看"),
    Action.REQUEST_RETURN: lambda work, ticket: returns.request_return(
        work, ticket, a_new_ground(work, ticket)
    ),
    Action.GRANT_RETURN: lambda work, ticket: returns.decide_return(work, ticket, granted=True, text=""),
    Action.REFUSE_RETURN: lambda work, ticket: returns.decide_return(
        work, ticket, granted=False, text="属你单位职责"
    ),
    Action.OPEN_DISPUTE: lambda work, ticket: disputes.open_dispute(work, ticket, text="两家都不认"),
    Action.NAME_PROVISIONAL: lambda work, ticket: disputes.name_provisional(work, ticket, department=LEAD),
    Action.CONVENE: lambda work, ticket: disputes.convene(
        work, ticket, units=(LEAD, OTHER), meets_at=work.now + timedelta(days=1)
    ),
    Action.GIVE_OPINION: give_opinion,
    Action.WRITE_MINUTES: lambda work, ticket: disputes.write_minutes(work, ticket, text="由城管局主办"),
    Action.DESIGNATE: lambda work, ticket: disputes.designate(
        work, ticket, department=LEAD, text="按产权归属裁定"
    ),
    Action.REQUEST_EXTENSION: ask_extension,
    Action.GRANT_EXTENSION: lambda work, ticket: applications.decide_extension(
        work, ticket, granted=True, text=""
    ),
    Action.REFUSE_EXTENSION: lambda work, ticket: applications.decide_extension(
        work, ticket, granted=False, text="理由不充分"
    ),
    Action.REQUEST_SUSPENSION: ask_suspension,
    Action.GRANT_SUSPENSION: lambda work, ticket: suspension.decide_suspension(
        work, ticket, granted=True, text=""
    ),
    Action.REFUSE_SUSPENSION: lambda work, ticket: suspension.decide_suspension(
        work, ticket, granted=False, text="雨已停"
    ),
    Action.RESUME: suspension.resume,
    Action.DEFER: lambda work, ticket: suspension.defer(
        work, ticket, review_on=in_days(work, 60), text="待道路改造一并实施"
    ),
    Action.WRITE_OFF: suspension.write_off,
    Action.REQUEST_EXCLUSION: ask_exclusion,
    Action.GRANT_EXCLUSION: lambda work, ticket: applications.decide_exclusion(
        work, ticket, granted=True, text=""
    ),
    Action.REFUSE_EXCLUSION: lambda work, ticket: applications.decide_exclusion(
        work, ticket, granted=False, text="不符合剔除情形"
    ),
    Action.HAND_DOWN: hand_down,
    Action.GIVE_BACK: lambda work, ticket: handing.give_back(work, ticket, text="灯杆由市里统一管养"),
    Action.REPORT_UP: lambda work, ticket: handing.report_up(work, ticket, A_REPORT),
    Action.ASSIST: lambda work, ticket: joint.assist(work, ticket, opinion="占道施工许可可当日办理"),
    Action.DECLINE_PART: lambda work, ticket: joint.decline(
        work, ticket, reason="不占用车行道", basis="《城市道路管理条例》第六条"
    ),
    Action.ADD_ASSISTING: add_assisting,
    Action.RELEASE: release,
    Action.WHISTLE: lambda work, ticket: whistling.whistle(work, ticket, A_WHISTLE),
    Action.ARRIVE: lambda work, ticket: whistling.arrive(work, ticket, who="照明所 老赵"),
    Action.CONFIRM_ARRIVAL: lambda work, ticket: whistling.confirm_arrival(work, ticket, department=DISTRICT),
    Action.DENY_ARRIVAL: lambda work, ticket: whistling.deny_arrival(
        work, ticket, department=DISTRICT, text="现场没有见到人"
    ),
    Action.RESOLVE: lambda work, ticket: handling.resolve(work, ticket, A_HASTY_RESULT),
    Action.SEND_BACK_RESULT: lambda work, ticket: review.send_back_result(
        work, ticket, fault="no_evidence", text="请补现场照片"
    ),
    Action.ACCEPT_RESULT: review.accept_result,
    Action.ATTEMPT: lambda work, ticket: followup.record_follow_up(work, ticket, answers(BAD)),
    Action.CLOSE: follow_up_badly(CLOSE),
    Action.SEND_BACK: follow_up_badly(SEND_BACK),
    Action.REOPEN: lambda work, ticket: supervision.reopen(work, ticket, text="诉求人反映又坏了"),
    Action.WITHDRAW: lambda work, ticket: supervision.withdraw(work, ticket, reason="已自行解决"),
    Action.URGE: lambda work, ticket: supervision.urge(work, ticket, text="请尽快"),
    Action.SUPERVISE: lambda work, ticket: supervision.supervise(work, ticket, text="限三日内办结"),
    Action.REPLY_ORDER: lambda work, ticket: orders.reply(work, ticket, text="已到现场，明日修好"),
    Action.ACCEPT_REPLY: lambda work, ticket: orders.accept_reply(work, ticket, text="按此办理"),
    Action.REFUSE_REPLY: lambda work, ticket: orders.refuse_reply(work, ticket, text="没有写何时修好"),
    Action.CANCEL_ORDER: lambda work, ticket: orders.cancel(work, ticket, text="已当面说清"),
    Action.ESCALATE: lambda work, ticket: orders.escalate(work, ticket, text="请牵头限期解决"),
    Action.NOTE: lambda work, ticket: supervision.note(work, ticket, text="已电话提醒"),
    Action.REVEAL: lambda work, ticket: callers.reveal(work, ticket, "回拨核实"),
}


def live(work: Work, ticket: Ticket, *steps: tuple[object, Action]) -> Work:
    """Do these steps, an hour apart; return the work as it stands after the last."""
    for actor, action in steps:
        work = by(work, actor, after=timedelta(hours=1))  # type: ignore[arg-type]
        DEEDS[action](work, ticket)
    return work


def lives(work: Work) -> Iterator[Ticket]:
    """Tickets in whose ledgers every action stands at least once."""
    yield _a_handled_one(work)
    yield _a_disputed_one(work)
    yield _a_neglected_one(work)
    for action in (Action.ANSWER, Action.TRANSFER):
        ticket = a_logged_ticket(work)
        DEEDS[action](by(work, AGENT), ticket)
        yield ticket
    yield _a_merged_one(work)
    yield _a_recalled_one(work)
    yield _a_whistled_one(work)
    yield _one_with_a_wrong_helper(work)
    yield _a_supervised_one(work)


def _a_whistled_one(work: Work) -> Ticket:
    ticket = a_street_ticket(work)
    live(
        work,
        ticket,
        (STREET_HANDLER, Action.ACCEPT),
        (STREET_HANDLER, Action.WHISTLE),
        (DISTRICT_HANDLER, Action.ARRIVE),
        (STREET_HANDLER, Action.DENY_ARRIVAL),
        (DISTRICT_HANDLER, Action.ARRIVE),
        (STREET_HANDLER, Action.CONFIRM_ARRIVAL),
        (STREET_HANDLER, Action.CONTACT),
        (STREET_HANDLER, Action.RESOLVE),
    )
    return ticket


def _one_with_a_wrong_helper(work: Work) -> Ticket:
    ticket = a_logged_ticket(work)
    live(work, ticket, (DISPATCHER, Action.DISPATCH), (OTHER_HANDLER, Action.DECLINE_PART))
    return ticket


def _a_supervised_one(work: Work) -> Ticket:
    ticket = a_logged_ticket(work)
    live(
        work,
        ticket,
        (DISPATCHER, Action.DISPATCH),
        (SUPERVISOR, Action.SUPERVISE),
        (LEADER, Action.REPLY_ORDER),
        (SUPERVISOR, Action.REFUSE_REPLY),
        (SUPERVISOR, Action.CANCEL_ORDER),
        (SUPERVISOR, Action.SUPERVISE),
        (LEADER, Action.REPLY_ORDER),
        (SUPERVISOR, Action.ACCEPT_REPLY),
        (SUPERVISOR, Action.SUPERVISE),
        (SUPERVISOR, Action.ESCALATE),
        (AGENT, Action.WITHDRAW),
    )
    return ticket


def _a_handled_one(work: Work) -> Ticket:
    ticket = a_logged_ticket(work)
    to_the_end = (
        (HANDLER, Action.CONTACT),
        (LEADER, Action.RESOLVE),
        (REVIEWER, Action.ACCEPT_RESULT),
    )
    live(
        work,
        ticket,
        (AGENT, Action.AMEND),
        (DISPATCHER, Action.DISPATCH),
        (HANDLER, Action.ACCEPT),
        (OTHER_HANDLER, Action.ASSIST),
        (HANDLER, Action.CONTACT),
        (HANDLER, Action.HAND_DOWN),
        (DISTRICT_HANDLER, Action.HAND_DOWN),
        (DISTRICT_HANDLER, Action.GIVE_BACK),
        (HANDLER, Action.HAND_DOWN),
        (DISTRICT_HANDLER, Action.REPORT_UP),
        (HANDLER, Action.ADD_ASSISTING),
        (HANDLER, Action.RELEASE),
        (HANDLER, Action.REQUEST_EXTENSION),
        (REVIEWER, Action.REFUSE_EXTENSION),
        (HANDLER, Action.REQUEST_EXTENSION),
        (REVIEWER, Action.GRANT_EXTENSION),
        (HANDLER, Action.REQUEST_SUSPENSION),
        (REVIEWER, Action.REFUSE_SUSPENSION),
        (HANDLER, Action.REQUEST_SUSPENSION),
        (REVIEWER, Action.GRANT_SUSPENSION),
        (REVIEWER, Action.RESUME),
        (SUPERVISOR, Action.DEFER),
        (SUPERVISOR, Action.WRITE_OFF),
        (LEADER, Action.RESOLVE),
        (REVIEWER, Action.SEND_BACK_RESULT),
        (LEADER, Action.RESOLVE),
        (REVIEWER, Action.ACCEPT_RESULT),
        (FOLLOWER, Action.ATTEMPT),
        (FOLLOWER, Action.SEND_BACK),
        (HANDLER, Action.ACCEPT),
        *to_the_end,
        (HANDLER, Action.REQUEST_EXCLUSION),
        (REVIEWER, Action.REFUSE_EXCLUSION),
        (FOLLOWER, Action.CLOSE),
        (SUPERVISOR, Action.REOPEN),
        (HANDLER, Action.ACCEPT),
        *to_the_end,
        (HANDLER, Action.REQUEST_EXCLUSION),
        (REVIEWER, Action.GRANT_EXCLUSION),
        (SECOND_REVIEWER, Action.GRANT_EXCLUSION),
        (AGENT, Action.REVEAL),
    )
    return ticket


def _a_disputed_one(work: Work) -> Ticket:
    ticket = a_logged_ticket(work)
    live(
        work,
        ticket,
        (DISPATCHER, Action.DISPATCH),
        (HANDLER, Action.DRAFT_RETURN),
        (LEADER, Action.DROP_DRAFT),
        (HANDLER, Action.DRAFT_RETURN),
        (LEADER, Action.REQUEST_RETURN),
        (DISPATCHER, Action.REFUSE_RETURN),
        (HANDLER, Action.ACCEPT),
        (AGENT, Action.NOTE),
    )
    other = by(work, DISPATCHER, after=timedelta(hours=6))
    second = a_logged_ticket(other)
    live(
        other,
        second,
        (DISPATCHER, Action.DISPATCH),
        (LEADER, Action.REQUEST_RETURN),
        (DISPATCHER, Action.GRANT_RETURN),
    )
    dispatching.dispatch(by(other, DISPATCHER, after=timedelta(hours=4)), second, Choice(OTHER))
    live(
        by(other, SUPERVISOR, after=timedelta(hours=5)),
        second,
        (OTHER_LEADER, Action.REQUEST_RETURN),
        (SUPERVISOR, Action.OPEN_DISPUTE),
        (SUPERVISOR, Action.NAME_PROVISIONAL),
        (SUPERVISOR, Action.CONVENE),
        (OTHER_HANDLER, Action.GIVE_OPINION),
        (SUPERVISOR, Action.WRITE_MINUTES),
        (SUPERVISOR, Action.DESIGNATE),
        (AGENT, Action.URGE),
        (SUPERVISOR, Action.SUPERVISE),
    )
    return second


def _a_neglected_one(work: Work) -> Ticket:
    ticket = a_logged_ticket(work)
    live(work, ticket, (DISPATCHER, Action.DISPATCH))
    tomorrow = in_days(work, 1)
    reckoning.recompute(closing_on(by(work, SYSTEM, after=timedelta(hours=2)), tomorrow), ticket)
    for day in range(1, 15):
        sweep(by(work, AGENT, after=timedelta(days=day)))
    live(by(work, AGENT, after=timedelta(days=15)), ticket, (AGENT, Action.WITHDRAW))
    return ticket


def _a_merged_one(work: Work) -> Ticket:
    ticket = a_logged_ticket(work)
    live(
        work,
        ticket,
        (DISPATCHER, Action.SPLIT),
        (DISPATCHER, Action.DISPATCH),
        (DISPATCHER, Action.MERGE),
        (DISPATCHER, Action.UNMERGE),
    )
    return ticket


def _a_recalled_one(work: Work) -> Ticket:
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, (OTHER,)), recallable=True)
    recalling.recall(by(work, DISPATCHER, after=timedelta(seconds=4)), ticket)
    live(work, ticket, (DISPATCHER, Action.DISPATCH), (HANDLER, Action.ACCEPT))
    return ticket
