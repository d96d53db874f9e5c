"""The people who sign in."""

import getpass
import sys
from argparse import ArgumentParser, Namespace

from sqlalchemy import select

from hotline import labels, runtime
from hotline.commands.arguments import Command
from hotline.commands.database import start_with_city
from hotline.commands.refusals import Refused
from hotline.crypto import hash_password
from hotline.errors import InvalidInput
from hotline.lifecycle import Role
from hotline.models.user import User
from hotline.settings import Settings
from hotline.tickets import accounts
from hotline.work import SYSTEM

SHORTEST_PASSWORD = 10
ROLES = [role.value for role in accounts.GIVEN]
# The fields of a new person, as they are written here.
OPTIONS = {"login": "工号", "name": "--name", "roles": "--role", "department": "--department"}


def _configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="add | passwd | list", dest="action")
    adding = actions.add_parser("add", prog=f"{parser.prog} add", description="添加一个人")
    adding.add_argument("login", metavar="工号", help="登录用的工号")
    adding.add_argument("--name", metavar="姓名", help="显示的姓名；默认同工号")
    adding.add_argument("--role", action="append", required=True, choices=ROLES, help="角色，可写多次")
    adding.add_argument("--department", metavar="代码", help="承办单位代码，如 D-CG")
    changing = actions.add_parser("passwd", prog=f"{parser.prog} passwd", description="改密码")
    changing.add_argument("login", metavar="工号", help="谁的密码")
    for parser_ in (adding, changing):
        parser_.add_argument("--generate", action="store_true", help="不问，生成一个密码并显示一次")
    actions.add_parser("list", prog=f"{parser.prog} list", description="列出全部人员")


def _user(options: Namespace, settings: Settings) -> int:
    start_with_city(settings)
    {"add": _add, "passwd": _passwd, "list": _list}[options.action](options)
    return 0


def _add(options: Namespace) -> None:
    password = _password(options)
    hashed = hash_password(password)
    person = accounts.NewPerson(
        login=options.login,
        name=options.name or options.login,
        roles=[Role(role) for role in options.role],
        department=options.department,
    )
    try:
        with runtime.work(SYSTEM) as work:
            accounts.enter(work, person, password_hash=hashed)
    except InvalidInput as refused:
        said = (
            f"{OPTIONS.get(field, field)}：{labels.problem(code)}" for field, code in refused.fields.items()
        )
        raise Refused(" ".join(said)) from None
    _tell(options, f"已添加 {options.login}", password)


def _passwd(options: Namespace) -> None:
    password = _password(options)
    hashed = hash_password(password)
    with runtime.work(SYSTEM) as work:
        user_id = work.session.scalar(select(User.id).where(User.login == options.login))
        if user_id is None:
            raise Refused(f"没有工号 {options.login}。用 user list 看全部人员")
        accounts.reset_password(work, user_id, password_hash=hashed)
    _tell(options, f"{options.login} 的密码已改，别处的登录都已退出", password)


def _list(options: Namespace) -> None:
    with runtime.view(SYSTEM) as work:
        for user in work.session.scalars(select(User).order_by(User.login)):
            roles = "、".join(labels.ROLES[role] for role in user.roles)
            state = "" if user.active else "（停用）"
            print(f"{user.login}\t{user.name}\t{roles}\t{user.department_code or ''}{state}")


def _password(options: Namespace) -> str:
    """Ask for a password, or generate one where nobody can be asked."""
    if options.generate or not sys.stdin.isatty():
        options.generate = True
        return accounts.new_password()
    password = getpass.getpass(f"密码（至少 {SHORTEST_PASSWORD} 位）：")
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"密码至少 {SHORTEST_PASSWORD} 位，请加长")
    if getpass.getpass("再输一次：") != password:
        raise Refused("两次输入的密码不一样，请重来")
    return password


def _tell(options: Namespace, done: str, password: str) -> None:
    print(f"{done}。密码：{password}（只显示这一次）" if options.generate else done)


COMMANDS = {"user": Command(_user, _configure)}
