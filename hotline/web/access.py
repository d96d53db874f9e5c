"""Who may open which page. A view without an audience does not start.

The session cookie holds a user id and an epoch; both are compared with the database on each request,
so that a disabled person, or one whose sessions were ended, is out at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, session, url_for
from sqlalchemy import select
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from hotline import runtime
from hotline.errors import NotAllowed
from hotline.lifecycle import MOVES, Action, Role
from hotline.models.department import Department
from hotline.models.user import User
from hotline.work import CITIZEN, SYSTEM, Actor

View = TypeVar("View", bound=Callable[..., Any])

SIGNED_IN = frozenset(Role) - {Role.CITIZEN, Role.SYSTEM}
HOTLINE_ROLES = SIGNED_IN - {Role.HANDLER, Role.LEADER, Role.ADMIN}
DEPARTMENT_ROLES = frozenset({Role.HANDLER, Role.LEADER})


@dataclass(frozen=True)
class Person:
    """Who is signed in, as the bar shows it."""

    login: str
    name: str
    department: str | None


def open_to(*roles: Role) -> Callable[[View], View]:
    """Let people holding one of `roles` open this page; without any, everyone who is signed in."""

    def mark(view: View) -> View:
        view.audience = frozenset(roles) or SIGNED_IN  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(view: View) -> View:
    """Let anyone open this page, signed in or not."""
    view.audience = None  # type: ignore[attr-defined]
    return view


def guard(app: Flask) -> None:
    """Check the audience before every view of `app`. Call last: raises LookupError for a view without one."""
    open_to_all(app.view_functions["static"])
    for rule in app.url_map.iter_rules():
        if not hasattr(app.view_functions[rule.endpoint], "audience"):
            raise LookupError(f"{rule.endpoint}: add @open_to(...) or @open_to_all")
    # First of all, so that a page that is not ours costs and tells nothing.
    app.before_request_funcs.setdefault(None, []).insert(0, _require_audience)


def _require_audience() -> Response | None:
    g.viewer, g.person = CITIZEN, None
    if request.endpoint != "static" and "user" in session:
        _recognise()
    # An address that leads nowhere is refused later, with the bar of who asked.
    audience = _audience_of(request.endpoint) if request.endpoint else None
    if audience is None:
        return None
    if g.person is None:
        if request.method != "POST" and "HX-Request" not in request.headers:
            return redirect(url_for("login.sign_in", next=way_back()), 303)
        # What was typed must not be lost on the way, nor a part of a page become the sign-in page.
        raise Unauthorized
    if audience.isdisjoint(g.viewer.roles):
        raise NotAllowed("open", "page")
    return None


def _audience_of(endpoint: str) -> frozenset[Role] | None:
    audience: frozenset[Role] | None = vars(current_app.view_functions[endpoint])["audience"]
    return audience


def _recognise() -> None:
    """Set the viewer from the session; end the session when the person may no longer be here."""
    with runtime.view(SYSTEM) as work:
        row = work.session.execute(
            select(User, Department.short)
            .outerjoin(Department, User.department_code == Department.code)
            .where(User.id == session["user"])
        ).one_or_none()
        if row and row.User.active and row.User.session_epoch == session.get("epoch"):
            g.viewer = actor_of(row.User)
            g.person = Person(row.User.login, row.User.name, row.short)
            return
    session.clear()


def actor_of(user: User) -> Actor:
    return Actor(
        name=user.name,
        roles=frozenset(Role(role) for role in user.roles),
        user_id=user.id,
        department_code=user.department_code,
    )


def way_back() -> str:
    """Return where to go after sign-in: this page, or the one its form stood on."""
    if request.method == "GET":
        return request.full_path.removesuffix("?")
    return local_path(urlsplit(request.referrer or "").path) or "/"


def local_path(address: str | None) -> str | None:
    """Return `address` when it is a path of this site, else None: no redirect leads away."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 32 for character in address) or urlsplit(address).netloc:
        return None
    return address


def may(action: Action) -> Callable[[View], View]:
    """Let those open this page whose role the state machine lets do `action`."""
    return open_to(*(MOVES[action].roles & SIGNED_IN))


def sees_tickets(actor: Actor) -> bool:
    """Tell whether titles and texts may be shown: the administrator looks after the machine alone."""
    return not HOTLINE_ROLES.isdisjoint(actor.roles)
