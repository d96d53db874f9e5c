"""Answer what goes wrong: a page, or a strip for a part of a page, that says what to do next."""

import secrets
from dataclasses import dataclass, field

from flask import Flask, g, make_response, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from hotline import clock, labels, runtime
from hotline.errors import ChangedByAnother, HotlineError, IllegalTransition, InvalidInput, NotAllowed
from hotline.logs import log
from hotline.tickets import timeline, worklists
from hotline.web import forms
from hotline.web.access import way_back
from hotline.web.security import limiter

NOT_KEPT = frozenset({"csrf_token", "version", "request_key", "password", "old", "new", "again", "code"})


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


NOT_HERE = Trouble(
    404,
    "没有这张工单，或不归您看",
    "请核对工单号。如果是同事转给您的，请他加您单位为协办。",
    icon="lock",
    typed=False,
)
NO_PAGE = Trouble(404, "没有这一页", "地址可能写错了，或者这一页已经搬走。", icon="search", typed=False)
NOT_YOUR_PAGE = Trouble(
    403, "这一页不归您的岗位", "需要办这项工作时，请向管理员要相应的岗位。", icon="lock", typed=False
)
SIGNED_OUT = Trouble(401, "登录已经结束，没有提交", "请重新登录，再到原页提交，您填的在下面。", icon="lock")
PART_SIGNED_OUT = Trouble(401, "登录已经结束", "请另开一页登录，再回来接着做，您填的还在。", icon="lock")
TOO_OLD = Trouble(400, "这一页打开太久，没有提交", "请回到原页刷新后再提交，您填的在下面。")
TOO_LARGE = Trouble(413, "内容太大，没能提交", "文字最多 100,000 字。请删减后再提交。", typed=False)


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
    if isinstance(error, NotAllowed):
        if error.reason == "page":
            return answer(NOT_YOUR_PAGE)
        return answer(Trouble(403, f"不能{_verb(error.action)}", labels.refusal(error.reason), icon="lock"))
    if isinstance(error, IllegalTransition):
        status = labels.STATUSES.get(error.status, error.status)
        advice = f"它现在是“{status}”，这一步已经过去或还没到。请看最新状态再决定。"
        return answer(Trouble(409, f"这张工单不能{_verb(error.action)}", advice, icon="users"))
    if isinstance(error, InvalidInput):
        problems = tuple(labels.problem(code) for code in forms.problems_of(error).values())
        return answer(Trouble(422, "还不能提交", "请回到原页改正，您填的在下面。", problems=problems))
    return answer(NOT_HERE)


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
    known = {401: PART_SIGNED_OUT if _asked_part() else SIGNED_OUT, 404: NO_PAGE, 413: TOO_LARGE}
    return answer(
        known.get(status) or Trouble(status, "没能打开这一页", "请退回上一页，再试一次。", typed=False)
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
            typed_fields=_typed(trouble),
            latest=_latest(trouble),
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


def _latest(trouble: Trouble) -> str | None:
    """Return where the ticket that it was about stands now."""
    number = (request.view_args or {}).get("number")
    return url_for("tickets.ticket", number=number) if number and trouble.status in {409, 422} else None


def _typed(trouble: Trouble) -> list[tuple[str, str]]:
    if not trouble.typed:
        return []
    return [
        (name, text)
        for name, text in request.form.items(multi=True)
        if name not in NOT_KEPT and len(text.strip()) > 1
    ]
