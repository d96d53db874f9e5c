"""Sign in with a staff number and a password; throttled by account and by address."""

import time
from datetime import timedelta
from functools import cache
from typing import Annotated

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from limits import RateLimitItemPerDay, RateLimitItemPerMinute
from pydantic import StringConstraints
from sqlalchemy import Select, select

from hotline import runtime
from hotline.crypto import hash_password, password_matches
from hotline.errors import InvalidInput
from hotline.logs import log
from hotline.models.user import User
from hotline.web import forms
from hotline.web.access import local_path, open_to, open_to_all
from hotline.web.security import failed, limiter
from hotline.web.shell import home_of
from hotline.work import SYSTEM, Work

pages = Blueprint("login", __name__)

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
NOBODYS_TRIES = RateLimitItemPerDay(TRIES)
NOBODYS_LOCK = RateLimitItemPerMinute(1, LOCKED_FOR // timedelta(minutes=1))
PASSWORD_LENGTH = 10
FAILED_BY_ADDRESS = "60 per 15 minutes"

Secret = Annotated[str, StringConstraints(max_length=200)]


class SignIn(forms.Form):
    login: forms.Line = ""
    password: Secret = ""


class NewPassword(forms.Form):
    old: Secret
    new: Secret
    again: Secret


class Refused(Exception):
    """Nobody is signed in. `words` says why, alike for an unknown number and a wrong password."""

    def __init__(self, words: str, status: int = 422) -> None:
        super().__init__(words)
        self.words, self.status = words, status


@pages.get("/sign-in")
@open_to_all
def sign_in() -> ResponseReturnValue:
    if g.person:
        return redirect(url_for(home_of(g.viewer.roles)), 303)
    return render_template("login/sign_in.html", login="", problem=None, next=_next())


@pages.post("/sign-in")
@open_to_all
@limiter.limit(FAILED_BY_ADDRESS, deduct_when=failed)
def sign_in_post() -> ResponseReturnValue:
    form = forms.read(SignIn, request.form)
    try:
        user_id, epoch = _check(form)
    except Refused as refused:
        page = render_template("login/sign_in.html", login=form.login, problem=refused.words, next=_next())
        return page, refused.status
    # A session known before sign-in is worth nothing after it.
    session.clear()
    session.permanent = True
    session["user"], session["epoch"] = user_id, epoch
    log.info("signed_in", user=user_id)
    return redirect(_next() or url_for("home"), 303)


def _next() -> str | None:
    return local_path(request.values.get("next"))


def _check(form: SignIn) -> tuple[int, int]:
    """Return the user id and session epoch of who gave the right number and password, or raise Refused."""
    with runtime.view(SYSTEM) as work:
        user = work.session.scalar(_by_login(form.login))
        known_hash = user.password_hash if user and user.active else None
    # Outside any transaction: argon2 takes its time on purpose, and others want to write.
    right = _matches(known_hash, form.password)
    if known_hash is None:
        raise _count_for_nobody(form.login)
    with runtime.work(SYSTEM) as work:
        user = work.session.scalar(_by_login(form.login).with_for_update())
        if user is None:
            raise _count_for_nobody(form.login)
        refused = _judge(work, user, right)
    if refused:
        raise refused
    return user.id, user.session_epoch


def _by_login(login: str) -> Select[User]:
    return select(User).where(User.login == login)


def _matches(known_hash: str | None, password: str) -> bool:
    """Compare, with the same work for a number that nobody has."""
    return password_matches(known_hash or _nobodys_hash(), password) and known_hash is not None


def _judge(work: Work, user: User, right: bool) -> Refused | None:
    """Count a wrong try, forget them after a right one; say why nobody is signed in."""
    if user.locked_until and user.locked_until > work.now:
        return Refused(_locked_words(user.locked_until - work.now), 429)
    if right:
        user.failed_logins, user.locked_until = 0, None
        return None
    user.failed_logins += 1
    if user.failed_logins < TRIES:
        return _wrong(TRIES - user.failed_logins)
    user.failed_logins, user.locked_until = 0, work.now + LOCKED_FOR
    log.warning("account_locked", user=user.id)
    return Refused(_locked_words(LOCKED_FOR), 429)


def _count_for_nobody(login: str) -> Refused:
    """Count and lock as for an account, so that the answer does not tell which numbers exist."""
    counter = limiter.limiter
    lock = counter.get_window_stats(NOBODYS_LOCK, "nobody-locked", login)
    if not lock.remaining:
        return Refused(_locked_words(timedelta(seconds=max(1, lock.reset_time - time.time()))), 429)
    counter.hit(NOBODYS_TRIES, "nobody", login)
    left = counter.get_window_stats(NOBODYS_TRIES, "nobody", login).remaining
    if left:
        return _wrong(left)
    counter.clear(NOBODYS_TRIES, "nobody", login)
    counter.hit(NOBODYS_LOCK, "nobody-locked", login)
    return Refused(_locked_words(LOCKED_FOR), 429)


def _wrong(left: int) -> Refused:
    return Refused(f"工号或密码不对。再错 {left} 次将锁定 15 分钟")


def _locked_words(left: timedelta) -> str:
    return f"错了 {TRIES} 次，已锁定。请过 {-(-left // timedelta(minutes=1))} 分钟再试，或请班长重置密码"


@pages.post("/sign-out")
@open_to_all
def sign_out() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for(".sign_in"), 303)


@pages.get("/password")
@open_to()
def password() -> ResponseReturnValue:
    return render_template("login/password.html", length=PASSWORD_LENGTH)


@pages.post("/password")
@open_to()
@limiter.limit(FAILED_BY_ADDRESS, deduct_when=failed)
@forms.shown_again(password)
def password_post() -> ResponseReturnValue:
    form = forms.read(NewPassword, request.form)
    _require_sound(form)
    with runtime.view(g.viewer) as work:
        known_hash = work.session.get_one(User, g.viewer.user_id).password_hash
    if not _matches(known_hash, form.old):
        raise InvalidInput({"old": "wrong_password"})
    new_hash = hash_password(form.new)
    with runtime.work(g.viewer) as work:
        user = work.session.get_one(User, g.viewer.user_id)
        user.password_hash = new_hash
        # Every other place where this person is signed in ends here.
        user.session_epoch += 1
        session["epoch"] = user.session_epoch
    flash("密码已改。别处的登录都已退出", "met")
    return redirect(url_for(home_of(g.viewer.roles)), 303)


def _require_sound(form: NewPassword) -> None:
    if len(form.new) < PASSWORD_LENGTH:
        raise InvalidInput({"new": f"password_short:{PASSWORD_LENGTH}"})
    if form.new == form.old:
        raise InvalidInput({"new": "password_same"})
    if form.new != form.again:
        raise InvalidInput({"again": "password_differs"})


@cache
def _nobodys_hash() -> str:
    return hash_password("nobody")
