"""Guessing is slow, tells nothing, and what is counted cannot be read."""

import datetime

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from offices import NOW

from huiqi.portal.accounts.addresses import address_of
from huiqi.portal.accounts.credentials import Attempt
from huiqi.portal.accounts.limits import ADDRESS, NAME, forget, take_back, try_once
from huiqi.portal.jobs.running import ask, run_due

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(minutes=NAME.minutes)


def test_so_many_tries_and_no_more_until_the_time_is_over():
    assert [try_once(NAME, "wang", NOW) for _ in range(7)] == [True] * 5 + [False] * 2
    assert try_once(NAME, "li", NOW)
    assert try_once(NAME, "wang", LATER)


def test_knocking_on_while_locked_does_not_lengthen_the_lock():
    for _ in range(5):
        try_once(NAME, "wang", NOW)
    for minute in range(1, NAME.minutes):
        assert not try_once(NAME, "wang", NOW + datetime.timedelta(minutes=minute))
    assert try_once(NAME, "wang", LATER)


def test_a_success_forgets_a_name_and_takes_one_try_of_an_address_back():
    for _ in range(3):
        try_once(NAME, "wang", NOW)
        try_once(ADDRESS, "192.0.2.1", NOW)
    forget(NAME, "wang")
    take_back(ADDRESS, "192.0.2.1")
    assert Attempt.objects.filter(kind="name").count() == 0
    assert Attempt.objects.filter(kind="address").count() == 2


def test_neither_names_nor_addresses_can_be_read_from_the_table():
    try_once(NAME, "hunter2 typed into the wrong field", NOW)
    row = Attempt.objects.get()
    assert len(row.digest) == 64
    assert "hunter2" not in str(vars(row))


@pytest.mark.parametrize(
    ("proxies", "heard", "forwarded", "address"),
    [
        (0, "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        (1, "10.0.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (2, "10.0.0.1", "198.51.100.1, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (1, "10.0.0.1", "", ""),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.7", "", "192.0.2.7"),
        (0, "", "", ""),
    ],
)
def test_only_what_ones_own_proxies_add_is_believed(settings, proxies, heard, forwarded, address):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=heard, headers={"X-Forwarded-For": forwarded})
    assert address_of(request) == address


@given(said=st.text(max_size=80))
def test_no_header_breaks_the_reading_of_addresses(said):
    request = RequestFactory().get("/")
    request.META["REMOTE_ADDR"] = said
    assert isinstance(address_of(request), str)


def test_what_no_longer_counts_is_deleted_every_day():
    try_once(NAME, "old", NOW - datetime.timedelta(days=2))
    try_once(NAME, "new", NOW)
    ask("sign-in-upkeep", "today", {}, by="test", now=NOW)
    run_due(lambda: NOW)
    assert Attempt.objects.count() == 1
