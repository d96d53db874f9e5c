"""Answer what goes wrong: a page, or a strip for a part of a page, that says what to do next."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Flask, current_app, g, make_response, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from hotline import clock, labels, runtime
from hotline.errors import (
    ChangedByAnother,
    ClaimedByAnother,
    HotlineError,
    IllegalTransition,
    InvalidInput,
    NotAllowed,
    NotFound,
)
from hotline.logs import log
from hotline.tickets import timeline, worklists
from hotline.web import forms
from hotline.web.access import way_back
from hotline.web.security import limiter
from hotline.web.typed import typed_in

# What a list of figures must be told before it can show any.
NEEDED = frozenset({"measure", "event", "on"})


@dataclass(frozen=True)
class Way:
    """Where to go on. `back`: to the page before, as it was left; the address serves where no script runs."""

    address: str
    words: str
    back: bool = False


@dataclass(frozen=True)
class Trouble:
    """What the page says. `typed`: whether to show what was typed, so that nothing is lost."""

    status: int
    title: str
    advice: str
    icon: str = "alert-circle"
    typed: bool = True
    problems: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    way: Way | None = None


NOT_HERE = Trouble(
    404,
    "没有这张工单，或不归您看",
    "请核对工单号。如果是同事转给您的，请他加您单位为协办。",
    icon="lock",
    typed=False,
)
ABSENT = Trouble(
    404,
    "没有这一项，或者已经不在了",
    "可能同事刚办过，也可能地址抄错了。请退回上一页，刷新后再看。",
    icon="search",
)
NO_PAGE = Trouble(404, "没有这一页", "地址可能写错了，或者这一页已经搬走。", icon="search", typed=False)
NOT_YOUR_PAGE = Trouble(
    403, "这一页不归您的岗位", "需要办这项工作时，请向管理员要相应的岗位。", icon="lock", typed=False
)
SIGNED_OUT = Trouble(401, "登录已经结束，没有提交", "请重新登录，再到原页提交，您填的在下面。", icon="lock")
PART_SIGNED_OUT = Trouble(401, "登录已经结束", "请另开一页登录，再回来接着做，您填的还在。", icon="lock")
TOO_OLD = Trouble(400, "这一页打开太久，没有提交", "请回到原页刷新后再提交，您填的在下面。")


def register(app: Flask) -> None:
    app.register_error_handler(HotlineError, _on_hotline_error)
    app.register_error_handler(StaleDataError, _on_stale)
    app.register_error_handler(CSRFError, lambda error: answer(TOO_OLD))
    app.register_error_handler(RateLimitExceeded, _on_too_many)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(InternalServerError, _on_crash)


def _on_hotline_error(error: HotlineError) -> Response:
    if isinstance(error, ChangedByAnother):
        return answer(_changed(error.number))
    if isinstance(error, ClaimedByAnother):
        advice = "请办别的工单。要由您来派，请先打开它，按“由我来派”接过来。"
        return answer(Trouble(409, f"{error.name}正在派这张工单，没有派出", advice, icon="users"))
    if isinstance(error, NotAllowed):
        if error.reason == "page":
            return answer(NOT_YOUR_PAGE)
        return answer(Trouble(403, f"不能{_verb(error.action)}", labels.refusal(error.reason), icon="lock"))
    if isinstance(error, IllegalTransition):
        status = labels.STATUSES.get(error.status, error.status)
        advice = f"它现在是“{status}”，这一步已经过去或还没到。请看最新状态再决定。"
        return answer(Trouble(409, f"这张工单不能{_verb(error.action)}", advice, icon="users"))
    if isinstance(error, InvalidInput):
        return answer(_refused(error) if request.method == "POST" else _misread(error))
    if isinstance(error, NotFound) and error.kind != "ticket":
        return answer(ABSENT)
    return answer(NOT_HERE)


def _refused(error: InvalidInput) -> Trouble:
    problems = tuple(labels.problem(code) for code in forms.problems_of(error).values())
    return Trouble(422, "还不能提交", "请回到原页改正，您填的在下面。", problems=problems)


def _misread(error: InvalidInput) -> Trouble:
    """What an address asks for cannot be read: which condition, and the way to the list without it."""
    found = forms.problems_of(error)
    can_do_without = found.keys().isdisjoint(NEEDED)
    return Trouble(
        422,
        "网址里的条件不对",
        "请改正下面的条件，或者去掉它再看。" if can_do_without else "网址可能抄错了，请从页面上重新选。",
        icon="filter-off",
        typed=False,
        problems=tuple(_condition(name, code) for name, code in found.items()),
        way=Way(_without(found), "去掉不对的条件") if can_do_without else None,
    )


def _condition(name: str, code: str) -> str:
    return f"{labels.condition(name)}：{labels.problem('not_in_address' if code == 'missing' else code)}"


def _without(conditions: Collection[str]) -> str:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in conditions]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def _verb(action: str) -> str:
    return labels.ACTIONS.get(action, "办这一步")


def _on_stale(error: StaleDataError) -> Response:
    return answer(_changed((request.view_args or {}).get("number")))


def _changed(number: str | None) -> Trouble:
    title = last_change(number) if number else None
    return Trouble(
        409,
        title or "该工单已被他人更新",
        "该工单已被他人更新，您填的还在。看过最新状态后再决定。",
        icon="users",
    )


def last_change(number: str) -> str | None:
    """Return who last did what to this ticket, `韩松 今天 10:41 已派单`; None when it is hidden."""
    try:
        with runtime.view(g.viewer) as work:
            last = timeline.events_of(work, worklists.ticket_for(work, number))[-1]
            when = labels.moment(last.at, work.now, work.city.calendar.zone)
            return f"{last.actor_name} {when} 已{labels.ACTIONS[last.action]}"
    except HotlineError:
        return None


def _on_too_many(error: RateLimitExceeded) -> Response:
    limit = limiter.current_limit
    seconds = max(1, round(limit.reset_at - clock.now().timestamp())) if limit else 60
    wait = f"{seconds} 秒" if seconds < 60 else f"{-(-seconds // 60)} 分钟"
    return answer(
        Trouble(
            429, "试得太勤，先停一停", f"请等 {wait}后再试。", icon="hand-stop",
            headers={"Retry-After": str(seconds)},
        )
    )  # fmt: skip


def _on_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response.force_type(error.get_response())
    if status == 413:
        return answer(_too_large())
    known = {401: PART_SIGNED_OUT if _asked_part() else SIGNED_OUT, 404: NO_PAGE}
    return answer(
        known.get(status) or Trouble(status, "没能打开这一页", "请退回上一页，再试一次。", typed=False)
    )


def _too_large() -> Trouble:
    """The form was not read, so that only the page before still has what was typed."""
    if request.mimetype == "multipart/form-data":
        most_mb = current_app.config["MAX_CONTENT_LENGTH"] >> 20
        advice = f"文件最大 {most_mb} MB，请分成几个文件，或去掉用不着的行和列后再交。"
        return Trouble(
            413, "文件太大，没有收", advice, typed=False, way=Way(way_back(), "退回上一页", back=True)
        )
    most = forms.CONTENT_LENGTH if request.blueprint == "agent" else forms.NOTE_LENGTH
    return Trouble(
        413,
        "内容太大，没能提交",
        f"请用浏览器的“后退”回到上一页，原来填的还在；一栏最多 {most:,} 字，删减后再提交。",
        typed=False,
        way=Way(way_back(), "退回上一页", back=True),
    )


def _on_crash(error: InternalServerError) -> Response:
    code = secrets.token_hex(2).upper()
    log.error("page_failed", code=code, endpoint=request.endpoint, exc_info=error.original_exception)
    return answer(
        Trouble(
            500,
            "没能提交，内容都还在" if request.method == "POST" else "没能打开这一页",
            f"服务暂时没有回应。请再试一次；仍不行请告诉班长，编号 {code}。",
        )
    )


def answer(trouble: Trouble) -> Response:
    """Return the page of `trouble`, or only its strip when a part of a page had been asked for."""
    asked_part = _asked_part()
    template = "errors/strip.html" if asked_part else "errors/page.html"
    response = make_response(
        render_template(
            template,
            trouble=trouble,
            typed_texts=typed_in(request.form) if trouble.typed else [],
            way=trouble.way or _latest(trouble),
            door=url_for("login.sign_in", next=way_back()) if trouble is SIGNED_OUT else None,
        )
    )
    response.status_code = trouble.status
    response.headers.extend(trouble.headers)
    if asked_part:
        response.headers["HX-Retarget"] = "#strips"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _asked_part() -> bool:
    return request.headers.get("HX-Request") == "true"


def _latest(trouble: Trouble) -> Way | None:
    """Lead to where the ticket that it was about stands now."""
    number = (request.view_args or {}).get("number")
    about_it = trouble is ABSENT or trouble.status in {409, 422}
    return Way(url_for("tickets.ticket", number=number), "看最新") if number and about_it else None
