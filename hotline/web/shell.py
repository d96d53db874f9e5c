"""What surrounds every page: the bar, the way to each desk, the legal next steps."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for
from markupsafe import Markup

from hotline import labels, runtime
from hotline.lifecycle import Action, Role
from hotline.web import errors, forms
from hotline.web.access import DEPARTMENT_ROLES, HOTLINE_ROLES
from hotline.work import CITIZEN, Actor, Work


@dataclass(frozen=True)
class Entry:
    """A word in the bar, for people who hold one of `roles`; `count` is what waits there for them."""

    endpoint: str
    name: str
    roles: frozenset[Role]
    count: Callable[[Work], int] | None = None


# In the order of a ticket's life. The first entry of a person is where sign-in leads.
NAV: list[Entry] = [
    Entry("agent.desk", "话务受理", frozenset({Role.AGENT})),
    Entry("dispatcher.desk", "派单台", frozenset({Role.DISPATCHER})),
    Entry("department.queue", "承办待办", DEPARTMENT_ROLES),
    Entry("review.desk", "审核台", frozenset({Role.REVIEWER})),
    Entry("followup.desk", "回访台", frozenset({Role.FOLLOW_UP})),
    Entry("supervisor.board", "督办看板", frozenset({Role.SUPERVISOR})),
    Entry("admin.users", "用户", frozenset({Role.ADMIN})),
    Entry("tickets.list_page", "全部工单", HOTLINE_ROLES | DEPARTMENT_ROLES),
]

# Where an action is done: a page with a form (GET) or a button that posts at once. Each desk adds its own.
ACTION_PAGES: dict[Action, str] = {}

# The first that applies is the filled button of the rail.
STEP_ORDER = (
    Action.REPLY_ORDER,
    Action.ACCEPT_REPLY,
    Action.RESOLVE,
    Action.ACCEPT,
    Action.DISPATCH,
    Action.ACCEPT_RESULT,
    Action.ATTEMPT,
    Action.DESIGNATE,
    Action.CONTACT,
    Action.REPORT_UP,
    Action.CONFIRM_ARRIVAL,
    Action.ARRIVE,
    Action.ASSIST,
)
STEP_KEYS: Mapping[Action, str] = {
    Action.ACCEPT: "S",
    Action.RESOLVE: "F",
    Action.CONTACT: "L",
    Action.HAND_DOWN: "G",
    Action.REQUEST_SUSPENSION: "H",
    Action.REQUEST_EXTENSION: "E",
    Action.REQUEST_RETURN: "R",
    Action.DRAFT_RETURN: "R",
    Action.NOTE: "N",
    Action.DISPATCH: "D",
    Action.RECALL: "Z",
    Action.URGE: "U",
    Action.ASSIST: "O",
    Action.ARRIVE: "B",
    Action.CONFIRM_ARRIVAL: "B",
    Action.WHISTLE: "W",
    Action.REPORT_UP: "F",
    Action.REPLY_ORDER: "Y",
}
# A button says what one does; the trail afterwards what was done.
STEP_NAMES: Mapping[Action, str] = {
    Action.CONTACT: "记录联系",
    Action.HAND_DOWN: "下派或派给科室",
    Action.GIVE_BACK: "交回上级单位",
    Action.ASSIST: "提交协办意见",
    Action.GIVE_OPINION: "提交会商意见",
    Action.WRITE_MINUTES: "写会商纪要",
    Action.WHISTLE: "吹哨叫单位到场",
    Action.ARRIVE: "到场报到",
    Action.CONFIRM_ARRIVAL: "核对报到",
    Action.NOTE: "写内部备注",
    Action.AMEND: "补正内容",
    Action.SUPERVISE: "发督办单",
    Action.REPLY_ORDER: "回复督办单",
    Action.ESCALATE: "提级到上一级",
}
ICONS: Mapping[str, str] = {
    "log": "headset",
    "amend": "notes",
    "answer": "message-question",
    "transfer": "corner-up-right",
    "merge": "arrows-exchange",
    "unmerge": "arrows-exchange",
    "split": "arrows-exchange",
    "dispatch": "corner-up-right",
    "recall": "arrows-exchange",
    "accept": "check",
    "contact": "phone",
    "draft_return": "notes",
    "drop_draft": "notes",
    "request_return": "hand-stop",
    "refuse_return": "flag",
    "open_dispute": "users",
    "name_provisional": "users",
    "convene": "users",
    "give_opinion": "message-question",
    "write_minutes": "note",
    "designate": "building-bank",
    "request_extension": "plus",
    "grant_extension": "plus",
    "request_suspension": "player-pause",
    "grant_suspension": "player-pause",
    "resume": "player-play",
    "defer": "player-pause",
    "write_off": "player-play",
    "hand_down": "users",
    "give_back": "corner-up-right",
    "report_up": "list-check",
    "assist": "message-question",
    "decline_part": "hand-stop",
    "add_assisting": "plus",
    "release": "filter-off",
    "whistle": "bell",
    "arrive": "flag",
    "confirm_arrival": "list-check",
    "deny_arrival": "alert-circle",
    "resolve": "circle-check",
    "send_back_result": "corner-up-right",
    "accept_result": "list-check",
    "attempt": "phone-outgoing",
    "close": "circle-check",
    "send_back": "corner-up-right",
    "reopen": "player-play",
    "withdraw": "hand-stop",
    "urge": "bell",
    "supervise": "eye-exclamation",
    "reply_order": "message-question",
    "accept_reply": "circle-check",
    "refuse_reply": "corner-up-right",
    "cancel_order": "hand-stop",
    "escalate": "building-bank",
    "note": "note",
    "reveal": "eye",
    "warn": "alert-circle",
    "breach": "alert-triangle",
    "reckon": "info-circle",
}


@dataclass(frozen=True)
class Step:
    """One legal next step on the rail.

    `posts`: a button that acts at once, not a way to a form. `usual`: what one opens the ticket for.
    """

    action: Action
    name: str
    url: str
    posts: bool
    usual: bool
    key: str | None


def home_of(roles: Collection[Role]) -> str:
    """Return the endpoint of the first desk of someone with `roles`."""
    return next(
        (entry.endpoint for entry in NAV if not entry.roles.isdisjoint(roles)),
        "login.password",
    )


def steps_for(actions: Sequence[Action], number: str) -> list[Step]:
    """Return those of `actions` that have a page or a button, the usual one first."""
    order = {action: place for place, action in enumerate(STEP_ORDER)}
    legal = [action for action in actions if action in ACTION_PAGES]
    return [
        Step(
            action,
            STEP_NAMES.get(action, labels.ACTIONS[action]),
            url_for(ACTION_PAGES[action], number=number),
            posts=not _has_page(ACTION_PAGES[action]),
            usual=action in order,
            key=STEP_KEYS.get(action),
        )
        for action in sorted(legal, key=lambda one: order.get(one, len(order)))
    ]


# What follows from a step, said beneath its button.
CONDITIONS: Mapping[Action, str] = {
    Action.DRAFT_RETURN: "分管负责人签发后才交派单台；时限照走",
    Action.REQUEST_RETURN: "批准前办结时限照走",
    Action.REQUEST_EXTENSION: "须审核员批准；批准前按原时限",
    Action.REQUEST_SUSPENSION: "须审核员批准；批准前时限照走",
    Action.WHISTLE: "现在起算到场时限，昼夜都算",
    Action.GIVE_BACK: "须写理由，时限照走",
    Action.REVEAL: "须写用途，查看会被记录",
    Action.URGE: "提醒现在经手的一方，不改变时限",
    Action.WITHDRAW: "须是诉求人本人的意思",
    Action.SUPERVISE: "有自己的回复时限，分管负责人回复；办理时限不变",
    Action.ESCALATE: "由上一级单位回复，原单位同时知会",
}


def conditions_of(actions: Sequence[Action]) -> dict[Action, str]:
    return {action: CONDITIONS[action] for action in actions if action in CONDITIONS}


def _has_page(endpoint: str) -> bool:
    return any("GET" in (rule.methods or ()) for rule in current_app.url_map.iter_rules(endpoint))


def register(app: Flask) -> None:
    app.context_processor(_context)
    app.jinja_env.globals.update(
        asset=asset,
        icon=icon,
        last_change=errors.last_change,
        ICONS=ICONS,
        NOTE_LENGTH=forms.NOTE_LENGTH,
        CONTENT_LENGTH=forms.CONTENT_LENGTH,
    )


def _context() -> dict[str, Any]:
    roles = g.viewer.roles if g.get("person") else frozenset()
    return {
        "hotline_name": runtime.current().city.hotline.short,
        "viewer": g.get("viewer"),
        "person": g.get("person"),
        "role_words": "、".join(labels.ROLES[role] for role in Role if role in roles),
        "nav": [entry for entry in NAV if not entry.roles.isdisjoint(roles)],
        "here": request.endpoint,
        "home": _way_home(roles),
        "can_search": not roles.isdisjoint(HOTLINE_ROLES | DEPARTMENT_ROLES),
        "finds_callers": finds_callers(g.get("viewer", CITIZEN)),
        "typed": g.get("typed"),
        "new_request_key": forms.new_request_key,
    }


def finds_callers(viewer: Actor) -> bool:
    """Whether this person may look for tickets by the number that calls: the hotline's own desks only."""
    return viewer.department_code is None and not viewer.roles.isdisjoint(HOTLINE_ROLES)


def _way_home(roles: Collection[Role]) -> str:
    """Return the first desk of someone signed in; for a citizen the page he came for."""
    if roles:
        return url_for(home_of(roles))
    is_citizen = (request.endpoint or "").startswith("citizen.")
    return url_for("citizen.track" if is_citizen else "login.sign_in")


def asset(name: str) -> str:
    """Return the address of a static file, changed whenever the file is: browsers may keep it for ever."""
    return url_for("static", filename=name, v=_version(current_app.static_folder or "", name))


@cache
def _version(folder: str, name: str) -> str | None:
    file = Path(folder) / name
    return f"{file.stat().st_mtime_ns:x}" if file.exists() else None


def icon(name: str) -> Markup:
    """Return an icon of the sprite, for the eyes only: the words stand beside it."""
    return Markup('<svg class="i" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        asset("vendor/icons.svg"), name
    )
