"""Sealed values open in their place only; equal values are found by digest; rotation keeps old values readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.portal.secrets.sealing import CannotOpen, lookup_digest, masked, newest, seal, unseal

KEYS = {"1": "00112233445566778899aabbccddeeff", "lookup": "11" * 32}
PLACE = "firms_contact.phone#12"


@given(st.text(max_size=200))
def test_what_is_sealed_opens_in_its_place(value):
    assert unseal(seal(value, PLACE, KEYS), PLACE, KEYS) == value


def test_two_seals_of_one_value_differ():
    assert seal("13800001234", PLACE, KEYS) != seal("13800001234", PLACE, KEYS)


@pytest.mark.parametrize(
    "place", ["firms_contact.phone#13", "firms_contact.account#12", "firms_other.phone#12", ""]
)
def test_a_value_moved_elsewhere_does_not_open(place):
    with pytest.raises(CannotOpen):
        unseal(seal("13800001234", PLACE, KEYS), place, KEYS)


@pytest.mark.parametrize(
    "hostile", ["", "13800001234", "1.x.y", "1..", "9.AAAA.AAAA", "1.AAAAAAAAAAAAAAAA.AAAA"]
)
def test_what_is_not_sealed_does_not_open(hostile):
    with pytest.raises(CannotOpen):
        unseal(hostile, PLACE, KEYS)


def test_a_changed_value_does_not_open():
    sealed = seal("13800001234", PLACE, KEYS)
    number, nonce, body = sealed.split(".")
    changed = ("B" if body[0] != "B" else "C") + body[1:]
    with pytest.raises(CannotOpen):
        unseal(f"{number}.{nonce}.{changed}", PLACE, KEYS)


def test_after_rotation_old_values_open_and_new_ones_use_the_new_key():
    old = seal("6222021234567890", PLACE, KEYS)
    rotated = {**KEYS, "2": "ff" * 16}
    assert newest(rotated) == "2"
    assert unseal(old, PLACE, rotated) == "6222021234567890"
    assert seal("6222021234567890", PLACE, rotated).startswith("2.")
    with pytest.raises(CannotOpen):
        unseal(old, PLACE, {"2": "ff" * 16, "lookup": "11" * 32})


def test_equal_values_are_found_whatever_their_widths_and_spaces():
    digest = lookup_digest("138 0000 1234", "phone", KEYS)
    assert digest == lookup_digest("１３８００００１２３４", "phone", KEYS)
    assert digest != lookup_digest("13800001234", "account", KEYS)
    assert digest != lookup_digest("13800001234", "phone", {**KEYS, "lookup": "22" * 32})


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("13800001234", "138****1234"),
        ("6222021234567890", "622****7890"),
        ("1234", "****"),
        ("123456", "****56"),
    ],
)
def test_a_masked_value_shows_its_ends_only(value, shown):
    assert masked(value) == shown
