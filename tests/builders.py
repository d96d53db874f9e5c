"""People and tickets for tests. Each builder goes through the use cases, as life does."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
from sqlalchemy.orm import Session

from hotline.cities.city import City
from hotline.lifecycle import Role
from hotline.models.calendar import CalendarDay
from hotline.models.department import Area, Category, Department
from hotline.models.lane import Lane
from hotline.models.ticket import Kind, Ticket, Urgency
from hotline.models.user import User
from hotline.tickets import dispatching, handling, intake, review
from hotline.tickets.callers import Identity
from hotline.work import Actor, Work
from sla import OfficialDay

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PROVISIONAL_YEAR = 2027

# Two departments of the demo city, and one person of each role.
LEAD, OTHER = "D-CG", "D-JT"
# The bureau of a district below the first, and a subdistrict there.
DISTRICT, STREET = "Q01-D-CG", "J0101"
_PEOPLE: tuple[tuple[str, Role, str | None], ...] = (
    ("agent", Role.AGENT, None),
    ("dispatcher", Role.DISPATCHER, None),
    ("handler", Role.HANDLER, LEAD),
    ("leader", Role.LEADER, LEAD),
    ("other-handler", Role.HANDLER, OTHER),
    ("reviewer", Role.REVIEWER, None),
    ("second-reviewer", Role.REVIEWER, None),
    ("follow-up", Role.FOLLOW_UP, None),
    ("supervisor", Role.SUPERVISOR, None),
    ("admin", Role.ADMIN, None),
    ("other-leader", Role.LEADER, OTHER),
    ("district-handler", Role.HANDLER, DISTRICT),
    ("street-handler", Role.HANDLER, STREET),
)
_ACTORS = {
    login: Actor(login, frozenset({role}), user_id, department)
    for user_id, (login, role, department) in enumerate(_PEOPLE, start=1)
}
AGENT = _ACTORS["agent"]
DISPATCHER = _ACTORS["dispatcher"]
HANDLER = _ACTORS["handler"]
LEADER = _ACTORS["leader"]
OTHER_HANDLER = _ACTORS["other-handler"]
OTHER_LEADER = _ACTORS["other-leader"]
REVIEWER = _ACTORS["reviewer"]
SECOND_REVIEWER = _ACTORS["second-reviewer"]
FOLLOWER = _ACTORS["follow-up"]
SUPERVISOR = _ACTORS["supervisor"]
ADMIN = _ACTORS["admin"]
DISTRICT_HANDLER = _ACTORS["district-handler"]
STREET_HANDLER = _ACTORS["street-handler"]
PHONE = "13800000001"
_keys = itertools.count(1)


def enrol(session: Session) -> None:
    """Write one user for each of the actors above; their ids agree. Nobody can sign in yet."""
    for actor in _ACTORS.values():
        user = User(
            login=actor.name,
            name=actor.name,
            password_hash="!",
            roles=sorted(actor.roles),
            department_code=actor.department_code,
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        session.add(user)
        # Counted by the database, so that whoever is entered next does not get the same one.
        session.flush()
        assert user.id == actor.user_id


def official_days() -> list[OfficialDay]:
    """The official days of 2026, and 2027 by weekday as provisional."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(730)]
    return [OfficialDay(day, _works(day), official=day.year < PROVISIONAL_YEAR) for day in days]


def _works(day: date) -> bool:
    if day.year >= PROVISIONAL_YEAR:
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def fill_profile_tables(session: Session, city: City) -> None:
    for department in city.departments:
        session.add(
            Department(
                code=department.code, name=department.name, short=department.short, kind=department.kind
            )
        )
    for area in city.gazetteer.areas:
        session.add(Area(code=area.code, name=area.name, level=area.level, parent_code=area.parent))
        session.flush()
    for category in city.taxonomy:
        session.add(Category(code=category.code, name=category.name, parent_code=category.parent))
    for day in official_days():
        session.add(CalendarDay(day=day.day, works=day.works, name="", source="test", official=day.official))


def by(work: Work, actor: Actor, *, after: timedelta = timedelta(0)) -> Work:
    """Hand the work to `actor`, some time later."""
    return replace(work, actor=actor, now=work.now + after)


def fresh_key() -> str:
    """A request key that no other form has."""
    return f"key-{next(_keys)}"


def an_open_lane(work: Work, category: str, *, threshold: float = 0.5) -> None:
    """Let `category` go without a person under the model in force, as if its decisions had proved it."""
    model = work.city.classifier
    assert model is not None
    proved = Lane(category_code=category, model=model.version, threshold=threshold, reckoned_at=work.now)
    proved.cases = proved.right = 99
    work.session.merge(proved)
    work.session.flush()


def a_call(**changes: object) -> intake.Call:
    call = intake.Call(
        request_key=fresh_key(),
        content="小区门口的路灯从上周起一直不亮，晚上出门看不清路，希望尽快修好。",
        address="海澜区潮音街道",
        kind=Kind.COMPLAINT,
        urgency=Urgency.NORMAL,
        category="0204",
        identity=Identity("王小川", PHONE),
    )
    return replace(call, **changes)  # type: ignore[arg-type]


def a_logged_ticket(work: Work, **changes: object) -> Ticket:
    """A ticket that waits on the dispatch desk."""
    return intake.log(by(work, AGENT), a_call(**changes), auto_lane=False).ticket


def a_dispatched_ticket(work: Work, *, lead: str = LEAD, **changes: object) -> Ticket:
    ticket = a_logged_ticket(work, **changes)
    dispatching.dispatch(by(work, DISPATCHER), ticket, dispatching.Choice(lead))
    return ticket


def a_street_ticket(work: Work, **changes: object) -> Ticket:
    """A matter that a subdistrict leads, dispatched to it."""
    about = {"category": "0109", "content": "楼前空地堆满旧家具。"} | changes
    return a_dispatched_ticket(work, lead=STREET, **about)


def an_accepted_ticket(work: Work, **changes: object) -> Ticket:
    ticket = a_dispatched_ticket(work, **changes)
    handling.accept(by(work, HANDLER), ticket)
    return ticket


A_RESULT = handling.Result(
    outcome="solved",
    facts="现场更换了两盏灯的灯头和镇流器，已恢复照明。",
    answer="您反映的两盏路灯已修好，今晚起正常照明。",
)


def a_contacted_ticket(work: Work, **changes: object) -> Ticket:
    ticket = an_accepted_ticket(work, **changes)
    handling.contact(by(work, HANDLER), ticket, reached=True, note="已电话说明今晚派人到场")
    return ticket


def a_resolved_ticket(work: Work, **changes: object) -> Ticket:
    ticket = a_contacted_ticket(work, **changes)
    handling.resolve(by(work, HANDLER), ticket, A_RESULT)
    return ticket


def a_ticket_to_follow_up(work: Work, **changes: object) -> Ticket:
    ticket = a_resolved_ticket(work, **changes)
    review.accept_result(by(work, REVIEWER), ticket)
    return ticket
