"""Every action of the lifecycle can be done by a form post of a permitted role, and by no other.

WARN, BREACH and RECKON are the system's alone: no form leads to them, see tests/hotline/jobs/test_sweeps.py
and tests/hotline/commands/test_recomputing.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask.testing import FlaskClient

from hotline.lifecycle import MOVES, Action, Status
from hotline.models.ticket import Ticket
from hotline.tickets import (
    applications,
    dispatching,
    disputes,
    followup,
    handing,
    handling,
    merging,
    orders,
    returns,
    suspension,
    timeline,
    whistling,
)
from hotline.tickets.returnable import ReturnRequest
from hotline.work import Actor, Work
from tests.builders import (
    A_RESULT,
    ADMIN,
    AGENT,
    DAY,
    DISPATCHER,
    DISTRICT,
    DISTRICT_HANDLER,
    FOLLOWER,
    HANDLER,
    LEAD,
    LEADER,
    OTHER,
    OTHER_HANDLER,
    REVIEWER,
    SECOND_REVIEWER,
    STREET_HANDLER,
    SUPERVISOR,
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
from tests.conftest import NOW
from tests.hotline.web.browsing import post

ClientAs = Callable[[Actor], FlaskClient]
SYSTEM_ONLY = frozenset({Action.WARN, Action.BREACH, Action.RECKON})
A_RETURN = ReturnRequest("not_our_duty", "职责目录第 3 条", "该处由交通部门管养", OTHER, "现场照片 2 张")
RETURN_FIELDS = {
    "reason": "not_our_duty",
    "basis": "职责目录",
    "suggested": OTHER,
    "evidence": "现场照片 2 张",
    "text": "不归我们",
}
A_CALL = {"content": "小区门口的路灯一直不亮", "address": "海澜区", "category": "0204", "kind": "complaint"}
ONE_MATTER = "小区门口的路灯一直不亮。"
BAD = {"reached": "1", "contacted": "yes", "solved": "no", "satisfied": "1", "reason": "not_handled"}


def with_draft(work: Work) -> Ticket:
    ticket = a_dispatched_ticket(work)
    returns.draft_return(by(work, HANDLER), ticket, A_RETURN)
    return ticket


def with_return(work: Work) -> Ticket:
    ticket = a_dispatched_ticket(work)
    returns.request_return(by(work, LEADER), ticket, A_RETURN)
    return ticket


def disputed(work: Work) -> Ticket:
    ticket = with_return(work)
    disputes.open_dispute(by(work, SUPERVISOR), ticket, text="双方都说不归自己")
    return ticket


def convened(work: Work) -> Ticket:
    ticket = disputed(work)
    disputes.convene(by(work, SUPERVISOR), ticket, units=[OTHER], meets_at=NOW + DAY)
    return ticket


def minuted(work: Work) -> Ticket:
    ticket = disputed(work)
    disputes.write_minutes(by(work, SUPERVISOR), ticket, text="由交通局主办")
    return ticket


def just_sent(work: Work) -> Ticket:
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, dispatching.Choice(LEAD), recallable=True)
    return ticket


def with_extension(work: Work) -> Ticket:
    ticket = an_accepted_ticket(work)
    applications.request_extension(
        by(work, HANDLER), ticket, amount="2wd", reason="备件采购", text="灯杆备件三天后到货"
    )
    return ticket


def with_suspension(work: Work) -> Ticket:
    ticket = an_accepted_ticket(work)
    until = (NOW + 3 * DAY).date()
    suspension.request_suspension(
        by(work, HANDLER), ticket, reason="caller_material", text="等照片", until=until
    )
    return ticket


def suspended(work: Work) -> Ticket:
    ticket = with_suspension(work)
    suspension.decide_suspension(by(work, REVIEWER), ticket, granted=True, text="")
    return ticket


def deferred(work: Work) -> Ticket:
    ticket = an_accepted_ticket(work)
    suspension.defer(by(work, SUPERVISOR), ticket, review_on=(NOW + 30 * DAY).date(), text="待规划")
    return ticket


def with_exclusion(work: Work) -> Ticket:
    ticket = a_resolved_ticket(work)
    applications.request_exclusion(
        by(work, HANDLER), ticket, reason="重复", basis="考核办法第 5 条", text="同一事项"
    )
    return ticket


def merged(work: Work) -> Ticket:
    parent, ticket = a_logged_ticket(work), a_logged_ticket(work)
    merging.merge(by(work, DISPATCHER), ticket, into=parent.number, reason="同一路灯")
    return ticket


def of_two_matters(work: Work) -> Ticket:
    return a_logged_ticket(work, content=f"{ONE_MATTER}另外楼下的垃圾堆了一周没有人收。")


def assisted(work: Work) -> Ticket:
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, dispatching.Choice(LEAD, [OTHER]))
    return ticket


def assisted_and_accepted(work: Work) -> Ticket:
    ticket = assisted(work)
    handling.accept(by(work, HANDLER), ticket)
    return ticket


def handed(work: Work) -> Ticket:
    ticket = an_accepted_ticket(work)
    handing.hand_down(by(work, HANDLER), ticket, department=DISTRICT)
    return ticket


def with_the_street(work: Work) -> Ticket:
    ticket = a_street_ticket(work)
    handling.accept(by(work, STREET_HANDLER), ticket)
    return ticket


def whistled(work: Work) -> Ticket:
    ticket = with_the_street(work)
    call = whistling.Whistle([DISTRICT], "旧家具堵住楼道口，须带车清运", "院门口")
    whistling.whistle(by(work, STREET_HANDLER), ticket, call)
    return ticket


def arrived(work: Work) -> Ticket:
    ticket = whistled(work)
    whistling.arrive(by(work, DISTRICT_HANDLER), ticket, who="执法中队 老赵")
    return ticket


def ordered(work: Work) -> Ticket:
    ticket = an_accepted_ticket(work)
    orders.issue(by(work, SUPERVISOR), ticket, orders.Demand("限三日内办结并书面说明"))
    return ticket


def answered(work: Work) -> Ticket:
    ticket = ordered(work)
    orders.reply(by(work, LEADER), ticket, text="今晚更换")
    return ticket


def closed(work: Work) -> Ticket:
    ticket = a_ticket_to_follow_up(work)
    good = followup.Answers(fresh_key(), True, followup.Contacted.YES, followup.Solved.YES, 5)
    followup.record_follow_up(by(work, FOLLOWER), ticket, good)
    return ticket


@dataclass(frozen=True)
class Deed:
    """One action by its form: on what ticket, by whom, where; `parent` adds the number of another."""

    make: Callable[[Work], Ticket]
    actor: Actor
    url: str
    fields: dict[str, str] = field(default_factory=dict)
    parent: bool = False


DEPARTMENT, DISPATCH, REVIEW = "/department/tickets/{}", "/dispatch/{}", "/review/{}"
SUPERVISE, TICKET = "/supervisor/tickets/{}", "/tickets/{}"
DEEDS: dict[Action, Deed] = {
    Action.LOG: Deed(a_logged_ticket, AGENT, "/agent/log", A_CALL),
    Action.AMEND: Deed(
        a_logged_ticket, AGENT, f"{TICKET}/amend", {"reason": "来电人更正", "addition": "是三盏灯"}
    ),
    Action.ANSWER: Deed(a_logged_ticket, AGENT, f"{TICKET}/answer", {"answer": "路灯每晚六点半亮"}),
    Action.TRANSFER: Deed(a_logged_ticket, AGENT, f"{TICKET}/transfer", {"target": "110", "mode": "one_key"}),
    Action.MERGE: Deed(a_logged_ticket, DISPATCHER, f"{DISPATCH}/merge", {"reason": "同一路灯"}, parent=True),
    Action.UNMERGE: Deed(merged, DISPATCHER, f"{DISPATCH}/unmerge", {"reason": "不是一处"}),
    Action.SPLIT: Deed(of_two_matters, DISPATCHER, f"{DISPATCH}/split", {"cuts": str(len(ONE_MATTER))}),
    Action.DISPATCH: Deed(a_logged_ticket, DISPATCHER, f"{DISPATCH}/send", {"lead": LEAD}),
    Action.RECALL: Deed(just_sent, DISPATCHER, f"{DISPATCH}/recall"),
    Action.ACCEPT: Deed(a_dispatched_ticket, HANDLER, f"{DEPARTMENT}/accept"),
    Action.CONTACT: Deed(
        an_accepted_ticket, HANDLER, f"{DEPARTMENT}/contact", {"reached": "yes", "note": "已说明"}
    ),
    Action.DRAFT_RETURN: Deed(a_dispatched_ticket, HANDLER, f"{DEPARTMENT}/return/draft", RETURN_FIELDS),
    Action.DROP_DRAFT: Deed(with_draft, LEADER, f"{DEPARTMENT}/return/drop", {"text": "先去现场"}),
    Action.REQUEST_RETURN: Deed(a_dispatched_ticket, LEADER, f"{DEPARTMENT}/return", RETURN_FIELDS),
    Action.GRANT_RETURN: Deed(with_return, DISPATCHER, "/dispatch/returns/{}", {"granted": "1"}),
    Action.REFUSE_RETURN: Deed(
        with_return, DISPATCHER, "/dispatch/returns/{}", {"granted": "0", "decision": "目录写明由你单位办"}
    ),
    Action.OPEN_DISPUTE: Deed(with_return, SUPERVISOR, f"{SUPERVISE}/dispute", {"text": "会商"}),
    Action.NAME_PROVISIONAL: Deed(disputed, SUPERVISOR, f"{SUPERVISE}/provisional", {"department": LEAD}),
    Action.CONVENE: Deed(
        disputed,
        SUPERVISOR,
        f"{SUPERVISE}/convene",
        {"units": OTHER, "meets_at": f"{NOW + DAY:%Y-%m-%dT%H:%M}"},
    ),
    Action.GIVE_OPINION: Deed(convened, OTHER_HANDLER, f"{DEPARTMENT}/opinion", {"opinion": "可以配合"}),
    Action.WRITE_MINUTES: Deed(disputed, SUPERVISOR, f"{SUPERVISE}/minutes", {"text": "由交通局主办"}),
    Action.DESIGNATE: Deed(
        minuted, SUPERVISOR, f"{SUPERVISE}/designate", {"department": OTHER, "text": "按权属裁定"}
    ),
    Action.REQUEST_EXTENSION: Deed(
        an_accepted_ticket,
        HANDLER,
        f"{DEPARTMENT}/extension",
        {"amount": "2wd", "reason": "备件采购", "text": "三天后到货"},
    ),
    Action.GRANT_EXTENSION: Deed(with_extension, REVIEWER, f"{REVIEW}/extension", {"decision": "grant"}),
    Action.REFUSE_EXTENSION: Deed(
        with_extension, REVIEWER, f"{REVIEW}/extension", {"decision": "refuse", "text": "理由不足"}
    ),
    Action.REQUEST_SUSPENSION: Deed(
        an_accepted_ticket,
        HANDLER,
        f"{DEPARTMENT}/suspension",
        {"reason": "caller_material", "until": f"{NOW + 3 * DAY:%Y-%m-%d}", "text": "等照片"},
    ),
    Action.GRANT_SUSPENSION: Deed(with_suspension, REVIEWER, f"{REVIEW}/suspension", {"decision": "grant"}),
    Action.REFUSE_SUSPENSION: Deed(
        with_suspension, REVIEWER, f"{REVIEW}/suspension", {"decision": "refuse", "text": "不必等"}
    ),
    Action.RESUME: Deed(suspended, REVIEWER, f"{REVIEW}/resume", {"note": "照片已到"}),
    Action.DEFER: Deed(
        an_accepted_ticket,
        SUPERVISOR,
        f"{SUPERVISE}/defer",
        {"review_on": f"{NOW + 30 * DAY:%Y-%m-%d}", "text": "待规划"},
    ),
    Action.WRITE_OFF: Deed(deferred, SUPERVISOR, f"{SUPERVISE}/write-off", {"note": "条件已具备"}),
    Action.REQUEST_EXCLUSION: Deed(
        a_resolved_ticket,
        HANDLER,
        f"{DEPARTMENT}/exclusion",
        {"reason": "重复", "basis": "考核办法", "text": "同一事项"},
    ),
    Action.GRANT_EXCLUSION: Deed(with_exclusion, REVIEWER, f"{REVIEW}/exclusion", {"decision": "grant"}),
    Action.REFUSE_EXCLUSION: Deed(
        with_exclusion, REVIEWER, f"{REVIEW}/exclusion", {"decision": "refuse", "text": "不是同一事项"}
    ),
    Action.HAND_DOWN: Deed(an_accepted_ticket, HANDLER, f"{DEPARTMENT}/hand-down", {"to": "照明科"}),
    Action.GIVE_BACK: Deed(handed, DISTRICT_HANDLER, f"{DEPARTMENT}/give-back", {"text": "灯杆由市里管"}),
    Action.REPORT_UP: Deed(
        handed,
        DISTRICT_HANDLER,
        f"{DEPARTMENT}/report-up",
        {"outcome": "solved", "facts": "换了灯头", "answer": "灯已修好"},
    ),
    Action.DECLINE_PART: Deed(
        assisted, OTHER_HANDLER, f"{DEPARTMENT}/decline", {"text": "不占车行道", "basis": "条例第六条"}
    ),
    Action.ADD_ASSISTING: Deed(
        an_accepted_ticket,
        HANDLER,
        f"{DEPARTMENT}/add-assisting",
        {"department": "市交通局", "text": "须占道"},
    ),
    Action.RELEASE: Deed(
        assisted_and_accepted, HANDLER, f"{DEPARTMENT}/release", {"department": OTHER, "text": "不占道了"}
    ),
    Action.WHISTLE: Deed(
        with_the_street,
        STREET_HANDLER,
        f"{DEPARTMENT}/whistle",
        {"called": DISTRICT, "more": "市交通局", "place": "院门口", "text": "须带车清运", "within": "1h"},
    ),
    Action.ARRIVE: Deed(whistled, DISTRICT_HANDLER, f"{DEPARTMENT}/arrive", {"who": "执法中队 老赵"}),
    Action.CONFIRM_ARRIVAL: Deed(
        arrived, STREET_HANDLER, f"{DEPARTMENT}/arrivals", {"department": DISTRICT, "granted": "1"}
    ),
    Action.DENY_ARRIVAL: Deed(
        arrived,
        STREET_HANDLER,
        f"{DEPARTMENT}/arrivals",
        {"department": DISTRICT, "granted": "0", "text": "现场没有人"},
    ),
    Action.ASSIST: Deed(assisted, OTHER_HANDLER, f"{DEPARTMENT}/assist", {"opinion": "道路部分由我们配合"}),
    Action.RESOLVE: Deed(
        a_contacted_ticket,
        HANDLER,
        f"{DEPARTMENT}/resolve",
        {"outcome": A_RESULT.outcome, "facts": A_RESULT.facts, "answer": A_RESULT.answer},
    ),
    Action.SEND_BACK_RESULT: Deed(
        a_resolved_ticket, REVIEWER, f"{REVIEW}/send-back", {"fault": "no_evidence", "text": "缺照片"}
    ),
    Action.ACCEPT_RESULT: Deed(a_resolved_ticket, REVIEWER, f"{REVIEW}/accept"),
    Action.ATTEMPT: Deed(a_ticket_to_follow_up, FOLLOWER, "/follow-up/{}/attempt", {"reached": "0"}),
    Action.CLOSE: Deed(
        a_ticket_to_follow_up,
        FOLLOWER,
        "/follow-up/{}/attempt",
        {"reached": "1", "contacted": "yes", "solved": "yes", "satisfied": "5"},
    ),
    Action.SEND_BACK: Deed(
        a_ticket_to_follow_up, FOLLOWER, "/follow-up/{}/attempt", {**BAD, "step": "send_back"}
    ),
    Action.REOPEN: Deed(closed, SUPERVISOR, f"{SUPERVISE}/reopen", {"text": "问题又出现"}),
    Action.WITHDRAW: Deed(a_logged_ticket, AGENT, f"{TICKET}/withdraw", {"reason": "来电人撤回"}),
    Action.URGE: Deed(a_dispatched_ticket, AGENT, f"{TICKET}/urge", {"text": "请尽快"}),
    Action.SUPERVISE: Deed(a_dispatched_ticket, SUPERVISOR, f"{SUPERVISE}/supervise", {"text": "限期办结"}),
    Action.REPLY_ORDER: Deed(ordered, LEADER, f"{DEPARTMENT}/order", {"text": "已更换灯头"}),
    Action.ACCEPT_REPLY: Deed(answered, SUPERVISOR, f"{SUPERVISE}/order/accept"),
    Action.REFUSE_REPLY: Deed(answered, SUPERVISOR, f"{SUPERVISE}/order/refuse", {"text": "没写何时修好"}),
    Action.CANCEL_ORDER: Deed(ordered, SUPERVISOR, f"{SUPERVISE}/order/cancel", {"text": "发错单位"}),
    Action.ESCALATE: Deed(ordered, SUPERVISOR, f"{SUPERVISE}/order/escalate", {"text": "请牵头解决"}),
    Action.NOTE: Deed(a_logged_ticket, DISPATCHER, f"{TICKET}/note", {"text": "老人独居"}),
    Action.REVEAL: Deed(a_logged_ticket, AGENT, f"{TICKET}/reveal", {"purpose": "回拨核实地点"}),
}


def do(client: FlaskClient, work: Work, deed: Deed, ticket: Ticket) -> int:
    """Send the form as the page drew it and return the status of the answer."""
    drawn: dict[str, object] = {"version": ticket.version, "request_key": fresh_key(), **deed.fields}
    if deed.parent:
        drawn["into"] = a_logged_ticket(work).number
    work.session.commit()
    return post(client, deed.url.format(ticket.number), **drawn).status_code


def newest_actions(work: Work, ticket: Ticket) -> list[Action]:
    work.session.expire_all()
    return [event.action for event in timeline.events_of(work, ticket)]


def test_no_action_is_forgotten() -> None:
    assert set(DEEDS) == set(Action) - SYSTEM_ONLY


@pytest.mark.parametrize("action", sorted(DEEDS))
def test_every_action_is_done_by_a_form(action: Action, work: Work, client_as: ClientAs) -> None:
    deed = DEEDS[action]
    ticket = deed.make(work)
    logged = work.session.query(Ticket).count()

    status = do(client_as(deed.actor), work, deed, ticket)

    assert status in {200, 303}
    if action is Action.LOG:
        assert work.session.query(Ticket).count() == logged + 1
    else:
        assert action in newest_actions(work, ticket)


def outsider(action: Action) -> Actor:
    """Return someone signed in whose role the lifecycle does not allow `action`."""
    people = (ADMIN, AGENT, HANDLER, REVIEWER, SECOND_REVIEWER, FOLLOWER, SUPERVISOR, DISPATCHER)
    return next(actor for actor in people if MOVES[action].roles.isdisjoint(actor.roles))


@pytest.mark.parametrize("action", sorted(DEEDS))
def test_no_action_is_done_by_another_role(action: Action, work: Work, client_as: ClientAs) -> None:
    deed = DEEDS[action]
    ticket = deed.make(work)
    before = newest_actions(work, ticket)
    logged = work.session.query(Ticket).count()

    status = do(client_as(outsider(action)), work, deed, ticket)

    assert status in {403, 404}
    assert newest_actions(work, ticket) == before
    assert work.session.query(Ticket).count() == logged + (1 if deed.parent else 0)


def test_a_ticket_that_is_past_an_action_says_so(work: Work, client_as: ClientAs) -> None:
    ticket = closed(work)

    status = do(client_as(HANDLER), work, DEEDS[Action.ACCEPT], ticket)

    assert (status, ticket.status) == (409, Status.CLOSED)
