"""Fill a new database with two months of a city's life, and give out sign-ins to look at it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event, func, select

from hotline import clock, labels, runtime
from hotline.crypto import hash_password
from hotline.lifecycle import Role, Status
from hotline.models.department import Department
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.settings import Settings
from hotline.simulation import demand, rarities, setting
from hotline.simulation.cast import Cast, enrol
from hotline.simulation.play import Play
from hotline.tickets import accounts, notices, scorecard
from hotline.work import SYSTEM, Work

SEED = 12345
_READ_WITHIN = timedelta(days=2)


@dataclass(frozen=True)
class Filled:
    """What the fill brought: how many by status, and how the auto lane did.

    `automatic` went out without a person; of these, `right` reached the department that the true
    category routes to. `refused` counts which rules people ran into.
    """

    tickets: int
    by_status: dict[Status, int]
    automatic: int
    right: int
    refused: Counter[str]

    def words(self) -> str:
        share = f"（{self.right / self.automatic:.1%}）" if self.automatic else ""
        statuses = "，".join(f"{labels.STATUSES[one]} {number}" for one, number in self.by_status.items())
        return (
            f"已装入 {self.tickets} 张工单：{statuses}\n"
            f"自动派单 {self.automatic} 张，其中派对 {self.right} 张{share}；其余由派单员派出或当场办结"
        )


def fill(
    settings: Settings,
    *,
    tickets: int = 1200,
    days: int = 60,
    seed: int = SEED,
    progress: Callable[[float], None] = lambda share: None,
) -> Filled:
    """Play the last `days` days up to now, and end with tickets in every status.

    For a new database: while it fills, SQLite does not wait for the disk. `progress` hears the share
    that is done, 0 to 1. `runtime.start` comes first.
    """
    end = clock.now()
    begin = end - timedelta(days=days)
    with _in_a_hurry(runtime.current().engine):
        scene = setting.scene_of(settings, seed, begin)
        play = Play(scene, begin)
        play.expect(demand.calls(scene, begin, end, tickets))
        play.run(end, lambda now: progress((now - begin) / (end - begin)))
        rarities.show_every_status(play)
        rarities.show_joint_handling(play)
        play.keep_promises()
        _look_through_inboxes(scene.cast, end)
    with runtime.view(SYSTEM) as work:
        by_status = scorecard.by_status(work)
    lane = scene.auto_lane
    return Filled(sum(by_status.values()), by_status, len(lane), sum(lane), play.refused)


def _look_through_inboxes(cast: Cast, now: datetime) -> None:
    """Everybody has read what is older than two days, as people at work would."""
    people = [*(desk[0] for desk in cast.desks.values()), *cast.handlers.values(), *cast.leaders.values()]
    with runtime.work(SYSTEM, now=now) as work:
        for actor in people:
            notices.read_all(work.by(actor), told_before=now - _READ_WITHIN)


@contextmanager
def _in_a_hurry(engine: Engine) -> Iterator[None]:
    """Let SQLite answer before the disk does: what a power cut would lose here is made again."""
    if engine.dialect.name != "sqlite":
        yield
        return
    event.listen(engine, "checkout", _without_waiting)
    try:
        yield
    finally:
        event.remove(engine, "checkout", _without_waiting)
        # New connections are as careful as ever; the first thing they do is write all of it down.
        engine.dispose()
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")


def _without_waiting(connection: Any, _record: object, _proxy: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


@dataclass(frozen=True)
class SignIn:
    """Who may sign in to the demo. `department` is the short name, None for the hotline's own."""

    role: Role
    login: str
    name: str
    password: str
    department: str | None


def people(settings: Settings) -> list[SignIn]:
    """Give one person of each role a new random password, and say it: the only place where it is known.

    Handler and leader are of the department with the most tickets to act on. `runtime.start` comes first.
    """
    with runtime.work(SYSTEM) as work:
        chosen = _one_of_each(work, enrol(work))
    words = {user.id: accounts.new_password() for _, user, _ in chosen}
    hashes = {user_id: hash_password(password) for user_id, password in words.items()}
    with runtime.work(SYSTEM) as work:
        for user_id, hashed in hashes.items():
            user = work.session.get_one(User, user_id)
            user.password_hash = hashed
            user.failed_logins, user.locked_until = 0, None
            user.session_epoch += 1
    return [
        SignIn(role, user.login, user.name, words[user.id], department) for role, user, department in chosen
    ]


def _one_of_each(work: Work, cast: Cast) -> list[tuple[Role, User, str | None]]:
    busy = _busiest(work) or next(iter(cast.handlers))
    actors = {role: people[0] for role, people in cast.desks.items()}
    actors[Role.HANDLER], actors[Role.LEADER] = cast.handlers[busy], cast.leaders[busy]
    name = work.session.get_one(Department, busy).short
    return [
        (
            role,
            work.session.get_one(User, actors[role].user_id),
            name if actors[role].department_code else None,
        )
        for role in Role
        if role in actors
    ]


def _busiest(work: Work) -> str | None:
    loads = (
        select(Ticket.lead_code)
        .where(Ticket.status.in_((Status.DISPATCHED, Status.ACCEPTED)), Ticket.lead_code.is_not(None))
        .group_by(Ticket.lead_code)
        .order_by(func.count().desc(), Ticket.lead_code)
        .limit(1)
    )
    return work.session.scalar(loads)
