"""派单台 with several at it: a ticket is one dispatcher's, equal ones go together, a slip is taken back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from hotline.lifecycle import Role, Status
from hotline.models.claim import Claim
from hotline.models.ticket import Ticket, Urgency
from hotline.models.user import User
from hotline.tickets import dispatching, intake
from hotline.work import Actor
from tests.browser.looks import PHONE, faults
from tests.browser.site import Site
from tests.builders import AGENT, DISPATCHER, LEAD, OTHER, a_logged_ticket, by

pytestmark = pytest.mark.browser
PLACE = "海澜区潮音街道"


@pytest.fixture
def colleague(site: Site) -> Actor:
    """A second dispatcher, who signs in like the first."""
    with site.work() as work:
        user = work.session.scalar(select(User).where(User.login == "second-dispatcher"))
        if user is None:
            hash_of = work.session.scalars(select(User.password_hash).where(User.login == "dispatcher")).one()
            user = User(
                login="second-dispatcher",
                name="second-dispatcher",
                password_hash=hash_of,
                roles=[Role.DISPATCHER],
                created_at=work.now,
            )
            work.session.add(user)
            work.session.flush()
        return replace(DISPATCHER, name=user.name, user_id=user.id)


@pytest.fixture(autouse=True)
def empty_desk(site: Site) -> None:
    """Let nothing wait that another test has left."""
    with site.work() as work:
        for ticket in work.session.scalars(select(Ticket).where(Ticket.status == Status.LOGGED)):
            intake.answer(by(work, AGENT), ticket, "已当场答复")
        work.session.execute(delete(Claim))


def two_wait(site: Site) -> tuple[str, str]:
    with site.work() as work:
        return a_logged_ticket(work).number, a_logged_ticket(work).number


def opened(page: Page, number: str) -> None:
    """Wait until `number` is open on the desk and claimed for who looks at it."""
    expect(page.locator(".line[aria-current]")).to_have_attribute("data-number", number)
    expect(page.locator("#claim[hx-trigger^=every]")).to_be_attached()


def test_two_dispatchers_never_get_the_same_ticket(
    open_as: Callable[..., Page], site: Site, colleague: Actor
) -> None:
    # Signing in leads to the desk, which claims what waits first: nothing waits yet.
    one, other = open_as(DISPATCHER), open_as(colleague)
    first, second = two_wait(site)
    one.goto("/dispatch")
    opened(one, first)

    other.goto("/dispatch")

    opened(other, second)
    expect(other.locator(f".line[data-number='{first}']")).to_contain_text("dispatcher正在派")
    other.goto(f"/dispatch/{first}")
    expect(other.get_by_text("dispatcher正在派这张工单")).to_be_visible()
    expect(other.locator("#send [data-key=enter]")).to_be_disabled()
    assert faults(other) == []


def test_who_is_a_moment_late_is_led_on_by_the_desk_itself(
    open_as: Callable[..., Page], site: Site, colleague: Actor
) -> None:
    first, second = two_wait(site)
    page = open_as(DISPATCHER)
    # The colleague claims it between the drawing of the page and its own claim.
    page.route(
        f"**/dispatch/{first}/claim", lambda route: (_claim(site, first, colleague), route.continue_())
    )

    page.goto("/dispatch")

    page.wait_for_url(f"**/dispatch/{second}")
    expect(page.locator(".strips")).to_contain_text(f"{first} second-dispatcher正在派，已为您打开下一件")
    opened(page, second)


def _claim(site: Site, number: str, actor: Actor) -> None:
    with site.work() as work:
        ticket = work.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        until = work.now + work.city.dispatching.claim
        work.session.add(Claim(ticket_id=ticket.id, user_id=actor.user_id, until=until))


def test_a_ticket_is_taken_over_with_a_second_press(
    open_as: Callable[..., Page], site: Site, colleague: Actor
) -> None:
    one, other = open_as(DISPATCHER), open_as(colleague)
    first, _ = two_wait(site)
    one.clock.install()
    one.goto("/dispatch")
    opened(one, first)
    other.goto(f"/dispatch/{first}")

    other.get_by_text("由我来派").click()
    other.get_by_role("button", name="接过来，由我派").click()

    opened(other, first)
    one.clock.fast_forward(21_000)
    expect(one.get_by_text("second-dispatcher正在派这张工单")).to_be_visible()
    expect(one.locator("#send [data-key=enter]")).to_be_disabled()


def test_enter_goes_down_the_queue_the_urgent_first(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        normal, later = a_logged_ticket(work).number, a_logged_ticket(work).number
        urgent = a_logged_ticket(work, urgency=Urgency.URGENT).number
    page = open_as(DISPATCHER)
    page.goto("/dispatch")

    for number in (urgent, normal, later):
        opened(page, number)
        page.keyboard.press("Enter")
        expect(page.locator(".strips")).to_contain_text(f"{number} 已派给")

    expect(page.get_by_text("没有待派单的工单")).to_be_visible()


def test_enter_that_ends_a_composed_word_sends_nothing(open_as: Callable[..., Page], site: Site) -> None:
    first, second = two_wait(site)
    page = open_as(DISPATCHER)
    page.goto("/dispatch")
    opened(page, first)
    page.keyboard.press("c")
    typing = page.context.new_cdp_session(page)
    composed = {"text": "市交通", "selectionStart": 3, "selectionEnd": 3}

    typing.send("Input.imeSetComposition", composed)
    typing.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter"}
    )
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', code: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    typing.send("Input.insertText", {"text": "市交通局"})

    expect(page.locator("#to")).to_have_text("派给市交通局")
    assert site.ticket(first).status is Status.LOGGED
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    opened(page, second)
    assert site.ticket(first).lead_code == OTHER


def test_a_slip_is_taken_back_by_z(open_as: Callable[..., Page], site: Site) -> None:
    first, second = two_wait(site)
    page = open_as(DISPATCHER)
    page.goto("/dispatch")
    opened(page, first)
    page.keyboard.press("Enter")
    opened(page, second)
    expect(page.locator("[data-undo]")).to_contain_text("秒内可撤回")
    assert faults(page) == []

    page.keyboard.press("z")

    expect(page.locator(".strips")).to_contain_text("已撤回，回到待派单")
    opened(page, first)
    back = site.ticket(first)
    assert (back.status, back.lead_code, back.hop) == (Status.LOGGED, None, 0)


def test_too_late_the_bar_says_what_to_do_instead(open_as: Callable[..., Page], site: Site) -> None:
    first, second = two_wait(site)
    page = open_as(DISPATCHER)
    page.goto("/dispatch")
    opened(page, first)
    page.keyboard.press("Enter")
    opened(page, second)

    expect(page.locator(".strips")).to_contain_text("撤回时间已过，派错了请联系承办单位说明", timeout=12_000)
    expect(page.get_by_role("button", name="撤回")).to_have_count(0)
    page.keyboard.press("z")
    assert site.ticket(first).status is Status.DISPATCHED
    assert site.ticket(first).lead_code


def test_equal_ones_are_sent_together_with_a_result_for_each(
    open_as: Callable[..., Page], site: Site, colleague: Actor
) -> None:
    with site.work() as work:
        numbers = [a_logged_ticket(work, address=PLACE).number for _ in range(3)]
        differs = a_logged_ticket(work, address=PLACE, urgency=Urgency.URGENT).number
    page = open_as(DISPATCHER)
    page.goto(f"/dispatch/{numbers[0]}")
    page.keyboard.press("e")
    page.wait_for_url("**/together")
    boxes = page.locator("input[name=numbers]")
    expect(page.locator("input[name=numbers]:checked")).to_have_count(3)
    expect(boxes).to_have_count(4)
    assert faults(page) == []
    with site.work() as work:
        gone = work.session.scalars(select(Ticket).where(Ticket.number == numbers[2])).one()
        dispatching.dispatch(by(work, colleague), gone, dispatching.Choice(LEAD))

    page.keyboard.press("Control+Enter")

    page.wait_for_url("**/sent?*")
    expect(page.locator(f"#r-{numbers[0]}")).to_contain_text("已派出")
    expect(page.locator(f"#r-{numbers[1]}")).to_contain_text("已派出")
    expect(page.locator(f"#r-{numbers[2]}")).to_contain_text("同事已经办过")
    assert faults(page) == []
    assert site.ticket(differs).status is Status.LOGGED

    page.keyboard.press("z")

    expect(page.locator(f"#r-{numbers[1]}")).to_contain_text("已撤回，回到待派单")
    assert site.ticket(numbers[0]).status is Status.LOGGED
    assert site.ticket(numbers[2]).status is Status.DISPATCHED


def test_what_is_sent_together_fits_a_phone(open_as: Callable[..., Page], site: Site) -> None:
    with site.work() as work:
        first, _ = [a_logged_ticket(work, address=PLACE).number for _ in range(2)]
    page = open_as(DISPATCHER)
    page.set_viewport_size(PHONE)

    page.goto(f"/dispatch/{first}/together")

    assert faults(page) == []


def test_a_new_ticket_changes_the_counters_and_moves_no_row(
    open_as: Callable[..., Page], site: Site, colleague: Actor
) -> None:
    first, second = two_wait(site)
    page = open_as(DISPATCHER)
    page.clock.install()
    page.goto("/dispatch")
    opened(page, first)
    note = page.get_by_label("给承办单位的话")
    note.fill("今晚先设警示")
    with site.work() as work:
        urgent = a_logged_ticket(work, urgency=Urgency.CRITICAL).number
    _claim(site, second, colleague)

    page.clock.fast_forward(11_000)

    expect(page.locator("[data-count=waiting]")).to_have_text("3")
    expect(page.locator("#live")).to_contain_text("急件 1")
    expect(page.locator("#fresh")).to_contain_text("1 件新到或有变动")
    expect(page.locator(f".line[data-number='{second}']")).to_contain_text("second-dispatcher正在派")
    assert [line.get_attribute("data-number") for line in page.locator(".line[data-number]").all()] == [
        first,
        second,
    ]
    expect(note).to_be_focused()
    expect(note).to_have_value("今晚先设警示")
    note.blur()
    page.keyboard.press("r")
    expect(page.locator(".line[data-number]").first).to_have_attribute("data-number", urgent)


def test_nothing_is_asked_while_nobody_looks(open_as: Callable[..., Page], site: Site) -> None:
    two_wait(site)
    page = open_as(DISPATCHER)
    page.clock.install()
    page.goto("/dispatch")
    expect(page.locator("#claim[hx-trigger^=every]")).to_be_attached()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.evaluate("Object.defineProperty(document, 'hidden', {value: true})")
    page.clock.fast_forward(60_000)
    page.wait_for_timeout(300)

    assert [url for url in asked if "/dispatch/" in url] == []


def test_without_a_script_a_slip_is_taken_back_by_the_button(
    open_as: Callable[..., Page], site: Site
) -> None:
    first, _ = two_wait(site)
    page = open_as(java_script_enabled=False)
    page.goto("/sign-in")
    page.get_by_label("工号").fill(DISPATCHER.name)
    page.get_by_label("密码", exact=True).fill("correct-horse-battery")
    page.get_by_role("button", name="登录").click()
    page.goto(f"/dispatch/{first}")
    page.locator("#send button[type=submit]").click()

    page.get_by_role("button", name="撤回").click()

    expect(page.locator(".strips")).to_contain_text("已撤回")
    assert site.ticket(first).status is Status.LOGGED
