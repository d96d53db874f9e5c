"""Every page: nothing broken behind it, read by everyone, on a desk and on a phone, light and dark."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page

from hotline.app import create_app
from hotline.models.ticket import Ticket
from hotline.settings import Settings
from hotline.tickets import rating
from hotline.web.catalogue.book import key_of
from hotline.work import Actor, Work
from tests.browser import stories
from tests.browser.looks import faults
from tests.browser.site import SECRET_KEY, VAULT_KEY, Site
from tests.builders import (
    ADMIN,
    AGENT,
    DISPATCHER,
    DISTRICT_HANDLER,
    FOLLOWER,
    HANDLER,
    LEADER,
    OTHER_HANDLER,
    REVIEWER,
    STREET_HANDLER,
    SUPERVISOR,
    a_contacted_ticket,
    a_dispatched_ticket,
    a_logged_ticket,
    a_resolved_ticket,
    a_ticket_to_follow_up,
    an_accepted_ticket,
)

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Visit:
    """Who opens a page, where, and the ticket that there must be for the page to show something."""

    actor: Actor | None
    path: str
    ticket: Callable[[Work], Ticket] | None = None


ORDER = "/supervisor/tickets/{number}/order"
VISITS = {
    "login.sign_in": Visit(None, "/sign-in"),
    "login.password": Visit(AGENT, "/password"),
    "agent.desk": Visit(AGENT, "/agent?new=1"),
    "agent.today": Visit(AGENT, "/agent/today", a_logged_ticket),
    "agent.logged": Visit(AGENT, "/agent/logged/{number}", a_logged_ticket),
    "agent.answer": Visit(AGENT, "/tickets/{number}/answer", a_logged_ticket),
    "agent.transfer": Visit(AGENT, "/tickets/{number}/transfer", a_logged_ticket),
    "remarks.amend": Visit(AGENT, "/tickets/{number}/amend", a_logged_ticket),
    "remarks.note": Visit(AGENT, "/tickets/{number}/note", a_logged_ticket),
    "remarks.reveal": Visit(AGENT, "/tickets/{number}/reveal", a_logged_ticket),
    "remarks.urge": Visit(AGENT, "/tickets/{number}/urge", a_dispatched_ticket),
    "remarks.withdraw": Visit(AGENT, "/tickets/{number}/withdraw", a_logged_ticket),
    "dispatcher.desk": Visit(DISPATCHER, "/dispatch", a_logged_ticket),
    "dispatcher.case": Visit(DISPATCHER, "/dispatch/{number}", a_logged_ticket),
    "dispatcher.together": Visit(DISPATCHER, "/dispatch/{number}/together", stories.one_of_several),
    "dispatcher.sent": Visit(DISPATCHER, "/dispatch/sent?one={number}:sent", a_dispatched_ticket),
    "dispatcher.returns": Visit(DISPATCHER, "/dispatch/returns", stories.asked_back),
    "dispatcher.returned": Visit(DISPATCHER, "/dispatch/returns/{number}", stories.asked_back),
    "dispatcher.bench": Visit(DISPATCHER, "/dispatch/bench"),
    "dispatcher.automatic": Visit(DISPATCHER, "/dispatch/automatic"),
    "dispatcher.merge": Visit(DISPATCHER, "/dispatch/{number}/merge", a_logged_ticket),
    "dispatcher.split": Visit(DISPATCHER, "/dispatch/{number}/split", stories.of_two_matters),
    "dispatcher.split_done": Visit(DISPATCHER, "/dispatch/{number}/split/done", stories.split),
    "dispatcher.unmerge": Visit(DISPATCHER, "/dispatch/{number}/unmerge", stories.merged),
    "department.queue": Visit(HANDLER, "/department", a_dispatched_ticket),
    "department.assist": Visit(OTHER_HANDLER, "/department/tickets/{number}/assist", stories.shared),
    "department.contact": Visit(HANDLER, "/department/tickets/{number}/contact", an_accepted_ticket),
    "department.hand_down": Visit(HANDLER, "/department/tickets/{number}/hand-down", an_accepted_ticket),
    "department.give_back": Visit(
        DISTRICT_HANDLER, "/department/tickets/{number}/give-back", stories.handed_down
    ),
    "department.report_up": Visit(
        DISTRICT_HANDLER, "/department/tickets/{number}/report-up", stories.handed_down
    ),
    "department.decline": Visit(OTHER_HANDLER, "/department/tickets/{number}/decline", stories.shared),
    "department.add_assisting": Visit(
        HANDLER, "/department/tickets/{number}/add-assisting", an_accepted_ticket
    ),
    "department.release": Visit(HANDLER, "/department/tickets/{number}/release", stories.shared_in_hand),
    "department.whistle": Visit(
        STREET_HANDLER, "/department/tickets/{number}/whistle", stories.with_the_street
    ),
    "department.arrive": Visit(DISTRICT_HANDLER, "/department/tickets/{number}/arrive", stories.whistled),
    "department.confirm_arrival": Visit(
        STREET_HANDLER, "/department/tickets/{number}/arrivals", stories.arrived
    ),
    "supervisor.joint": Visit(SUPERVISOR, "/supervisor/joint", stories.arrived),
    "department.resolve": Visit(HANDLER, "/department/tickets/{number}/resolve", a_contacted_ticket),
    "department.draft_return": Visit(
        HANDLER, "/department/tickets/{number}/return/draft", a_dispatched_ticket
    ),
    "department.request_return": Visit(LEADER, "/department/tickets/{number}/return", stories.drafted),
    "department.drop_draft": Visit(LEADER, "/department/tickets/{number}/return/drop", stories.drafted),
    "department.give_opinion": Visit(OTHER_HANDLER, "/department/tickets/{number}/opinion", stories.convened),
    "department.request_extension": Visit(
        HANDLER, "/department/tickets/{number}/extension", an_accepted_ticket
    ),
    "department.request_suspension": Visit(
        HANDLER, "/department/tickets/{number}/suspension", an_accepted_ticket
    ),
    "department.request_exclusion": Visit(
        HANDLER, "/department/tickets/{number}/exclusion", a_resolved_ticket
    ),
    "review.desk": Visit(REVIEWER, "/review/", a_resolved_ticket),
    "review.result": Visit(REVIEWER, "/review/{number}/result", a_resolved_ticket),
    "review.extension": Visit(REVIEWER, "/review/{number}/extension", stories.asking_for_time),
    "review.suspension": Visit(REVIEWER, "/review/{number}/suspension", stories.asking_to_wait),
    "review.exclusion": Visit(REVIEWER, "/review/{number}/exclusion", stories.asking_to_be_left_out),
    "review.resume": Visit(REVIEWER, "/review/{number}/resume", stories.waiting),
    "followup.desk": Visit(FOLLOWER, "/follow-up/", a_ticket_to_follow_up),
    "followup.person": Visit(FOLLOWER, "/follow-up/{number}", a_ticket_to_follow_up),
    "supervisor.board": Visit(SUPERVISOR, "/supervisor/", a_dispatched_ticket),
    "supervisor.wallboard": Visit(SUPERVISOR, "/supervisor/wallboard", a_dispatched_ticket),
    "supervisor.scorecard": Visit(SUPERVISOR, "/supervisor/scorecard", stories.closed),
    "supervisor.evidence": Visit(
        SUPERVISOR, "/supervisor/evidence?measure=satisfaction&days=30", stories.closed
    ),
    "supervisor.quality": Visit(SUPERVISOR, "/supervisor/dispatch-quality?by=dispatcher", stories.asked_back),
    "supervisor.quality_tickets": Visit(
        SUPERVISOR, "/supervisor/dispatch-quality/tickets?figure=dispatched", stories.asked_back
    ),
    "supervisor.time": Visit(SUPERVISOR, "/supervisor/time?days=30", stories.closed),
    "supervisor.time_tickets": Visit(SUPERVISOR, "/supervisor/time/tickets?figure=held", stories.closed),
    "department.time": Visit(HANDLER, "/department/time?view=logged", stories.asking_for_time),
    "department.time_tickets": Visit(
        HANDLER, "/department/time/tickets?figure=waiting&view=logged", stories.asking_for_time
    ),
    "supervisor.day": Visit(SUPERVISOR, "/supervisor/day?event=closed&on={today}", stories.closed),
    "supervisor.supervise": Visit(SUPERVISOR, "/supervisor/tickets/{number}/supervise", a_dispatched_ticket),
    "supervisor.ordered": Visit(SUPERVISOR, "/supervisor/orders", stories.ordered),
    "supervisor.accept_reply": Visit(SUPERVISOR, f"{ORDER}/accept", stories.replied),
    "supervisor.refuse_reply": Visit(SUPERVISOR, f"{ORDER}/refuse", stories.replied),
    "supervisor.cancel_order": Visit(SUPERVISOR, f"{ORDER}/cancel", stories.ordered),
    "supervisor.escalate": Visit(SUPERVISOR, f"{ORDER}/escalate", stories.ordered),
    "orders.order": Visit(SUPERVISOR, "/orders/{number}-1", stories.replied),
    "orders.paper": Visit(LEADER, "/orders/{number}-1/print", stories.replied),
    "department.reply_order": Visit(LEADER, "/department/tickets/{number}/order", stories.ordered),
    "supervisor.defer": Visit(SUPERVISOR, "/supervisor/tickets/{number}/defer", an_accepted_ticket),
    "supervisor.write_off": Visit(SUPERVISOR, "/supervisor/tickets/{number}/write-off", stories.put_off),
    "supervisor.open_dispute": Visit(SUPERVISOR, "/supervisor/tickets/{number}/dispute", stories.asked_back),
    "supervisor.name_provisional": Visit(
        SUPERVISOR, "/supervisor/tickets/{number}/provisional", stories.disputed
    ),
    "supervisor.trial": Visit(SUPERVISOR, "/supervisor/what-if"),
    "supervisor.disputes": Visit(SUPERVISOR, "/supervisor/disputes", stories.disputed),
    "supervisor.convene": Visit(SUPERVISOR, "/supervisor/tickets/{number}/convene", stories.disputed),
    "supervisor.give_opinion": Visit(SUPERVISOR, "/supervisor/tickets/{number}/opinion", stories.convened),
    "supervisor.write_minutes": Visit(SUPERVISOR, "/supervisor/tickets/{number}/minutes", stories.convened),
    "supervisor.designate": Visit(SUPERVISOR, "/supervisor/tickets/{number}/designate", stories.minuted),
    "supervisor.judge": Visit(SUPERVISOR, "/supervisor/tickets/{number}/judge", stories.badly_answered),
    "supervisor.reopen": Visit(SUPERVISOR, "/supervisor/tickets/{number}/reopen", stories.closed),
    "inbox.told": Visit(DISPATCHER, "/notices", stories.told_of_a_return),
    "tickets.list_page": Visit(SUPERVISOR, "/tickets?tab=all&q=长椅", stories.about_a_bench),
    "tickets.search": Visit(AGENT, "/tickets/search?q=长椅", stories.about_a_bench),
    "tickets.ticket": Visit(HANDLER, "/tickets/{number}", stories.asking_for_time),
    "arithmetic.show": Visit(HANDLER, "/tickets/{number}/passport/resolve-1-1", stories.asking_for_time),
    "admin.users": Visit(ADMIN, "/admin/users"),
    "admin.new_user": Visit(ADMIN, "/admin/users/new"),
    "digest.show": Visit(HANDLER, "/digest", stories.late_for_long),
    "admin.user": Visit(ADMIN, "/admin/users/1"),
    "admin.system": Visit(ADMIN, "/admin/system"),
    "citizen.track": Visit(None, "/track"),
    "citizen.link": Visit(None, "/rate/{token}", a_ticket_to_follow_up),
    "calendar.show": Visit(SUPERVISOR, "/calendar?year=2026", stories.a_typhoon),
    "calendar.hand_in": Visit(ADMIN, "/calendar/import"),
    "calendar.exception": Visit(SUPERVISOR, "/calendar/exception"),
    "calendar.version": Visit(SUPERVISOR, "/calendar/versions/{proposal}", stories.a_typhoon),
    "catalogue.show": Visit(DISPATCHER, "/catalogue"),
    "catalogue.entry": Visit(HANDLER, "/catalogue/entries/{entry}"),
    "catalogue.draft": Visit(SUPERVISOR, "/catalogue/draft", stories.a_draft),
    "catalogue.edit": Visit(DISPATCHER, "/catalogue/draft/entries/{entry}"),
    "catalogue.foresee": Visit(SUPERVISOR, "/catalogue/draft/preview", stories.a_draft),
    "catalogue.examples_page": Visit(DISPATCHER, "/catalogue/draft/examples"),
    "catalogue.example": Visit(DISPATCHER, "/catalogue/draft/examples/new"),
    "catalogue.hand_in": Visit(ADMIN, "/catalogue/draft/import"),
    "catalogue.versions": Visit(ADMIN, "/catalogue/versions", stories.a_draft),
    "catalogue.version": Visit(DISPATCHER, "/catalogue/versions/1", stories.a_draft),
    "automation.show": Visit(SUPERVISOR, "/automation", a_dispatched_ticket),
    "automation.lane": Visit(DISPATCHER, "/automation/0204", a_dispatched_ticket),
    "models.show": Visit(ADMIN, "/models"),
    "models.drift": Visit(ADMIN, "/models/drift"),
    "models.drifted": Visit(SUPERVISOR, "/models/drift/0204"),
    "models.dictionary": Visit(ADMIN, "/models/dictionary"),
    "citizen.thanks": Visit(None, "/thanks"),
}
# Reached only after another page; tests/browser/test_citizen.py and test_trials.py go there.
AFTERWARDS = {"citizen.ticket", "citizen.withdraw", "supervisor.trial_answer"}
# Parts of a page, answers to programs, and the way to each person's first desk.
NO_PAGES = {
    *("static", "home", "health.alive", "health.ready", "models.progress"),
    *("catalogue.export", "calendar.export", "dispatcher.live", "arithmetic.as_json"),
    *("supervisor.trial_progress", "supervisor.trial_file"),
    *("supervisor.time_file", "department.time_file"),
}


@pytest.mark.parametrize("endpoint", VISITS)
def test_the_page_is_sound(open_as: Callable[..., Page], site: Site, endpoint: str) -> None:
    visit = VISITS[endpoint]
    path = visit.path.replace("{entry}", key_of(site.city.catalogue_text.lines[0]))
    if visit.ticket:
        with site.work() as work:
            ticket = visit.ticket(work)
            path = path.format(
                number=ticket.number,
                token=rating.link_token(work, ticket),
                today=work.now.astimezone(work.city.zone).date(),
                proposal=stories.last_proposal(work),
            )
    page = open_as(visit.actor)

    answer = page.goto(path)

    assert answer is not None
    assert answer.ok
    # A desk leads on to the first that waits there, and nowhere else.
    assert unquote(page.url).startswith(site.url + path)
    assert faults(page) == []


def test_no_page_is_left_out() -> None:
    app = create_app(Settings(secret_key=SECRET_KEY, vault_key=VAULT_KEY), start_runtime=False)
    shown = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.endpoint.endswith("_live")
    }

    assert shown - NO_PAGES == VISITS.keys() | AFTERWARDS
