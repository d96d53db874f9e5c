"""What falls due by the clock: alerts, resumptions, expired links, digests.

One row, one transaction each; alerts many to one, or one by one when any of them fails.
"""

import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sqlalchemy.exc import OperationalError

from hotline import runtime
from hotline.jobs.tasks import CHECK_LEDGER
from hotline.logs import log
from hotline.models.mark import Mark
from hotline.models.outbox import OutboxMessage
from hotline.models.version import Cause, Standing
from hotline.tickets import alerting, digests, followup, orders, suspension, trainings, upkeep, versions
from hotline.tickets.promises import RECKON_LANES
from hotline.work import SYSTEM, Work

NIGHT_HOUR = 2
# So many alerts that desks which wait for the writer of SQLite hardly notice.
BATCH = 100
# SQLite has one writer, and who waits for it looks again every tenth of a second: let him find it free.
REST = 0.11
LEDGER_MARK = "ledger_checked_on"
TAUGHT_MARK = "taught_in"


def due_alerts() -> int:
    """Raise every alert that has fallen due. Returns for how many clocks.

    Safe and useful in several processes at once: what one has claimed the others leave out.
    """
    raised = 0
    while _next_due_id() is not None:
        try:
            with runtime.work(SYSTEM) as work:
                claimed = alerting.claim_due(work, most=BATCH)
                raised += alerting.raise_due(work, claimed)
                alone = work.session.get_bind().dialect.name == "sqlite"
            if alone:
                time.sleep(REST)
        except OperationalError:  # the database is away, not a row poisonous: the ticker tries again
            raise
        except Exception:  # which one it was shows when each is raised alone
            log.exception("batch_failed", sweep="due_alerts")
            claimed, rang = _raise_each()
            raised += rang
        if not claimed:  # others hold what is left
            break
    return raised


def _raise_each() -> tuple[list[int], int]:
    """Raise a batch of due alerts, one transaction each. Returns which, and how many rang."""
    with runtime.view(SYSTEM) as work:
        found = alerting.due_ids(work, most=BATCH)
    rang = 0
    for deadline_id in found:
        try:
            with runtime.work(SYSTEM) as work:
                rang += alerting.raise_alert(work, deadline_id)
        except OperationalError:
            raise
        except Exception:  # a poisonous row must not stop the others
            log.exception("alert_failed", deadline=deadline_id)
            with runtime.work(SYSTEM) as work:
                alerting.postpone(work, deadline_id)
    return found, rang


def due_digests() -> int:
    """Give everybody whose shift has begun his digest, one transaction each. Returns how many were given."""
    with runtime.view(SYSTEM) as work:
        round_ = digests.next_round(work)
    if round_ is None:
        return 0
    given = 0
    for user_id in round_.people:
        with runtime.work(SYSTEM) as work:
            given += digests.give(work, user_id)
    with runtime.work(SYSTEM) as work:
        digests.close_round(work, round_)
    return given


def due_resumes() -> int:
    """Resume what was suspended, and take off the books what was deferred, until today. Returns how many."""
    return _each(suspension.due_resumes, suspension.resume_when_due)


def due_escalations() -> int:
    """Take every order overdue to the level above, where the city does that by itself. Returns how many."""
    return _each(orders.due_escalations, orders.escalate_when_due)


def expired_links() -> int:
    """Close as unreached what was not answered by link in time. Returns how many."""
    return _each(followup.expired, followup.close_expired)


def nightly() -> bool:
    """Promise, once a local day and not before the small hours, to check and anchor the ledger."""
    with runtime.work(SYSTEM) as work:
        local = work.now.astimezone(work.city.zone)
        if local.hour < NIGHT_HOUR:
            return False
        mark = work.session.get(Mark, LEDGER_MARK, with_for_update=True)
        if mark is None:
            mark = Mark(name=LEDGER_MARK, value="")
            work.session.add(mark)
        today = local.date().isoformat()
        if mark.value == today:
            return False
        mark.value = today
        yesterday = (local.date() - timedelta(days=1)).isoformat()
        work.session.add(OutboxMessage(kind=CHECK_LEDGER, payload={"day": yesterday}))
        work.session.add(OutboxMessage(kind=RECKON_LANES, payload={}))
        _weekly(work, local.date())
        _warn_of_calendar(work)
        return True


def _warn_of_calendar(work: Work) -> None:
    end = upkeep.calendar_end(work)
    if end.warns:
        log.warning("calendar_ends", official_until=str(end.official_until), days_left=end.days_left)


def _weekly(work: Work, today: date) -> None:
    """Have a model taught by what was decided, once a week of the calendar.

    Not while one looks on: it would lose its place on the day its shadow time is over.
    """
    if not work.city.learning.weekly or versions.standing(work, Standing.SHADOW):
        return
    week = f"{today:%G-W%V}"
    mark = work.session.get(Mark, TAUGHT_MARK)
    if mark is None or mark.value != week:
        work.session.merge(Mark(name=TAUGHT_MARK, value=week))
        trainings.ask(work, Cause.WEEK)


def _next_due_id() -> int | None:
    with runtime.view(SYSTEM) as work:
        return alerting.next_due_id(work)


def _each(find: Callable[[Work], Sequence[int]], settle: Callable[[Work, int], bool]) -> int:
    """Settle what `find` returns, once each; what fails is found again by the next sweep."""
    with runtime.view(SYSTEM) as work:
        found = find(work)
    settled = 0
    for ticket_id in found:
        try:
            with runtime.work(SYSTEM) as work:
                settled += settle(work, ticket_id)
        except Exception:  # a poisonous row must not stop the others
            log.exception("sweep_failed", sweep=settle.__name__, ticket=ticket_id)
    return settled
