"""日历: seen by supervisors and administrators, proposed by one, applied by another."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.models.calendar import CalendarStanding
from hotline.tickets.calendars import applying, versions
from hotline.work import SYSTEM, Actor, Work
from tests.builders import ADMIN, AGENT, HANDLER, SUPERVISOR, a_contacted_ticket, by
from tests.hotline.web.browsing import one, post, soup, token_of
from tests.support.notices import new_year_2027

ClientAs = Callable[[Actor], FlaskClient]
TYPHOON = {
    "exception": "closed",
    "since": "2026-11-25",
    "until": "2026-11-26",
    "reason": "台风停工",
}


@pytest.fixture(autouse=True)
def loaded(work: Work) -> Work:
    """The calendar of the profile is in force."""
    applying.deliver(by(work, SYSTEM))
    work.session.commit()
    return work


def hand_in(client: FlaskClient, text: str, called: str = "2027.json", **fields: str) -> TestResponse:
    return client.post(
        "/calendar/import",
        data={"csrf_token": token_of(client), "file": (io.BytesIO(text.encode()), called), **fields},
    )


def stamp(client: FlaskClient, page: str) -> str:
    return str(one(soup(client.get(page)), "input[name=stamp]")["value"])


@pytest.mark.parametrize("actor", [AGENT, HANDLER])
@pytest.mark.parametrize(
    "path", ["/calendar", "/calendar/import", "/calendar/exception", "/calendar/versions/1"]
)
def test_the_calendar_is_for_those_who_answer_for_it(client_as: ClientAs, actor: Actor, path: str) -> None:
    assert client_as(actor).get(path).status_code == 403


def test_a_year_says_what_its_days_are_and_which_are_provisional(client_as: ClientAs) -> None:
    client = client_as(ADMIN)

    october = soup(client.get("/calendar?year=2026")).select(".month")[9]
    january = soup(client.get("/calendar?year=2027")).select(".month")[0]

    assert len(october.select(".d--holiday")) >= 5
    assert [cell.get_text()[:2] for cell in october.select(".d--makeup")] == ["10"]
    assert len(january.select(".d--provisional")) == 31


def test_a_far_year_without_data_is_shown(client_as: ClientAs) -> None:
    assert client_as(ADMIN).get("/calendar?year=2099").status_code == 200


def test_a_notice_is_proposed_by_one_and_applied_by_another(client_as: ClientAs, work: Work) -> None:
    a_contacted_ticket(work)
    work.session.commit()
    supervisor, admin = client_as(SUPERVISOR), client_as(ADMIN)
    page = hand_in(supervisor, new_year_2027()).headers["Location"]
    assert "须由另一位" in supervisor.get(page).text

    own = post(supervisor, f"{page}/apply", stamp="")
    done = post(admin, f"{page}/apply", stamp=stamp(admin, page))

    assert (own.status_code, done.status_code) == (403, 303)
    assert "第 2 版，已应用" in admin.get(page).text
    [newest, first] = versions.history(work)
    assert (newest.proposed_by, newest.decided_by, first.proposed_by) == ("supervisor", "admin", None)


def test_a_local_exception_shows_the_tickets_that_would_move(client_as: ClientAs, work: Work) -> None:
    ticket = a_contacted_ticket(work)
    work.session.commit()
    supervisor = client_as(SUPERVISOR)

    page = post(supervisor, "/calendar/exception", **TYPHOON).headers["Location"]

    shown = soup(supervisor.get(page))
    assert [dd.get_text() for dd in shown.select(".three dd")] == ["1", "1", "0", "0"]
    assert ticket.title in one(shown, ".tickets").get_text()
    assert "台风停工" in one(shown, ".toml").get_text()
    assert ticket.title not in client_as(ADMIN).get(page).text


def test_an_exception_may_concern_a_few_departments(client_as: ClientAs, work: Work) -> None:
    form = TYPHOON | {"departments": "市交通局、D-CG"}

    assert post(client_as(ADMIN), "/calendar/exception", **form).status_code == 303

    [waiting] = versions.proposed(work)
    assert 'departments = ["D-JT", "D-CG"]' in versions.version(work, waiting.version.id).hours


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("reason", "", "这一项还没有填"),
        ("until", "2026-11-24", "结束的日子早于开始的日子"),
        ("until", "2028-11-24", "一次最多一年"),
        ("since", "明天", "日期写法不对"),
        ("departments", "没有这个局", "没有这个承办单位"),
    ],
)
def test_an_exception_that_cannot_be_is_shown_again(
    client_as: ClientAs, field: str, value: str, said: str
) -> None:
    answer = post(client_as(ADMIN), "/calendar/exception", **TYPHOON | {field: value})

    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(
    ("called", "text", "said"),
    [
        ("2027.json", '{"year": 2027, "papers": [], "days": []}', "放假安排还没有公布"),
        ("a.csv", "day,works,name\n2027-01-05,no,元旦\n", "2027-01-01 这一天还没有官方安排"),
        ("calendar.toml", "zone = \n", "calendar.toml 第 1 行"),
        ("a.docx", "放假", "不是 csv 或 xlsx"),
    ],
)
def test_a_file_that_cannot_be_taken_is_said_in_words(
    client_as: ClientAs, called: str, text: str, said: str
) -> None:
    answer = hand_in(client_as(SUPERVISOR), text, called)

    assert answer.status_code == 422
    assert said in answer.text


def test_no_file_at_all_is_asked_for(client_as: ClientAs) -> None:
    answer = post(client_as(SUPERVISOR), "/calendar/import")

    assert "请选一个 json、csv、xlsx 或 toml 文件" in answer.text


def test_what_was_seen_before_another_change_is_looked_at_again(client_as: ClientAs, work: Work) -> None:
    supervisor, admin = client_as(SUPERVISOR), client_as(ADMIN)
    notice = hand_in(supervisor, new_year_2027()).headers["Location"]
    seen = stamp(admin, notice)
    typhoon = post(supervisor, "/calendar/exception", **TYPHOON).headers["Location"]
    assert post(admin, f"{typhoon}/apply", stamp=stamp(admin, typhoon)).status_code == 303

    answer = post(admin, f"{notice}/apply", stamp=seen)

    assert answer.status_code == 422
    assert "请看过新的预览再应用" in answer.text


def test_a_proposal_is_given_up(client_as: ClientAs, work: Work) -> None:
    client = client_as(SUPERVISOR)
    page = hand_in(client, new_year_2027()).headers["Location"]

    assert post(client, f"{page}/drop").status_code == 303

    work.session.expire_all()
    assert versions.history(work)[0].version.standing is CalendarStanding.DROPPED
    assert "已放弃" in client.get(page).text


def test_the_calendar_in_force_can_be_taken_away(client_as: ClientAs, work: Work) -> None:
    answer = client_as(ADMIN).get("/calendar/calendar.toml")

    assert answer.text == work.city.hours


def test_a_version_that_never_was_is_not_found(client_as: ClientAs) -> None:
    assert client_as(ADMIN).get("/calendar/versions/999").status_code == 404
