"""The administrator's pages: who may sign in, and how the machine is. No ticket's text is shown here."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import labels, runtime
from hotline.crypto import hash_password
from hotline.errors import NotFound
from hotline.lifecycle import Role
from hotline.logs import log
from hotline.models.user import User
from hotline.tickets import accounts, anchors, upkeep
from hotline.web import forms, names, shell
from hotline.web.access import open_to
from hotline.work import Work

pages = Blueprint("admin", __name__, url_prefix="/admin")

shell.NAV.append(shell.Entry("admin.system", "系统", frozenset({Role.ADMIN})))

PROMISES = {
    "tell_caller": "短信告知诉求人",
    "tell_department": "通知承办单位",
    "tell_desk": "通知热线岗位",
    "send_link": "发评价链接",
    "alert_inside": "时限告警进提醒",
    "alert_outside": "时限告警外发",
    "check_ledger": "核对流转记录",
    "teach": "训练模型",
    "reckon_lanes": "重算自动派单",
    "try_rules": "规则试算",
    "follow_calendar": "按新日历重算时限",
}
LEASES = {"ticker": "定时任务"}


class PeopleQuery(forms.Form):
    q: forms.Line = ""
    role: Role | None = None
    after: forms.Line = ""


class PersonForm(forms.Form):
    login: forms.Line
    name: forms.Line
    roles: list[Role] = []  # noqa: RUF012 - pydantic copies it
    department: forms.Line = ""


@pages.get("/users")
@open_to(Role.ADMIN)
def users() -> ResponseReturnValue:
    query = forms.read(PeopleQuery, request.args)
    with runtime.view(g.viewer) as work:
        found = accounts.people(work, words=query.q, role=query.role, after=query.after)
        return render_template(
            "admin/users.html",
            work=work,
            found=found,
            query=query,
            roles=role_words(),
            args=request.args.to_dict(),
        )


def role_words() -> list[tuple[str, str]]:
    return [(role.value, labels.ROLES[role]) for role in accounts.GIVEN]


@pages.get("/users/new")
@open_to(Role.ADMIN)
def new_user() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return render_template(
            "admin/new_user.html",
            work=work,
            roles=role_words(),
            departments=sorted(names.department_names(work.city)),
        )


@pages.post("/users/new")
@open_to(Role.ADMIN)
@forms.shown_again(new_user)
def new_user_post() -> ResponseReturnValue:
    form = forms.read(PersonForm, request.form)
    password = accounts.new_password()
    hashed = hash_password(password)  # takes its time on purpose: before the transaction
    with runtime.work(g.viewer) as work:
        code = names.department_of(work.city, form.department, "department")
        new = accounts.NewPerson(form.login, form.name, form.roles, code)
        user = accounts.enter(work, new, password_hash=hashed)
        log.info("user_entered", user=user.id, by=g.viewer.user_id)
        return _password_page(user, password, "已添加")


def _password_page(user: User, password: str, done: str) -> str:
    """Show a password once, in the answer itself: no address leads to it."""
    return render_template("admin/password.html", user=user, password=password, done=done)


@pages.get("/users/<int:user_id>")
@open_to(Role.ADMIN)
def user(user_id: int) -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        return _user_page(work, user_id)


def _user_page(work: Work, user_id: int) -> str:
    person = accounts.person(work, user_id)
    return render_template("admin/user.html", work=work, user=person, phone=accounts.phone_of(work, person))


class PhoneForm(forms.Form):
    phone: forms.Line = ""


@pages.post("/users/<int:user_id>/phone")
@open_to(Role.ADMIN)
@forms.shown_again(user)
def set_phone(user_id: int) -> ResponseReturnValue:
    """Keep where text messages about deadlines reach this person; empty for nowhere."""
    form = forms.read(PhoneForm, request.form)
    with runtime.work(g.viewer) as work:
        changed = accounts.person(work, user_id)
        accounts.set_phone(work, changed, form.phone)
        log.info("phone_set", user=user_id)
    flash("手机号已保存" if form.phone else "手机号已去掉，不再收短信", "met")
    return redirect(url_for(".user", user_id=user_id), 303)


@pages.post("/users/<int:user_id>/password")
@open_to(Role.ADMIN)
def reset_password(user_id: int) -> ResponseReturnValue:
    password = accounts.new_password()
    hashed = hash_password(password)
    with runtime.work(g.viewer) as work:
        user = accounts.reset_password(work, user_id, password_hash=hashed)
        log.info("password_reset", user=user.id, by=g.viewer.user_id)
        return _password_page(user, password, "密码已重置，别处的登录都已退出")


@pages.post("/users/<int:user_id>/sessions/end")
@open_to(Role.ADMIN)
def end_sessions(user_id: int) -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        user = accounts.end_sessions(work, user_id)
        log.info("sessions_ended", user=user.id, by=g.viewer.user_id)
    flash(f"{user.name}的登录都已退出，下次要重新输密码", "met")
    return redirect(url_for(".user", user_id=user_id), 303)


@pages.post("/users/<int:user_id>/deactivate")
@open_to(Role.ADMIN)
def deactivate(user_id: int) -> ResponseReturnValue:
    return _set_active(user_id, active=False)


@pages.post("/users/<int:user_id>/activate")
@open_to(Role.ADMIN)
def activate(user_id: int) -> ResponseReturnValue:
    return _set_active(user_id, active=True)


def _set_active(user_id: int, *, active: bool) -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        user = accounts.set_active(work, user_id, active=active)
        log.info("user_activated" if active else "user_deactivated", user=user.id, by=g.viewer.user_id)
    words = "可以登录了，密码照旧" if active else "已停用，正在用的登录当即退出；经手的工单和记录都在"
    flash(f"{user.name}{words}", "met")
    return redirect(url_for(".user", user_id=user_id), 303)


@pages.get("/system")
@open_to(Role.ADMIN)
def system() -> ResponseReturnValue:
    with runtime.view(g.viewer) as work:
        sealed = anchors.anchors(work)
        return render_template(
            "admin/system.html",
            work=work,
            outbox=upkeep.outbox(work),
            leases=[(lease, upkeep.is_silent(work, lease)) for lease in upkeep.leases(work)],
            calendar=upkeep.calendar_end(work),
            model=work.city.classifier,
            anchor=sealed[-1] if sealed else None,
            promises=PROMISES,
            lease_names=LEASES,
        )


@pages.post("/system/outbox/<int:message_id>/retry")
@open_to(Role.ADMIN)
def retry(message_id: int) -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        if not upkeep.unpark(work, message_id):
            raise NotFound("message", message_id)
        log.info("promise_retried", outbox=message_id, by=g.viewer.user_id)
    flash("已放回待发，马上重试", "met")
    return redirect(url_for(".system"), 303)


@pages.post("/system/outbox/retry")
@open_to(Role.ADMIN)
def retry_all() -> ResponseReturnValue:
    with runtime.work(g.viewer) as work:
        number = upkeep.unpark_all(work)
        log.info("promises_retried", number=number, by=g.viewer.user_id)
    flash(f"{number} 条已放回待发，马上重试", "met")
    return redirect(url_for(".system"), 303)
