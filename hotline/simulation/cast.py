"""Who works in the simulated city: a few people at each desk, two in every department."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from sqlalchemy import select

from hotline.lifecycle import Role
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.simulation.habits import chance
from hotline.tickets import timeline
from hotline.work import Actor, Work

# A hash that no password matches: whom `demo.people` gives none cannot sign in.
_LOCKED = "!"
_DESKS = {
    Role.AGENT: ("agent", ("陈思雨", "李佳宁", "王一帆", "赵梦洁", "孙浩然", "周雅琪")),
    Role.DISPATCHER: ("dispatcher", ("刘春梅", "许志明", "何静")),
    Role.REVIEWER: ("reviewer", ("郑文华", "沈丽萍", "蒋卫东")),
    Role.FOLLOW_UP: ("follow-up", ("吴晓燕", "马丽娜", "罗婷", "谢芳")),
    Role.SUPERVISOR: ("supervisor", ("高建军", "宋雅文", "韩志远")),
    Role.ADMIN: ("admin", ("系统管理员",)),
}
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = ("伟", "敏", "静", "磊", "洋", "勇", "艳", "杰", "娟", "涛", "超", "霞", "平", "刚", "玲", "辉")


@dataclass(frozen=True)
class Cast:
    """People by role, and for each department its handler and its leader."""

    desks: dict[Role, tuple[Actor, ...]]
    handlers: dict[str, Actor]
    leaders: dict[str, Actor]

    def uninvolved(self, work: Work, ticket: Ticket, role: Role, rng: Random) -> Actor:
        """Return someone of this desk who did nothing to `ticket` yet, else anyone of it."""
        people = list(self.desks[role])
        rng.shuffle(people)
        for actor in people:
            if actor.user_id is None or not timeline.took_part(work, ticket, actor.user_id):
                return actor
        return people[0]


def enrol(work: Work) -> Cast:
    """Return the people of this city; those whom the database lacks are entered, unable to sign in."""
    standing = {user.login: user for user in work.session.scalars(select(User))}
    desks: dict[Role, list[Actor]] = {role: [] for role in _DESKS}
    handlers: dict[str, Actor] = {}
    leaders: dict[str, Actor] = {}
    for login, name, role, department in _everyone(work):
        user = standing.get(login) or _enter(work, login, name, role, department)
        work.session.flush()
        actor = Actor(user.name, frozenset({role}), user.id, department)
        if role is Role.HANDLER and department:
            handlers[department] = actor
        elif role is Role.LEADER and department:
            leaders[department] = actor
        else:
            desks[role].append(actor)
    return Cast({role: tuple(people) for role, people in desks.items()}, handlers, leaders)


def _everyone(work: Work) -> Iterator[tuple[str, str, Role, str | None]]:
    for role, (login, names) in _DESKS.items():
        for number, name in enumerate(names, start=1):
            yield f"{login}{number}", name, role, None
    for department in work.city.departments:
        rng = chance(department.code)
        for login, role in (("1", Role.HANDLER), ("2", Role.LEADER)):
            name = rng.choice(_SURNAMES) + rng.choice(_GIVEN)
            yield f"{department.code.lower()}-{login}", name, role, department.code


def _enter(work: Work, login: str, name: str, role: Role, department: str | None) -> User:
    user = User(
        login=login,
        name=name,
        password_hash=_LOCKED,
        roles=[role.value],
        department_code=department,
        created_at=work.now,
    )
    work.session.add(user)
    return user
