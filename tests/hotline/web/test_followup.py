"""What the follow-up desk does with an answer: close, send back, hand on; and who may not ask."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from hotline import clock
from hotline.lifecycle import Action, Role, Status
from hotline.models.follow_up import Contacted, FollowUp, Solved, Via
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Closing, Ticket
from hotline.models.user import User
from hotline.tickets import followup, handling, promises, rating, review, supervision, timeline
from hotline.tickets.followup import Answers
from hotline.work import Actor, Work
from tests.builders import (
    A_RESULT,
    AGENT,
    FOLLOWER,
    HANDLER,
    HOUR,
    PHONE,
    REVIEWER,
    SUPERVISOR,
    a_resolved_ticket,
    a_ticket_to_follow_up,
    by,
    fresh_key,
)
from tests.conftest import NOW
from tests.hotline.web.browsing import post, soup

ClientAs = Callable[[Actor], FlaskClient]

GOOD = {"reached": "1", "contacted": "yes", "solved": "yes", "satisfied": "5"}
BAD = {"reached": "1", "contacted": "yes", "solved": "partly", "satisfied": "2", "reason": "not_handled"}
MISSED = {"reached": "0"}


def fresh(work: Work, ticket: Ticket) -> Ticket:
    work.session.expire_all()
    return work.session.get_one(Ticket, ticket.id)


def attempts_on(work: Work, ticket: Ticket) -> list[FollowUp]:
    work.session.expire_all()
    return list(work.session.scalars(select(FollowUp).filter_by(ticket_id=ticket.id).order_by(FollowUp.id)))


def attempt(client: FlaskClient, ticket: Ticket, **fields: object) -> object:
    """Send the form as the page drew it."""
    drawn = {"version": ticket.version, "request_key": fresh_key()}
    return post(client, f"/follow-up/{ticket.number}/attempt", **{**drawn, **fields})


def rated_badly(work: Work, reason: str | None = None, via: Via = Via.LINK) -> Ticket:
    """A ticket whose caller answered by himself that it is only partly solved."""
    ticket = a_ticket_to_follow_up(work)
    said = Answers(fresh_key(), True, Contacted.YES, Solved.PARTLY, 2, reason, "下雨又返上来")
    rating.rate(work, ticket, said, via=via)
    return ticket


def in_last_round(work: Work) -> Ticket:
    """A ticket that was sent back once and waits for follow-up again."""
    ticket = a_ticket_to_follow_up(work)
    bad = Answers(fresh_key(), True, Contacted.NO, Solved.NO, 1, "not_handled", "没人来过")
    followup.record_follow_up(by(work, FOLLOWER), ticket, bad, step=followup.SEND_BACK)
    handling.accept(by(work, HANDLER), ticket)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="约好上门")
    handling.resolve(by(work, HANDLER), ticket, A_RESULT)
    review.accept_result(by(work, REVIEWER), ticket)
    return ticket


# The list


def test_bad_answers_to_judge_stand_above_those_to_call(client_as: ClientAs, work: Work) -> None:
    to_call, to_judge = a_ticket_to_follow_up(by(work, AGENT, after=-HOUR)), rated_badly(work)
    work.session.commit()
    client = client_as(FOLLOWER)

    opened = client.get("/follow-up/")
    lines = soup(client.get(opened.location)).select("a.line")

    assert opened.location == f"/follow-up/{to_judge.number}"
    assert [str(line["href"]).rsplit("/", 1)[1] for line in lines] == [to_judge.number, to_call.number]
    assert "短信链接：部分解决，不满意" in lines[0].text


def test_the_list_says_how_often_was_tried_and_when_to_try_again(client_as: ClientAs, work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    followup.record_follow_up(by(work, FOLLOWER), ticket, Answers(fresh_key(), reached=False))
    work.session.commit()

    page = soup(client_as(FOLLOWER).get(f"/follow-up/{ticket.number}"))

    line = " ".join(page.select_one("a.line").text.split())  # type: ignore[union-attr]
    assert "已拨 1 次" in line
    assert "16:00 后可拨" in line
    assert "今天您拨打 1 件 · 接通 0 件" in page.text


def test_an_empty_desk_says_so(client_as: ClientAs) -> None:
    answer = client_as(FOLLOWER).get("/follow-up/")

    assert answer.status_code == 200
    assert "没有要回访的工单" in answer.text


# Dialling


def test_the_number_is_shown_only_by_dialling_which_goes_on_record(client_as: ClientAs, work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    work.session.commit()
    client = client_as(FOLLOWER)

    before = client.get(f"/follow-up/{ticket.number}")
    dialled = post(client, f"/follow-up/{ticket.number}/dial")
    after = client.get(f"/follow-up/{ticket.number}")

    assert (PHONE in before.text, PHONE in dialled.text, PHONE in after.text) == (False, True, False)
    assert "138****0001" in before.text
    assert dialled.headers["Cache-Control"] == "no-store"
    revealed = timeline.acted(work, ticket, Action.REVEAL)
    assert [(one.actor_name, one.details["purpose"]) for one in revealed] == [("follow-up", "回访")]


def test_dialling_in_place_swaps_the_version_that_the_answers_are_sent_with(
    client_as: ClientAs, work: Work
) -> None:
    ticket = a_ticket_to_follow_up(work)
    work.session.commit()
    client = client_as(FOLLOWER)
    url = f"/follow-up/{ticket.number}/dial"
    token = soup(client.get(f"/follow-up/{ticket.number}")).select_one('meta[name="csrf-token"]')
    assert token is not None

    part = soup(client.post(url, headers={"HX-Request": "true", "X-CSRFToken": str(token["content"])}))

    version = part.select_one('input[form="ask"][name="version"]')["value"]  # type: ignore[index]
    assert not part.select("html")
    assert int(str(version)) == fresh(work, ticket).version
    assert attempt(client, ticket, version=version, **GOOD).status_code == 303  # type: ignore[attr-defined]


# Answers


def test_solved_and_satisfied_closes_and_opens_the_next(client_as: ClientAs, work: Work) -> None:
    ticket, following = a_ticket_to_follow_up(work), a_ticket_to_follow_up(work)
    work.session.commit()
    client = client_as(FOLLOWER)

    answer = attempt(client, ticket, next=following.number, comment="挺快的", reason="late", **GOOD)

    closed, (asked,) = fresh(work, ticket), attempts_on(work, ticket)
    assert answer.location == f"/follow-up/{following.number}"  # type: ignore[attr-defined]
    assert (closed.status, closed.closing) == (Status.CLOSED, Closing.FOLLOWED_UP)
    assert (asked.contacted, asked.solved, asked.satisfied) == (Contacted.YES, Solved.YES, 5)
    assert (asked.comment, asked.reason, asked.by_id) == ("挺快的", None, FOLLOWER.user_id)


def test_a_fault_of_the_department_sends_the_ticket_back(client_as: ClientAs, work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    work.session.commit()
    client = client_as(FOLLOWER)

    answer = attempt(client, ticket, comment="没说什么时候改管道", **BAD)

    again = fresh(work, ticket)
    assert (again.status, again.round) == (Status.DISPATCHED, 2)
    (sent_back,) = timeline.acted(work, ticket, Action.SEND_BACK)
    assert sent_back.details["reason"] == "not_handled"
    assert "已退回市城管局重办，第 2 轮" in client.get(answer.location, follow_redirects=True).text  # type: ignore[attr-defined]


def test_disagreeing_with_the_policy_closes_unless_the_follower_judges_otherwise(
    client_as: ClientAs, work: Work
) -> None:
    closed, sent_back = a_ticket_to_follow_up(work), a_ticket_to_follow_up(work)
    work.session.commit()
    client = client_as(FOLLOWER)

    attempt(client, closed, **{**BAD, "reason": "policy"})
    attempt(client, sent_back, **{**BAD, "reason": "policy"}, step="send_back")

    assert fresh(work, closed).status is Status.CLOSED
    assert fresh(work, sent_back).status is Status.DISPATCHED


def test_after_the_last_round_the_supervisor_decides(client_as: ClientAs, work: Work) -> None:
    ticket = in_last_round(work)
    work.session.commit()
    client = client_as(FOLLOWER)

    page = client.get(f"/follow-up/{ticket.number}").text
    attempt(client, ticket, **BAD)
    judged = post(client, f"/follow-up/{ticket.number}/judgement", step="send_back")
    standing = fresh(work, ticket).status
    post(client_as(SUPERVISOR), f"/follow-up/{ticket.number}/judgement", step="close", text="已当面说明")

    assert "已办满 2 轮 → 由督办员决定" in page
    assert standing is Status.AWAITING_FOLLOW_UP
    assert (judged.status_code, "已办满 2 轮" in judged.text) == (422, True)
    assert fresh(work, ticket).closing is Closing.AFTER_LIMIT


def test_what_follows_is_written_beside_the_button(client_as: ClientAs, work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    work.session.commit()

    page = soup(client_as(FOLLOWER).get(f"/follow-up/{ticket.number}"))

    said = {line["data-outcome"]: " ".join(line.text.split()) for line in page.select("[data-outcome]")}
    assert said["fault"] == (
        "原因属承办单位 → 第 2 轮，签收 4 工作小时，首次联系 4 工作小时，办结 3 个工作日"
    )
    assert "结案" in said["good"]
    assert not page.select("input[type=radio][checked]")
    assert ticket.title in page.select_one(".script").text  # type: ignore[union-attr]


# Not reached


def test_a_call_without_answer_is_counted_once_in_its_time(
    client_as: ClientAs, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = a_ticket_to_follow_up(work)
    work.session.commit()
    client = client_as(FOLLOWER)

    attempt(client, ticket, **MISSED)
    too_soon = attempt(client, fresh(work, ticket), **MISSED)
    page = client.get(f"/follow-up/{ticket.number}").text
    monkeypatch.setattr(clock, "now", lambda: NOW + 7 * HOUR)
    attempt(client, fresh(work, ticket), **MISSED)

    assert (too_soon.status_code, "请换个时段再拨" in too_soon.text) == (422, True)  # type: ignore[attr-defined]
    assert "16:00 后可再记未接通" in page
    assert [one.reached for one in attempts_on(work, ticket)] == [False, False]


def test_when_the_calls_run_out_the_caller_gets_a_link(
    client_as: ClientAs, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = a_ticket_to_follow_up(work)
    work.session.commit()
    client = client_as(FOLLOWER)

    for day in range(3):
        monkeypatch.setattr(clock, "now", lambda day=day: NOW + timedelta(days=day))
        answer = attempt(client, fresh(work, ticket), **MISSED)

    promised = work.session.scalars(select(OutboxMessage).filter_by(kind=promises.SEND_LINK)).all()
    assert [one.payload["ticket"] for one in promised] == [ticket.id]
    page = client.get(answer.location, follow_redirects=True).text  # type: ignore[attr-defined]
    assert "评价链接会用短信发给诉求人，7 天内有效" in page
    assert "已拨满 3 次" in page


# Judging an answer that stands


def test_a_bad_answer_by_link_is_judged_with_a_reason(client_as: ClientAs, work: Work) -> None:
    ticket = rated_badly(work)
    work.session.commit()
    client = client_as(FOLLOWER)
    url = f"/follow-up/{ticket.number}/judgement"

    page = client.get(f"/follow-up/{ticket.number}").text
    unreasoned = post(client, url, version=ticket.version, step="send_back", text="请再看一次")
    wrong = post(client, url, version=ticket.version, step="close", reason="perfunctory")
    post(client, url, version=ticket.version, step="send_back", reason="perfunctory", text="请再看一次")

    assert "下雨又返上来" in page
    assert (unreasoned.status_code, wrong.status_code) == (422, 422)
    assert soup(unreasoned).select_one("#e-reason")
    assert soup(unreasoned).select_one("#f-text").text.strip() == "请再看一次"  # type: ignore[union-attr]
    assert "须退回重办" in soup(wrong).select_one("#e-step").text  # type: ignore[union-attr]
    assert fresh(work, ticket).round == 2


def test_a_bad_answer_that_is_nobodys_fault_is_closed_with_its_reason(
    client_as: ClientAs, work: Work
) -> None:
    ticket = rated_badly(work)
    work.session.commit()

    post(
        client_as(FOLLOWER),
        f"/follow-up/{ticket.number}/judgement",
        version=ticket.version,
        step="close",
        reason="policy",
        text="已解释政策",
    )

    (closed,) = timeline.acted(work, ticket, Action.CLOSE)
    assert (closed.details["reason"], closed.details["text"]) == ("policy", "已解释政策")


# What cannot be sent, and by whom


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({**GOOD, "contacted": ""}, "contacted"),
        ({**GOOD, "solved": ""}, "solved"),
        ({**GOOD, "satisfied": ""}, "satisfied"),
        ({**GOOD, "satisfied": "6"}, "satisfied"),
        ({**GOOD, "solved": "maybe"}, "solved"),
        ({**BAD, "reason": ""}, "reason"),
        ({**BAD, "reason": "unheard-of"}, "reason"),
        ({**BAD, "comment": "长" * 5001}, "comment"),
    ],
)
def test_an_incomplete_answer_comes_back_with_what_was_typed(
    client_as: ClientAs, work: Work, sent: dict[str, str], field: str
) -> None:
    ticket = a_ticket_to_follow_up(work)
    work.session.commit()

    answer = attempt(client_as(FOLLOWER), ticket, **{"comment": "诉求人的原话", **sent})

    page = soup(answer)  # type: ignore[arg-type]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert page.select_one(f"#e-{field}")
    assert page.select_one("#f-comment").text.strip().startswith(("诉求人的原话", "长"))  # type: ignore[union-attr]
    chosen = {one["name"]: one["value"] for one in page.select("#ask input[type=radio][checked]")}
    assert chosen.items() <= sent.items()
    assert attempts_on(work, ticket) == []


def test_a_second_submit_of_the_same_form_changes_nothing(client_as: ClientAs, work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    work.session.commit()
    client = client_as(FOLLOWER)
    sent = {"version": ticket.version, "request_key": fresh_key(), **GOOD}

    codes = [post(client, f"/follow-up/{ticket.number}/attempt", **sent).status_code for _ in range(2)]

    assert codes == [303, 303]
    assert len(attempts_on(work, ticket)) == 1


def test_a_form_drawn_before_someone_elses_change_is_refused(client_as: ClientAs, work: Work) -> None:
    ticket, judged = a_ticket_to_follow_up(work), rated_badly(work)
    work.session.commit()
    versions = ticket.version, judged.version
    for one in (ticket, judged):
        supervision.note(by(work, AGENT), one, text="诉求人又来电")
    work.session.commit()
    client = client_as(FOLLOWER)

    asked = attempt(client, ticket, version=versions[0], comment="挺快的", **GOOD)
    concluded = post(
        client, f"/follow-up/{judged.number}/judgement", version=versions[1], step="close", reason="policy"
    )

    assert (asked.status_code, concluded.status_code) == (409, 409)  # type: ignore[attr-defined]
    assert "agent 今天 10:00 已备注" in asked.text  # type: ignore[attr-defined]
    assert "挺快的" in asked.text  # type: ignore[attr-defined]
    assert attempts_on(work, ticket) == []


def test_nobody_follows_up_what_he_took_himself(client_as: ClientAs, work: Work) -> None:
    ticket = a_ticket_to_follow_up(work)
    both = [Role.AGENT, Role.FOLLOW_UP]
    work.session.execute(update(User).where(User.login == "agent").values(roles=both))
    work.session.commit()
    client = client_as(AGENT)

    page = soup(client.get(f"/follow-up/{ticket.number}"))
    dialled = post(client, f"/follow-up/{ticket.number}/dial")
    answer = attempt(client, ticket, **GOOD)

    assert "须换一位同事来办" in page.select_one(".ask-zone").text  # type: ignore[union-attr]
    assert not page.select("#ask")
    assert (dialled.status_code, answer.status_code) == (403, 403)  # type: ignore[attr-defined]
    assert PHONE not in dialled.text


@pytest.mark.parametrize("actor", [AGENT, HANDLER, REVIEWER], ids=lambda one: one.name)
def test_only_followers_and_supervisors_ask(client_as: ClientAs, work: Work, actor: Actor) -> None:
    ticket = a_ticket_to_follow_up(work)
    work.session.commit()
    client = client_as(actor)

    answers = [
        client.get(f"/follow-up/{ticket.number}"),
        post(client, f"/follow-up/{ticket.number}/dial"),
        post(client, f"/follow-up/{ticket.number}/attempt", **GOOD),
        post(client, f"/follow-up/{ticket.number}/judgement", step="close"),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert fresh(work, ticket).status is Status.AWAITING_FOLLOW_UP


def test_a_ticket_that_waits_for_nothing_here_says_where_it_is(client_as: ClientAs, work: Work) -> None:
    ticket = a_resolved_ticket(work)
    work.session.commit()
    client = client_as(FOLLOWER)

    page = client.get(f"/follow-up/{ticket.number}")

    assert "它现在是“待审核”" in page.text
    assert attempt(client, ticket, **GOOD).status_code == 409  # type: ignore[attr-defined]
    assert client.get("/follow-up/20261124000099").status_code == 404
