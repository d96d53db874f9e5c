"""Several matters of one call: each its own ticket, and not a word of what was said is lost."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier import Scored, Span
from hotline.errors import IllegalTransition, InvalidInput, NotAllowed
from hotline.lifecycle import Action, Status
from hotline.models.ticket import CategorySource, Kind, Ticket
from hotline.tickets import (
    deadlines,
    dispatching,
    handling,
    intake,
    judging,
    review,
    splitting,
    timeline,
    triage,
    verification,
    worklists,
)
from hotline.tickets.dispatching import Choice
from hotline.tickets.precedents import precedents
from hotline.tickets.splitting import Part, Piece
from hotline.work import Work
from tests.builders import (
    A_RESULT,
    AGENT,
    DISPATCHER,
    FOLLOWER,
    HANDLER,
    HOUR,
    LEAD,
    REVIEWER,
    a_call,
    a_logged_ticket,
    by,
)
from tests.conftest import NOW
from tests.hotline.tickets.deeds import DEEDS

LIGHT = "海澜区潮音街道灯源路的路灯坏了半个月，晚上出门一片漆黑看不清路，老人孩子都怕摔着。"
WATER = "另外我们这栋楼停水停了一个星期没有人来修，做饭洗澡都成问题，家家都在外面提水。"
THANKS = "谢谢。"
STORY = LIGHT + WATER


class Reader:
    """A model that knows two words; it does not explain itself, for it has no labels."""

    labels = ()
    version = "reader"

    def __init__(self, lights: str = "0204", water: str = "0301") -> None:
        self.lights, self.water = lights, water

    def predict(self, texts: Sequence[str], top: int = 5) -> list[tuple[Scored, ...]]:
        return [self._judged(text) for text in texts]

    def _judged(self, text: str) -> tuple[Scored, ...]:
        known = {self.lights: text.count("路灯"), self.water: text.count("停水")}
        total = sum(known.values())
        found = [Scored(code, 0.95 * count / total) for code, count in known.items() if count]
        return tuple(sorted(found, key=lambda one: -one.probability))


@pytest.fixture
def read(work: Work) -> Work:
    return reading(work, Reader())


def reading(work: Work, reader: Any) -> Work:
    return replace(work, city=replace(work.city, classifier=reader))


def parts_at(text: str, *cuts: int) -> list[Piece]:
    edges = [0, *cuts, len(text)]
    return [Piece(Span(start, end)) for start, end in pairwise(edges)]


def split(work: Work, ticket: Ticket, *cuts: int) -> list[Ticket]:
    logged = splitting.split(by(work, DISPATCHER), ticket, parts_at(ticket.content, *cuts))
    return [one.ticket for one in logged]


def settle(work: Work, ticket: Ticket) -> None:
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD))
    handler = by(work, HANDLER)
    handling.accept(handler, ticket)
    handling.contact(handler, ticket, reached=True, note="已说明今晚到场")
    handling.resolve(handler, ticket, A_RESULT)
    review.accept_result(by(work, REVIEWER), ticket)
    DEEDS[Action.CLOSE](by(work, FOLLOWER, after=HOUR), ticket)


def a_story(work: Work, **changes: object) -> Ticket:
    return a_logged_ticket(work, content=STORY, **changes)


def test_two_matters_for_two_departments_are_proposed(read: Work) -> None:
    parts = splitting.parts_of(read, STORY)

    assert [part.span.of(STORY) for part in parts] == [LIGHT, WATER]
    assert [part.category for part in parts] == ["0204", "0301"]
    assert len({part.owner for part in parts}) == 2


def test_two_matters_for_one_department_are_one_ticket(work: Work) -> None:
    """建筑施工噪声 and 路灯 are the district's city management's, each of its own branch."""
    leads = {triage.decide(work, code, None, STORY).lead for code in ("0901", "0204")}
    assert len(leads) == 1

    assert splitting.parts_of(reading(work, Reader(water="0901")), STORY) == ()


def test_two_matters_of_one_branch_are_one_ticket(work: Work) -> None:
    assert splitting.parts_of(reading(work, Reader(water="0203")), STORY) == ()


def test_without_a_model_nothing_is_proposed(work: Work) -> None:
    assert splitting.parts_of(work, STORY) == ()


def log_parts(work: Work, **changes: object) -> list[Ticket]:
    call = a_call(content=STORY, category=None, **changes)
    logged = splitting.log_parts(by(work, AGENT), call, splitting.parts_of(work, STORY))
    assert all(one.code for one in logged)
    return [one.ticket for one in logged]


def test_each_matter_of_a_call_is_a_ticket_of_its_own(read: Work) -> None:
    light, water = log_parts(read)

    assert light.content + water.content == STORY
    assert light.call_id == water.call_id is not None
    assert light.number != water.number
    assert light.caller_id == water.caller_id
    assert light.retrieval_hash != water.retrieval_hash
    for ticket in (light, water):
        assert [clock.stage for clock in deadlines.running(read, ticket)] == ["dispatch"]
    assert water.title == "我们这栋楼停水停了一个星期没有人来修，做饭洗澡都成问题，家家都在外面提水"


def test_a_part_that_names_no_place_happened_where_the_call_did(read: Work) -> None:
    light, water = log_parts(read, address="")

    assert light.area_code == water.area_code is not None


def test_what_was_filled_in_goes_with_the_part_that_says_it(read: Work) -> None:
    light, water = log_parts(read, occurred="一个星期", wish="换新灯", subject="")

    assert (light.occurred, water.occurred) == ("", "一个星期")
    assert (light.wish, water.wish) == ("换新灯", "")


def test_a_category_that_a_person_chose_is_of_the_part_it_fits(read: Work) -> None:
    call = a_call(content=STORY, category="0301")
    light, water = (one.ticket for one in splitting.log_parts(read, call, splitting.parts_of(read, STORY)))

    assert (light.category_code, light.category_source) == ("0204", CategorySource.MODEL)
    assert (water.category_code, water.category_source) == ("0301", CategorySource.PERSON)


def test_a_double_submit_of_a_call_of_two_matters_is_two_tickets(read: Work) -> None:
    call = a_call(content=STORY)
    parts = splitting.parts_of(read, STORY)

    first = [one.ticket.number for one in splitting.log_parts(read, call, parts)]
    again = splitting.log_parts(read, call, parts)

    assert [one.ticket.number for one in again] == first
    assert [one.code for one in again] == [None, None]


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [Span(0, len(STORY))],
        [Span(0, 10), Span(12, len(STORY))],
        [Span(0, 12), Span(10, len(STORY))],
        [Span(0, 10), Span(10, len(STORY) - 1)],
        [Span(1, 10), Span(10, len(STORY))],
        [Span(0, 0), Span(0, len(STORY))],
        [Span(0, len(STORY) - 1), Span(len(STORY) - 1, len(STORY))],
    ],
)
def test_parts_that_lose_or_repeat_a_word_are_refused(work: Work, spans: list[Span]) -> None:
    call = a_call(content=STORY)

    with pytest.raises(InvalidInput):
        splitting.log_parts(work, call, [Part(span, "0204", 1.0, LEAD) for span in spans])
    with pytest.raises(InvalidInput):
        splitting.split(by(work, DISPATCHER), a_story(work), [Piece(span) for span in spans])


def test_a_registered_ticket_keeps_every_word_and_the_first_matter(work: Work) -> None:
    ticket = a_story(work)
    words = ticket.words

    [water] = split(work, ticket, len(LIGHT))

    assert (ticket.content, ticket.words) == (STORY, words)
    assert ticket.status is water.status is Status.LOGGED
    assert water.content == WATER
    assert splitting.split_off(work, ticket) == {water.number: WATER}
    assert splitting.own_span(ticket) == Span(0, len(LIGHT))


def test_a_split_ticket_is_read_by_its_own_words_alone(work: Work) -> None:
    ticket = a_story(work)
    assert triage.text_of(ticket) == STORY

    split(work, ticket, len(LIGHT))

    assert triage.text_of(ticket) == LIGHT
    splitting.split(by(work, DISPATCHER), ticket, parts_at(LIGHT, 20))
    assert triage.text_of(ticket) == STORY[:20]


def test_a_title_that_is_of_the_words_that_left_too_is_not_read(work: Work) -> None:
    ticket = a_story(work, title="路灯坏了，又停水一个星期")

    split(work, ticket, len(LIGHT))

    assert triage.text_of(ticket) == LIGHT
    assert ticket.title == "路灯坏了，又停水一个星期"


def test_a_split_ticket_goes_where_its_own_words_alone_would_go(work: Work) -> None:
    """A keyword of the catalogue in the words that left would send what was kept elsewhere."""
    kept, gone = "路边的井盖不见了。", "另外供水井盖也翻了。"
    ticket = a_logged_ticket(work, content=kept + gone, category="0202")
    alone = a_logged_ticket(work, content=kept, category="0202")
    whole = triage.decide_for(work, ticket)

    split(work, ticket, len(kept))

    decided, own = triage.decide_for(work, ticket), triage.decide_for(work, alone)
    assert own
    assert whole
    assert decided
    assert decided.lead == own.lead != whole.lead


def test_nobody_is_complained_of_by_the_words_that_left(work: Work) -> None:
    kept, gone = "营业执照迟迟办不下来。", "另外潮音街道办事处工作人员态度恶劣。"
    ticket = a_logged_ticket(work, content=kept + gone, category="2401")
    whole = triage.decide_for(work, ticket)
    assert whole
    assert whole.complained_of

    split(work, ticket, len(kept))

    decided = triage.decide_for(work, ticket)
    assert decided
    assert not decided.complained_of


def test_a_model_is_taught_and_judges_by_the_words_that_stayed(work: Work) -> None:
    ticket = a_story(work)
    split(work, ticket, len(LIGHT))

    judged = judging.judgement_of(work, ticket, Reader())

    assert judged.digest == judging.digest_of(LIGHT)
    assert judged.category_code == "0204"


def test_what_was_split_off_makes_no_precedent_alike(work: Work) -> None:
    ticket = a_story(work)
    split(work, ticket, len(LIGHT))
    settle(work, ticket)

    assert [one.number for one in precedents(work, "0204", LIGHT).alike] == [ticket.number]
    assert precedents(work, "0204", WATER).alike == ()


def test_tickets_of_one_call_know_each_other(work: Work) -> None:
    ticket = a_story(work)

    [water] = split(work, ticket, len(LIGHT))

    assert [one.id for one in worklists.of_same_call(work, ticket)] == [water.id]
    assert [one.id for one in worklists.of_same_call(work, water)] == [ticket.id]
    assert worklists.of_same_call(work, a_story(work)) == []


def test_no_department_sees_the_other_matter_of_a_call(work: Work) -> None:
    ticket = a_story(work)
    split(work, ticket, len(LIGHT))
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD))

    assert worklists.of_same_call(by(work, HANDLER), ticket) == []


def test_both_ledgers_name_the_other_ticket(work: Work) -> None:
    ticket = a_story(work)

    [water] = split(work, ticket, len(LIGHT))

    [entry] = timeline.acted(work, ticket, Action.SPLIT)
    assert entry.details["into"] == [water.number]
    assert timeline.events_of(work, water)[0].details["split_from"] == ticket.number
    assert list(verification.verify(work)) == []


def test_a_new_ticket_has_the_caller_and_clocks_from_the_split_on(work: Work) -> None:
    ticket = a_story(work, confidential=True, kind=Kind.COMPLAINT)

    later = by(work, DISPATCHER, after=HOUR)
    [logged] = splitting.split(later, ticket, parts_at(STORY, len(LIGHT)))

    assert logged.ticket.caller_id == ticket.caller_id
    assert logged.ticket.confidential
    assert logged.ticket.logged_at == NOW + HOUR
    [clock] = deadlines.running(work, logged.ticket)
    assert clock.started_at == NOW + HOUR


def test_each_part_may_get_its_own_category_and_place(work: Work) -> None:
    ticket = a_story(work, category="0301")
    cut = len(LIGHT)

    [logged] = splitting.split(
        by(work, DISPATCHER),
        ticket,
        [Piece(Span(0, cut), "0204"), Piece(Span(cut, len(STORY)), "0301", "海澜区望潮街道")],
    )

    assert ticket.category_code == "0204"
    assert (logged.ticket.category_code, logged.ticket.address) == ("0301", "海澜区望潮街道")
    assert list(verification.verify(work)) == []


def test_what_was_kept_may_be_split_again_and_nothing_twice(work: Work) -> None:
    ticket = a_story(work)
    split(work, ticket, len(LIGHT))

    with pytest.raises(InvalidInput):
        split(work, ticket, len(LIGHT))
    again = [Piece(Span(0, 20)), Piece(Span(20, len(LIGHT)))]
    [third] = splitting.split(by(work, DISPATCHER), ticket, again)

    assert len(splitting.split_off(work, ticket)) == 2
    assert third.ticket.call_id == ticket.call_id
    assert list(verification.verify(work)) == []


def test_only_a_dispatcher_splits_and_only_what_waits(work: Work) -> None:
    ticket = a_story(work)
    pieces = parts_at(STORY, len(LIGHT))

    with pytest.raises(NotAllowed):
        splitting.split(by(work, AGENT), ticket, pieces)
    dispatching.dispatch(by(work, DISPATCHER), ticket, Choice(LEAD))
    with pytest.raises(IllegalTransition):
        splitting.split(by(work, DISPATCHER), ticket, pieces)


def test_what_was_split_is_not_proposed_again(read: Work) -> None:
    ticket = a_story(read)
    assert len(splitting.proposed_for(read, ticket)) == 2

    split(read, ticket, len(LIGHT))

    assert splitting.proposed_for(read, ticket) == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(cuts=st.sets(st.integers(1, len(STORY) - 1), min_size=1, max_size=4).map(sorted))
def test_the_parts_of_a_split_are_the_words_that_were_said(work: Work, cuts: list[int]) -> None:
    ticket = a_story(work)
    pieces = parts_at(STORY, *cuts)
    spoken = all(any(sign.isalpha() for sign in piece.span.of(STORY)) for piece in pieces)

    if not spoken:
        with pytest.raises(InvalidInput):
            splitting.split(by(work, DISPATCHER), ticket, pieces)
        return
    logged = splitting.split(by(work, DISPATCHER), ticket, pieces)

    assert "".join([STORY[: cuts[0]], *(one.ticket.content for one in logged)]) == STORY
    assert intake.readable(ticket.content) == STORY
