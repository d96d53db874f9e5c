"""What became of matters like this one speaks beside a proposal, and never of what nobody may read."""

from datetime import timedelta

from hotline.lifecycle import Action
from hotline.models.follow_up import Solved
from hotline.models.ticket import Closing, Ticket
from hotline.tickets import bench, dispatching, returns, triage
from hotline.tickets.dispatching import Choice
from hotline.tickets.precedents import Precedents, of_ticket, precedents
from hotline.work import Work
from tests.builders import (
    DISPATCHER,
    FOLLOWER,
    HOUR,
    LEAD,
    LEADER,
    OTHER,
    OTHER_LEADER,
    SUPERVISOR,
    a_logged_ticket,
    a_ticket_to_follow_up,
    by,
)
from tests.hotline.tickets.deeds import DEEDS, NOT_OURS, NOT_THEIRS

DARK = "小区门口的路灯不亮，晚上看不清路。"
BENCH = "公园里的座椅断了一条腿，老人坐着摔倒。"


def settled(work: Work, content: str = DARK, **changes: object) -> Ticket:
    """A ticket that its department settled and that was closed an hour later."""
    ticket = a_ticket_to_follow_up(work, content=content, **changes)
    DEEDS[Action.CLOSE](by(work, FOLLOWER, after=HOUR), ticket)
    return ticket


def alike(work: Work, text: str = DARK) -> list[str]:
    return [one.number for one in precedents(work, "0204", text).alike]


def test_the_settled_ticket_that_reads_alike_comes_first(work: Work) -> None:
    lamp, other = settled(work), settled(work, BENCH)

    found = precedents(work, "0204", "路灯不亮好几天，晚上走路看不清")

    assert found.compared == 2
    assert found.alike[0].number == lamp.number
    assert other.number not in alike(work)
    assert found.settled_by == {LEAD: 1}


def test_who_settled_it_how_long_it_took_and_what_the_caller_said_is_told(work: Work) -> None:
    settled(work)

    [one] = precedents(work, "0204", DARK).alike

    assert (one.department, one.hops, one.closing) == (LEAD, 1, Closing.FOLLOWED_UP)
    assert one.took == HOUR
    assert one.solved is Solved.NO
    assert one.likeness > 0.9


def test_only_closed_tickets_of_the_category_count(work: Work) -> None:
    a_logged_ticket(work, content=DARK)
    settled(work, category="0109")

    assert precedents(work, "0204", DARK) == Precedents(0, (), ())


def test_a_ticket_is_no_precedent_of_itself(work: Work) -> None:
    ticket = settled(work)

    assert of_ticket(work, ticket).alike == ()


def test_what_is_confidential_is_nobodys_precedent(work: Work) -> None:
    settled(work, confidential=True)

    assert alike(work) == []


def test_titles_name_nobody(work: Work) -> None:
    settled(work, f"{DARK}请回电13912345678。", title="王小川：路灯不亮，请回电13912345678")

    [one] = precedents(work, "0204", DARK).alike

    assert "13912345678" not in one.title
    assert "王小川" not in one.title
    assert "路灯不亮" in one.title


def test_returns_of_the_category_are_counted_by_department(work: Work) -> None:
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD))
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER), ticket, granted=True, text="")
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(OTHER))
    returns.request_return(by(work, OTHER_LEADER), ticket, NOT_THEIRS)
    returns.decide_return(by(work, DISPATCHER), ticket, granted=False, text="属你单位职责")

    found = precedents(by(work, SUPERVISOR), "0204", DARK)

    assert [(one.department, one.decided, one.granted) for one in found.returned] == [
        (LEAD, 1, 1),
        (OTHER, 1, 0),
    ]
    assert found.returns_of("D-GA") is None
    assert precedents(by(work, SUPERVISOR), "0109", DARK).returned == ()


def test_returns_of_long_ago_are_forgotten(work: Work) -> None:
    ticket = a_logged_ticket(work)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD))
    returns.request_return(by(work, LEADER), ticket, NOT_OURS)
    returns.decide_return(by(work, DISPATCHER), ticket, granted=True, text="")

    assert precedents(by(work, SUPERVISOR, after=timedelta(days=91)), "0204", DARK).returned == ()


def test_the_bench_rests_on_nothing_confidential(work: Work) -> None:
    secret, open_one = settled(work, confidential=True), settled(work)

    found = bench.try_out(work, DARK, category="0204").precedents

    assert [one.number for one in found.alike] == [open_one.number] != [secret.number]
    assert found.compared == 1


def test_the_bench_takes_a_text_through_the_steps_that_the_desk_takes(work: Work) -> None:
    text, address = DARK, "海澜区潮音街道"
    view = triage.suggest(work, text, address)

    trial = bench.try_out(work, text, address)

    assert "".join(trial.segments) == text
    assert trial.explanation is not None
    assert trial.explanation.decision == view.decision
    assert [one.code for one in trial.proposed] == [one.code for one in view.suggestion.categories[:3]]
    assert trial.proposed[0].words == tuple(word.word for word in view.suggestion.words)
    assert (trial.category, trial.area) == (view.category, "990101001")


def test_a_category_that_a_person_chose_is_tried_instead(work: Work) -> None:
    trial = bench.try_out(work, DARK, "海澜区潮音街道", category="0109")

    assert trial.explanation is not None
    assert trial.explanation.decision.lead == "J0101"
    assert not trial.goes_by_itself


def test_a_text_that_says_nothing_is_routed_nowhere(work: Work) -> None:
    trial = bench.try_out(work, "。")

    assert (trial.category, trial.explanation, trial.precedents.compared) == (None, None, 0)
