"""The how-to's commands are sent as they stand on the page."""

import json
import re
import shlex
from pathlib import Path

import pytest
from django.test import Client
from offices import NOW

from huiqi.portal.firms.models import Binding

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "use-the-api.md"
WRITTEN = "huiqi_…"


def commands():
    blocks = "\n".join(re.findall(r"```\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))
    return [each for each in re.split(r"\n(?=curl )", blocks) if each.startswith("curl ")]


def sent(command, secret="", **numbers):
    words = shlex.split(command.replace("\\\n", " "))[1:]
    method, headers, body, address = "GET", {}, None, ""
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name.lower()] = value.replace(WRITTEN, secret)
        elif word == "--data":
            body, method = words.pop(0), "POST"
        else:
            address = word.removeprefix("http://localhost:8000")
    for was, now in numbers.items():
        address = address.replace(f"/{was[1:]}", f"/{now}")
    kind = headers.pop("content-type", "application/json")
    client = Client()
    return (
        client.post(address, body, content_type=kind, headers=headers)
        if method == "POST"
        else client.get(address, headers=headers)
    )


def test_the_open_commands_answer():
    assess, measures = commands()[:2]
    told = sent(assess).json()
    assert told["as_of"] == "2022-08-01" and told["measures"]
    assert len(sent(measures).json()["rows"]) == 5


def test_the_commands_with_a_token_answer(officers_program, owners_program, restaurant):
    firms, firm, owed = commands()[2:5]
    assert sent(firms, officers_program.secret).json()["rows"][0]["number"] == restaurant.pk
    assert sent(firm, officers_program.secret, _12=restaurant.pk).status_code == 200
    assert sent(owed, owners_program.secret, _12=restaurant.pk).json()["total_certain"]


def test_the_act_of_the_page_is_done(officers_program, restaurant, gejiu_officer):
    asked = Binding.objects.create(user=gejiu_officer.user, firm=restaurant, state="asked", asked_at=NOW)
    answer = sent(commands()[5], officers_program.secret, _7=asked.pk)
    assert answer.status_code == 200, answer.content
    assert json.loads(answer.content)["state"] == "bound"
