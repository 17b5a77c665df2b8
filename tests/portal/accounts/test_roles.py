"""roles.yaml: all that it names exists, both ways of an incompatibility hold, and the page says what the file says."""

import pytest
from django.urls import reverse

from huiqi.portal.accounts.roles import appointable, roles
from huiqi.portal.acts.registry import acts
from huiqi.portal.acts.transitions import tables
from huiqi.portal.api.registry import endpoints
from huiqi.portal.look.registry import PUBLIC, pages


def test_every_act_that_a_role_holds_exists():
    named = {act for role in roles().values() for act in role.acts}
    assert named == acts().keys()


def test_every_page_that_a_role_opens_exists_or_is_read_by_programs():
    named = {name for role in roles().values() for name in role.pages}
    read = {name for each in endpoints().values() for name in each.opens}
    assert named == {each.opens for each in pages().values()} - {PUBLIC} | read - {PUBLIC}


def test_incompatible_roles_are_incompatible_both_ways():
    for role in roles().values():
        assert role.id not in role.apart_from
        for other in role.apart_from:
            assert role.id in roles()[other].apart_from


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("reviewer", "approver"),
        ("approver", "finance"),
        ("administrator", "auditor"),
        ("administrator", "approver"),
    ],
)
def test_who_does_one_thing_does_not_do_the_other(one, other):
    assert other in roles()[one].apart_from


def test_nobody_is_appointed_to_what_the_site_or_a_person_holds_by_itself():
    assert not {"member", "firm", "visitor", "proven", "site"} & appointable().keys()
    assert all(role.levels for role in appointable().values())


def test_acts_on_credentials_are_in_no_role_that_a_token_or_an_appointment_gives():
    kept = roles()["proven"].acts | roles()["visitor"].acts
    for name, role in roles().items():
        if name not in {"proven", "visitor"}:
            assert not kept - {"user.link_outside"} & role.acts


def test_every_act_on_accounts_has_a_row_in_the_table_of_states():
    table = tables()["accounts.user"]
    on_users = {name for name, kind in acts().items() if kind.model._meta.label_lower == "accounts.user"}
    assert on_users == table.moves.keys()


@pytest.mark.django_db
def test_the_page_of_roles_says_what_the_file_says(mengzi):
    shown = mengzi.client.get(reverse("roles")).content.decode()
    for role in appointable().values():
        assert role.zh in shown
    approver = shown[shown.index('id="approver"') : shown.index('id="finance"')]
    assert all(word in approver for word in ("复核", "资金拨付", "系统管理"))
    assert "系统任务" in shown and "已验明本人" not in shown
