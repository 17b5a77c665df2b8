"""Whoever runs the machine makes the first administrator, and leaves events."""

import pytest
from django.test import Client
from offices import HONGHE, NOW, TODAY

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.first import make_administrator
from huiqi.portal.accounts.models import Agency, User
from huiqi.portal.accounts.roles import appointable
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import Refused

pytestmark = pytest.mark.django_db
NEW = {"password": "three short words", "again": "three short words", "key": "k"}
OFFICE = "红河哈尼族彝族自治州工业和信息化局"


def make(user_name="admin", agency=OFFICE, region=HONGHE):
    return make_administrator(user_name, "刘管理", agency, region, now=NOW, today=TODAY)


def test_a_new_site_gets_its_first_administrator():
    user, secret = make()
    client = Client()
    assert client.post(f"/entry/{secret}/", NEW).status_code == 302
    assert client.get("/people/").status_code == 200
    user.refresh_from_db()
    assert [each.role for each in actor_of(user, TODAY).capacities] == ["administrator", "member"]
    told = [(each.act, each.actor, each.via) for each in Event.objects.order_by("sequence")][:3]
    assert told == [(act, "operator", "cli") for act in ("agency.add", "user.invite", "appointment.give")]


def test_an_administrator_who_lost_every_way_in_gets_a_new_link():
    _user, first = make()
    user, second = make()
    assert User.objects.count() == 1 and Agency.objects.count() == 1
    assert Client().get(f"/entry/{first}/").status_code == 404
    assert Client().get(f"/entry/{second}/").status_code == 200
    assert user.username == "admin"


def test_nobody_else_is_made_an_administrator_by_their_name():
    User.objects.create_user("wang", password="x", name="wang")
    with pytest.raises(Refused, match="不是系统管理员"):
        make("wang")


def test_nothing_is_half_made():
    with pytest.raises(Refused):
        make("1 bad name")
    assert not User.objects.exists() and not Agency.objects.exists() and not Event.objects.exists()


def test_nobody_is_appointed_an_operator():
    assert "operator" not in appointable()
