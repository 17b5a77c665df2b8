"""Programs that call the site with a token."""

import json
from dataclasses import dataclass

from django.test import Client
from offices import NOW, TODAY

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Appointment
from huiqi.portal.acts.performing import perform
from huiqi.portal.api.act_operations import offered
from huiqi.portal.api.capacities import capacity_of


@dataclass
class Caller:
    """A program with a token: get, and post JSON."""

    secret: str
    client: Client

    @property
    def headers(self):
        return {"authorization": f"Bearer {self.secret}"}

    def get(self, path, **query):
        return self.client.get(f"/api/{path}", query, headers=self.headers)

    def post(self, path, body=None, key="k1", **headers):
        more = {"idempotency-key": key} if key else {}
        return self.client.post(
            f"/api/{path}",
            json.dumps(body if body is not None else {}),
            content_type="application/json",
            headers={**self.headers, **more, **headers},
        )


def make_token(office, stands_for="", **given):
    """Make a token with everything that it may have, or what is given."""
    appointment = Appointment.objects.filter(user=office.user).first()
    stands_for = stands_for or (f"appointment:{appointment.pk}" if appointment else "person")
    kind, _, number = stands_for.partition(":")
    capacity = capacity_of(office.user, kind, appointment, int(number or 0), TODAY)
    whole = {
        "name": "test",
        "stands_for": stands_for,
        "expires": "2022-12-31",
        "acts": sorted(capacity.acts & offered().keys()) if capacity else [],
        "pages": sorted(capacity.pages) if capacity else ["home"],
    }
    values = {**whole, **given}
    actor = actor_of(office.user, TODAY)
    key = f"{office.user.pk}{stands_for}{sorted(given.items())}"[:80]
    return perform("token.create", actor, None, values, now=NOW, today=TODAY, key=key).subject


def caller(office, stands_for="", **given) -> Caller:
    return Caller(make_token(office, stands_for, **given).secret, Client())


def code_of_answer(answer):
    """Status and stable code of a refusal."""
    return answer.status_code, answer.json()["findings"][0]["code"]
