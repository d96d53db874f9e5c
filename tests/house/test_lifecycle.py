"""The table of moves is whole: nothing without a role, nothing out of reach, nothing without an end."""

from collections.abc import Iterable

import pytest

from hotline import labels
from hotline.lifecycle import ENDED, MOVES, Action, Role, Status


def _led_to(begin: Iterable[Status]) -> set[Status]:
    found = set(begin)
    while True:
        further = {to for move in MOVES.values() if found & set(move.sources) for to in move.targets}
        if further <= found:
            return found
        found |= further


def test_every_action_has_its_row():
    assert set(MOVES) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_every_action_has_someone_who_may_do_it(action):
    assert MOVES[action].roles


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.LOG}))
def test_every_action_can_happen_to_a_ticket_in_some_reachable_status(action):
    assert set(MOVES[action].sources) & _led_to(MOVES[Action.LOG].targets)


@pytest.mark.parametrize("status", Status)
def test_every_status_can_be_reached(status):
    assert status in _led_to(MOVES[Action.LOG].targets)


@pytest.mark.parametrize("status", Status)
def test_from_every_status_a_ticket_can_end(status):
    assert _led_to([status]) & ENDED


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_every_role_has_something_to_do(role):
    assert [action for action, move in MOVES.items() if role in move.roles]


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_word(action):
    assert labels.ACTIONS[action]


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_word_and_shape(status):
    assert labels.STATUSES[status]
    assert labels.STATE_SHAPES[status]


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_word(role):
    assert labels.ROLES[role]
