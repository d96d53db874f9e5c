"""规则试算: a supervisor changes a few times, sees what would have come of it, and nothing is written."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import Tag
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.cities import other_rules
from hotline.jobs import supposing
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Ticket
from hotline.models.what_if import WhatIf
from hotline.tickets import verification
from hotline.tickets.promises import TRY_RULES
from hotline.tickets.whatif import runs
from hotline.work import Actor, Work
from tests.builders import DISPATCHER, HANDLER, SUPERVISOR, a_contacted_ticket, by
from tests.hotline.tickets.test_whatif import everything, resolved
from tests.hotline.web.browsing import one, post, soup

ClientAs = Callable[[Actor], FlaskClient]
FORM = "/supervisor/what-if"
RESULT_OF_COMPLAINTS = "投诉、举报，办结"
ONE_DAY_FOR_COMPLAINTS = {RESULT_OF_COMPLAINTS: "1wd", "投诉、举报，延期": "1wd"}


@pytest.fixture
def ticket(work: Work) -> Ticket:
    """Resolved after three days, and over."""
    then = by(work, HANDLER, after=-timedelta(days=10))
    ticket = a_contacted_ticket(then)
    resolved(then, ticket, after=timedelta(days=3))
    work.session.commit()
    return ticket


@pytest.fixture
def client(client_as: ClientAs) -> FlaskClient:
    return client_as(SUPERVISOR)


def filled(client: FlaskClient, page: str = FORM, **changes: str) -> dict[str, object]:
    """Return the form as its page fills it in; a time is changed by what its field is called."""
    form = one(soup(client.get(page)), "form[enctype]")
    fields = {one["name"]: one["value"] for one in form.select("input[value]") if _is_sent(one)}
    fields["allowances"] = [
        changes.pop(one["aria-label"], one["value"]) for one in form.select("[name=allowances]")
    ]
    fields["clock_rules"] = [one["value"] for one in form.select("[name=clock_rules][checked]")]
    return {**fields, **changes}


def _is_sent(field: Tag) -> bool:
    return field.get("type") not in ("checkbox", "radio") or field.has_attr("checked")


def tried(client: FlaskClient, **changes: object) -> str:
    """Send the form with these changes; return the address of the answer."""
    answer = post(client, FORM, **filled(client, **changes))
    assert answer.status_code == 303, soup(answer).select(".err")
    return answer.location


def test_the_form_holds_the_rules_in_force_and_sent_unchanged_there_is_nothing_to_try(client, ticket):
    answer = post(client, FORM, **filled(client))

    assert answer.status_code == 422
    assert "与现行的一样" in answer.text


def test_a_shorter_time_shows_which_result_would_have_been_late(client, ticket):
    page = soup(client.get(tried(client, **ONE_DAY_FOR_COMPLAINTS)))

    assert "投诉、举报 · 办结：7 个工作日 → 1 个工作日" in one(page, ".departures").text
    row = one(page, "table.tickets tbody tr")
    assert one(row, "a")["href"].endswith(ticket.number)
    assert "变超时" in row.text
    assert "0/1" in one(page, ".trial-offices tbody tr").text
    assert "1/1" in one(page, ".trial-offices tbody tr").text
    assert [cell.text for cell in page.select("#by-office td")] == ["0.0", "100.0"]


def test_another_stage_is_one_click_away(client, ticket):
    address = tried(client, **ONE_DAY_FOR_COMPLAINTS)

    page = soup(client.get(address, query_string={"stage": "accept"}))

    assert one(page, ".tabs [aria-current]").text == "签收"
    assert "没有一项会变" in page.text


def test_what_was_tried_and_what_it_changes_are_files(client, ticket, work):
    address = tried(client, **ONE_DAY_FOR_COMPLAINTS)

    targets = client.get(f"{address}/file?which=targets").text
    table = client.get(f"{address}/file?which=flips").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))

    assert str(other_rules.with_targets(work.city, targets).policy.targets[5].allowances["resolve"]) == "1wd"
    assert [row[0] for row in rows[1:]] == [ticket.number]
    assert client.get(f"{address}/file?which=hours").status_code == 404


def test_a_file_is_tried_in_place_of_the_sheet(client, ticket, work):
    text = other_rules.targets_text(work.city.policy).replace('"7wd"', '"1wd"')
    fields = filled(client) | {"targets_file": (io.BytesIO(text.encode()), "ours.toml")}

    answer = post(client, FORM, **fields)

    assert "变超时" in client.get(answer.location).text


def test_other_office_hours_are_tried(client, ticket):
    page = soup(client.get(tried(client, shifts="9:00-12:00、13:00-17:00")))

    assert "上班时间：09:00-12:00 14:00-18:00 → 09:00-12:00 13:00-17:00" in one(page, ".departures").text


def test_other_rules_of_the_clock_are_tried(client, ticket):
    fields = filled(client, resolve_starts="accept") | {"clock_rules": ["return_stops_resolve"]}

    page = soup(client.get(post(client, FORM, **fields).location))

    assert {one.text for one in page.select(".departures li")} == {
        "办结时限起算：派单时 → 签收时",
        "挂起、挂账期间不计时：是 → 否",
        "退单待审期间不计时：否 → 是",
        "一次延期不长于原时限：是 → 否",
    }


def test_a_trial_can_be_changed_further(client, ticket):
    address = tried(client, **ONE_DAY_FOR_COMPLAINTS)
    like = f"{FORM}?like={address.rpartition('/')[2]}"

    fields = filled(client, like, **{"咨询，签收": "1wh"})
    page = soup(client.get(post(client, FORM, **fields).location))

    assert len(page.select(".departures li")) == 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"咨询，签收": "soon"}, "“咨询”的签收写了 soon"),
        ({RESULT_OF_COMPLAINTS: "24h"}, "两个单位要相同"),
        ({"shifts": "全天"}, "上班时间写法不对"),
        ({"shifts": "12:00-09:00"}, "下班早于上班"),
        ({"targets": "[all\nx = 1"}, "targets.toml 第 1 行"),
        ({"hours": 'zone = "Moon"'}, "calendar.toml 第 1 行"),
        ({"first": "2026-11-20", "last": "2026-11-19"}, "请对调"),
        ({"first": "2020-01-01", "last": "2020-01-02", **ONE_DAY_FOR_COMPLAINTS}, "没有这样的工单"),
    ],
)
def test_what_cannot_be_tried_is_said_beside_what_was_typed(client, ticket, changes, said):
    fields = filled(client, **changes)

    answer = post(client, FORM, **fields)

    assert answer.status_code == 422
    page = soup(answer)
    assert said in page.text
    assert [one["value"] for one in page.select("[name=allowances]")] == fields["allowances"]


def test_a_calendar_without_a_day_of_work_is_refused_in_words(client, ticket, work):
    never = (
        'zone = "Asia/Shanghai"\nshifts = [["09:00", "18:00"]]\n'
        '[[hours]]\nweekdays = ["mon", "tue", "wed", "thu", "fri"]\nshifts = []\n'
    )

    answer = post(client, FORM, **filled(client), hours=never)

    assert answer.status_code == 422
    assert "往后没有上班的日子" in answer.text


def test_only_the_trial_itself_is_written(client, ticket, work):
    before, digest = everything(work), verification.digest(work)

    tried(client, **ONE_DAY_FOR_COMPLAINTS)

    work.session.expire_all()
    after = everything(work)
    assert verification.digest(work) == digest
    assert {name for name in after if after[name] != before[name]} <= {"what_ifs", "user_sessions"}


def test_more_tickets_than_a_page_can_wait_for_are_replayed_by_a_worker(client, ticket, work, monkeypatch):
    monkeypatch.setattr(runs, "AT_ONCE", 0)

    address = tried(client, **ONE_DAY_FOR_COMPLAINTS)

    assert "正在排队" in client.get(address).text
    [message] = work.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == TRY_RULES))
    supposing.try_rules(message.payload["what_if"])
    assert "看结果" in client.get(f"{address}/progress").text
    assert "变超时" in client.get(address).text


def test_a_worker_does_not_do_twice_what_has_ended(client, ticket, work, monkeypatch):
    run_id = int(tried(client, **ONE_DAY_FOR_COMPLAINTS).rpartition("/")[2])
    ended = work.session.get_one(WhatIf, run_id).ended_at

    monkeypatch.setattr(supposing, "_answer", None)
    supposing.try_rules(run_id)

    work.session.expire_all()
    assert work.session.get_one(WhatIf, run_id).ended_at == ended


def test_old_trials_are_forgotten(client, ticket, work):
    old = int(tried(client, **ONE_DAY_FOR_COMPLAINTS).rpartition("/")[2])
    work.session.get_one(WhatIf, old).asked_at = work.now - timedelta(days=91)
    work.session.commit()

    tried(client, **{RESULT_OF_COMPLAINTS: "7wd", "投诉、举报，延期": "2wd"})

    assert client.get(f"{FORM}/{old}").status_code == 404


def test_it_is_the_supervisors_page(client_as):
    assert client_as(DISPATCHER).get(FORM).status_code == 403
