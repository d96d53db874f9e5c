"""The people who sign in: entered, moved out, let in again. Passwords arrive here hashed."""

import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from hotline.errors import InvalidInput, NotAllowed, NotFound
from hotline.lifecycle import Role
from hotline.models.user import User
from hotline.tickets.callers import phone_digits
from hotline.work import Work

PAGE = 50
_PHONE = "users.phone"
# The roles that belong to a department; whoever holds one has its code, and holds no other.
OF_DEPARTMENT = frozenset({Role.HANDLER, Role.LEADER})
GIVEN = tuple(role for role in Role if role not in {Role.CITIZEN, Role.SYSTEM})
_LOGIN = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,31}")
# Without signs that look alike: a password is read out or copied by hand once.
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_PASSWORD_LENGTH = 12


@dataclass(frozen=True)
class NewPerson:
    login: str
    name: str
    roles: Collection[Role]
    department: str | None = None


@dataclass(frozen=True)
class People:
    """One page; `after` is the login to go on behind, None at the end."""

    users: Sequence[User]
    after: str | None


def new_password() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_PASSWORD_LENGTH))


def leaders_of(work: Work, department: str) -> list[User]:
    """Return who signs for a department (分管负责人), by login. One query."""
    found = select(User).where(User.department_code == department, User.active).order_by(User.login)
    return [one for one in work.session.scalars(found) if Role.LEADER in one.roles]


def people(
    work: Work, *, words: str = "", role: Role | None = None, after: str = "", size: int = PAGE
) -> People:
    """Return people by login. `words`: a part of login, name or department's short name."""
    found = select(User).where(User.login > after).order_by(User.login)
    if words:
        codes = [one.code for one in work.city.departments if words in one.short]
        found = found.where(
            or_(
                User.login.contains(words, autoescape=True),
                User.name.contains(words, autoescape=True),
                User.department_code.in_(codes),
            )
        )
    # Roles are a list in one column; few people hold any, so they are sifted here.
    held = (user for user in work.session.scalars(found) if role is None or role.value in user.roles)
    shown = [user for user, _ in zip(held, range(size + 1), strict=False)]
    return People(shown[:size], shown[size - 1].login if len(shown) > size else None)


def person(work: Work, user_id: int) -> User:
    """Return one of them. Raises NotFound."""
    user = work.session.get(User, user_id)
    if user is None:
        raise NotFound("user", user_id)
    return user


def enter(work: Work, new: NewPerson, *, password_hash: str) -> User:
    """Enter a person. Raises InvalidInput when the login is taken or the roles do not go together."""
    _require_admin(work)
    problems = _problems_of(work, new)
    if problems:
        raise InvalidInput(problems)
    user = User(
        login=new.login,
        name=new.name,
        password_hash=password_hash,
        roles=sorted(role.value for role in set(new.roles)),
        department_code=new.department,
        created_at=work.now,
    )
    try:
        with work.session.begin_nested():
            work.session.add(user)
    except IntegrityError:  # another admin entered the same login meanwhile
        raise InvalidInput({"login": "login_taken"}) from None
    return user


def _problems_of(work: Work, new: NewPerson) -> dict[str, str]:
    problems = {}
    if not _LOGIN.fullmatch(new.login):
        problems["login"] = "login_form"
    elif work.session.scalar(select(User.id).where(User.login == new.login)):
        problems["login"] = "login_taken"
    if not new.name.strip():
        problems["name"] = "missing"
    if not new.roles or not set(new.roles) <= set(GIVEN):
        problems["roles"] = "choose"
    elif set(new.roles) <= OF_DEPARTMENT:
        if new.department is None:
            problems["department"] = "needs_department"
        elif new.department not in work.city.departments:
            problems["department"] = "unknown_department"
    elif new.department is not None or not OF_DEPARTMENT.isdisjoint(new.roles):
        problems["department"] = "takes_no_department"
    return problems


def reset_password(work: Work, user_id: int, *, password_hash: str) -> User:
    """Give a new password: the account is unlocked, its sessions end."""
    _require_admin(work)
    user = person(work, user_id)
    user.password_hash = password_hash
    user.failed_logins, user.locked_until = 0, None
    user.session_epoch += 1
    return user


def end_sessions(work: Work, user_id: int) -> User:
    """Sign a person out everywhere."""
    _require_admin(work)
    user = person(work, user_id)
    user.session_epoch += 1
    return user


def set_active(work: Work, user_id: int, *, active: bool) -> User:
    """Let a person sign in or not. Nobody shuts himself out: InvalidInput."""
    _require_admin(work)
    user = person(work, user_id)
    if user.id == work.actor.user_id:
        raise InvalidInput({"active": "own_account"})
    user.active = active
    user.session_epoch += 1
    return user


def _require_admin(work: Work) -> None:
    if work.actor.roles.isdisjoint({Role.ADMIN, Role.SYSTEM}):
        raise NotAllowed("administer")


def phone_of(work: Work, user: User) -> str | None:
    """Return where text messages reach this person, None for nowhere."""
    return work.vault.open(_PHONE, user.phone_sealed) if user.phone_sealed else None


def set_phone(work: Work, user: User, phone: str) -> None:
    """Keep where text messages reach this person; empty for nowhere. Raises InvalidInput."""
    _require_admin(work)
    digits = phone_digits(phone)
    user.phone_sealed = work.vault.seal(_PHONE, digits) if digits else None
