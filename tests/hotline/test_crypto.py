"""What identifies a caller can be read with the key only, and found without reading it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.crypto import Vault
from hotline.errors import BrokenSettings

VAULT = Vault("11" * 32)
PLACE = "callers.phone"


@given(st.text())
def test_what_is_sealed_opens_as_it_was(text):
    assert VAULT.open(PLACE, VAULT.seal(PLACE, text)) == text


def test_a_seal_shows_nothing_of_what_it_hides():
    sealed = VAULT.seal(PLACE, "13800000001")

    assert b"138" not in sealed


def test_equal_texts_have_different_seals():
    assert VAULT.seal(PLACE, "王小川") != VAULT.seal(PLACE, "王小川")


def test_a_seal_opens_only_in_its_place():
    sealed = VAULT.seal("callers.name", "王小川")

    with pytest.raises(ValueError, match="cannot open"):
        VAULT.open(PLACE, sealed)


def test_a_seal_opens_only_with_its_key():
    sealed = Vault("22" * 32).seal(PLACE, "13800000001")

    with pytest.raises(ValueError, match="cannot open"):
        VAULT.open(PLACE, sealed)


@pytest.mark.parametrize("spot", [0, 12, -1])
def test_a_seal_with_one_bit_changed_does_not_open(spot):
    sealed = bytearray(VAULT.seal(PLACE, "13800000001"))
    sealed[spot] ^= 1

    with pytest.raises(ValueError, match="cannot open"):
        VAULT.open(PLACE, bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"short", b"\0" * 12])
def test_what_is_no_seal_does_not_open(sealed):
    with pytest.raises(ValueError, match="cannot open"):
        VAULT.open(PLACE, sealed)


def test_equal_numbers_are_found_by_an_equal_index():
    assert VAULT.index(PLACE, "13800000001") == Vault("11" * 32).index(PLACE, "13800000001")


def test_an_index_tells_nothing_without_the_key_and_nothing_of_another_place():
    indexes = {
        VAULT.index(PLACE, "13800000001"),
        VAULT.index(PLACE, "13800000002"),
        VAULT.index("callers.name", "13800000001"),
        Vault("22" * 32).index(PLACE, "13800000001"),
    }

    assert len(indexes) == 4


def test_a_key_knows_its_own_mark_and_refuses_that_of_another():
    VAULT.require_own(Vault("11" * 32).mark())

    for mark in (Vault("22" * 32).mark(), "", "no mark"):
        with pytest.raises(BrokenSettings, match="HOTLINE_VAULT_KEY"):
            VAULT.require_own(mark)


@pytest.mark.parametrize("key", ["", "zz" * 32, "11" * 31 + "1"])
def test_a_key_that_is_no_key_is_refused(key):
    with pytest.raises(ValueError, match=r"key|hexadecimal"):
        Vault(key)
