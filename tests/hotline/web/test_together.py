"""Joint handling on screen: opinions, arrivals, the chain down, and one answer to the caller."""

from collections.abc import Callable

from flask.testing import FlaskClient

from hotline.lifecycle import Action, Status
from hotline.models.ticket import Ticket
from hotline.tickets import callers, dispatching, handing, handling, joint, timeline, whistling
from hotline.tickets.dispatching import Choice
from hotline.tickets.handing import Report
from hotline.work import Actor, Work
from tests.builders import (
    DISPATCHER,
    DISTRICT,
    DISTRICT_HANDLER,
    HANDLER,
    LEAD,
    OTHER,
    OTHER_HANDLER,
    STREET,
    STREET_HANDLER,
    SUPERVISOR,
    a_contacted_ticket,
    a_logged_ticket,
    a_street_ticket,
    an_accepted_ticket,
    by,
)
from tests.hotline.web.browsing import one, post, soup

ClientAs = Callable[[Actor], FlaskClient]
RESULT = {"outcome": "solved", "facts": "现场换了灯头", "answer": "您反映的路灯已修好。"}
SECRET = "占道审批当日可办，建议夜间施工"


def url(ticket: Ticket, action: str) -> str:
    return f"/department/tickets/{ticket.number}/{action}"


def shared(work: Work) -> Ticket:
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD, [OTHER]))
    handling.accept(by(work, HANDLER), ticket)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已说明")
    return ticket


def whistled(work: Work) -> Ticket:
    ticket = a_street_ticket(work)
    handling.accept(by(work, STREET_HANDLER), ticket)
    call = whistling.Whistle([DISTRICT], "须带车清运", "院门口")
    whistling.whistle(by(work, STREET_HANDLER), ticket, call)
    return ticket


def details(work: Work, ticket: Ticket, action: Action) -> dict[str, object]:
    work.session.expire_all()
    return timeline.acted(work, ticket, action)[-1].details


def test_the_result_page_hands_the_opinions_over_and_the_answer_stays_the_leads(
    client_as: ClientAs, work: Work
) -> None:
    ticket = shared(work)
    joint.assist(by(work, OTHER_HANDLER), ticket, opinion=SECRET)
    work.session.commit()
    client = client_as(HANDLER)

    page = soup(client.get(url(ticket, "resolve")))

    assert SECRET in one(page, "textarea[name=facts]").text
    assert SECRET not in one(page, "textarea[name=answer]").text
    assert one(page, "input[name=cited]")["value"] == OTHER
    post(client, url(ticket, "resolve"), version=ticket.version, cited=OTHER, **RESULT)
    assert details(work, ticket, Action.RESOLVE)["cited"] == [OTHER]


def test_who_does_not_wait_for_an_opinion_is_asked_why(client_as: ClientAs, work: Work) -> None:
    ticket = shared(work)
    work.session.commit()
    client = client_as(HANDLER)

    refused = post(client, url(ticket, "resolve"), version=ticket.version, **RESULT)

    assert refused.status_code == 422
    assert "请写明为什么不等" in refused.text
    assert RESULT["answer"] in one(soup(refused), "textarea[name=answer]").text
    post(client, url(ticket, "resolve"), version=ticket.version, without="现场已一并处理。", **RESULT)
    work.session.expire_all()
    assert ticket.status is Status.RESOLVED
    trail = one(soup(client.get(f"/tickets/{ticket.number}")), "ol.trail").text
    assert "不等意见的理由：现场已一并处理。" in trail
    assert "。，" not in trail


def test_the_caller_never_sees_an_opinion(client_as: ClientAs, work: Work, client: FlaskClient) -> None:
    ticket = shared(work)
    joint.assist(by(work, OTHER_HANDLER), ticket, opinion=SECRET)
    work.session.commit()
    post(client_as(HANDLER), url(ticket, "resolve"), version=ticket.version, cited=OTHER, **RESULT)

    shown = client_as(HANDLER).get(f"/tickets/{ticket.number}?trail=public").text

    assert "办结反馈" in shown
    assert callers.may_be_called(ticket)
    trail = one(soup(client_as(HANDLER).get(f"/tickets/{ticket.number}?trail=public")), "ol.trail").text
    assert SECRET not in trail


def test_the_ticket_page_says_who_helps_and_by_when(client_as: ClientAs, work: Work) -> None:
    ticket = shared(work)
    work.session.commit()

    card = one(soup(client_as(HANDLER).get(f"/tickets/{ticket.number}")), "#together").find_parent("section")

    assert card is not None
    assert "市交通局" in card.text
    assert "未交" in card.text
    assert "前交" in card.text


def test_a_ticket_in_one_pair_of_hands_shows_no_such_card(client_as: ClientAs, work: Work) -> None:
    ticket = a_contacted_ticket(work)
    work.session.commit()

    assert soup(client_as(HANDLER).get(f"/tickets/{ticket.number}")).select_one("#together") is None


def test_the_chain_shows_who_has_it_now_and_how_long_each_had_it(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    handing.hand_down(by(work, HANDLER), ticket, department=DISTRICT)
    work.session.commit()

    page = soup(client_as(DISTRICT_HANDLER).get(f"/tickets/{ticket.number}"))

    names = [each.text.split("（")[0] for each in page.select("ol.chain b")]
    assert names == ["市城管局", "海澜区城管局"]
    assert "海澜区城管局" in one(page, "ol.chain li[aria-current]").text
    assert "现在在手上" in one(page, "ol.chain li[aria-current]").text


def test_handing_down_offers_whom_the_catalogue_allows_and_says_whom_not(
    client_as: ClientAs, work: Work
) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()
    client = client_as(HANDLER)

    page = soup(client.get(url(ticket, "hand-down")))

    offered = {each["value"] for each in page.select("input[name=below]")}
    assert DISTRICT in offered
    assert STREET not in offered
    assert "须由区县级以上单位办理" in page.text
    refused = post(client, url(ticket, "hand-down"), version=ticket.version, below=STREET)
    assert refused.status_code == 422
    assert "不能压给更低一级" in refused.text


def test_who_has_it_below_finds_it_on_its_pile_and_reports_up(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()
    post(client_as(HANDLER), url(ticket, "hand-down"), version=ticket.version, below=DISTRICT, note="请看")
    below = client_as(DISTRICT_HANDLER)
    row = one(soup(below.get("/department")), f"#t-{ticket.number}")
    assert "承接下派，主办 市城管局" in row.text
    work.session.refresh(ticket)

    post(below, url(ticket, "report-up"), version=ticket.version, **RESULT)

    assert soup(below.get("/department")).select_one(f"#t-{ticket.number}") is None
    lead = client_as(HANDLER)
    assert one(soup(lead.get("/department")), f"#t-{ticket.number}")
    page = soup(lead.get(url(ticket, "resolve")))
    assert RESULT["answer"] in one(page, "textarea[name=answer]").text
    assert "下级单位已上报结果" in page.text


def test_giving_back_asks_for_the_reason(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    handing.hand_down(by(work, HANDLER), ticket, department=DISTRICT)
    work.session.commit()

    refused = post(client_as(DISTRICT_HANDLER), url(ticket, "give-back"), version=ticket.version)

    assert refused.status_code == 422
    assert "请写明理由" in refused.text


def test_a_bureau_finds_the_whistle_on_its_pile_and_where_to_go(client_as: ClientAs, work: Work) -> None:
    ticket = whistled(work)
    work.session.commit()
    client = client_as(DISTRICT_HANDLER)

    row = one(soup(client.get("/department?tab=assisting")), f"#t-{ticket.number}")
    page = client.get(url(ticket, "arrive")).text

    assert "潮音街道办 吹哨" in row.text
    assert "院门口" in page
    assert "须带车清运" in page


def test_an_arrival_is_denied_with_a_reason_and_shown_to_the_supervisor(
    client_as: ClientAs, work: Work
) -> None:
    ticket = whistled(work)
    whistling.arrive(by(work, DISTRICT_HANDLER), ticket, who="老赵")
    work.session.commit()
    street = client_as(STREET_HANDLER)
    asked = {"version": ticket.version, "department": DISTRICT, "granted": "0"}

    refused = post(street, url(ticket, "arrivals"), **asked)
    post(street, url(ticket, "arrivals"), **asked, text="等了半小时没有人")

    assert refused.status_code == 422
    board = client_as(SUPERVISOR).get("/supervisor/joint").text
    assert "被否认 1 次" in board
    assert "潮音街道办 叫 海澜区城管局" in board


def test_a_department_that_is_no_street_is_told_so(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    work.session.commit()

    page = client_as(HANDLER).get(url(ticket, "whistle"))

    assert page.status_code == 403
    assert "只有经办这张工单的街道" in page.text


def test_what_was_typed_wrong_stays_and_says_what_to_do(client_as: ClientAs, work: Work) -> None:
    ticket = a_street_ticket(work)
    handling.accept(by(work, STREET_HANDLER), ticket)
    work.session.commit()
    asked = {"more": "没有这个局", "place": "院门口", "text": "须带车清运"}

    refused = post(client_as(STREET_HANDLER), url(ticket, "whistle"), version=ticket.version, **asked)

    assert refused.status_code == 422
    assert "没有这个承办单位" in refused.text
    assert one(soup(refused), "input[name=more]")["value"] == "没有这个局"


def test_a_report_from_below_is_not_the_callers_answer(client_as: ClientAs, work: Work) -> None:
    ticket = an_accepted_ticket(work)
    handing.hand_down(by(work, HANDLER), ticket, department=DISTRICT)
    handing.report_up(
        by(work, DISTRICT_HANDLER), ticket, Report("solved", "换了灯头", "内部建议：先答复已修")
    )
    work.session.commit()

    page = client_as(HANDLER).get(f"/tickets/{ticket.number}?trail=public")

    assert ticket.answer is None
    assert "内部建议" not in one(soup(page), "ol.trail").text
