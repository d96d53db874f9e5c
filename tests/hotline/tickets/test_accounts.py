"""Who signs in is entered once."""

import pytest

from hotline.errors import InvalidInput
from hotline.lifecycle import Role
from hotline.tickets import accounts
from hotline.tickets.accounts import NewPerson
from tests.builders import ADMIN, by


def a_person(login: str) -> NewPerson:
    return NewPerson(login, "周敏", [Role.AGENT])


def test_of_two_admins_who_enter_one_login_at_once_the_second_is_told(work, monkeypatch):
    admin = by(work, ADMIN)
    accounts.enter(admin, a_person("zhou.min"), password_hash="x")
    monkeypatch.setattr(accounts, "_problems_of", lambda work, new: {})  # he looked before the first wrote

    with pytest.raises(InvalidInput) as problem:
        accounts.enter(admin, a_person("zhou.min"), password_hash="x")

    assert problem.value.fields == {"login": "login_taken"}
    assert accounts.enter(admin, a_person("zhou.min2"), password_hash="x").id
