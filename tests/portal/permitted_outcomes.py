"""What the site lets each person do with a page, an act or an endpoint, found by trying, in the words of the matrix."""

import json
import re
from collections.abc import Callable
from html import unescape

from django.contrib.auth import get_user
from django.db import transaction
from django.test import Client
from django.urls import reverse
from offices import MENGZI, NOW, TODAY
from permitted_samples import ACTS, ENDPOINTS, PAGES, QUERIES, TALKING, Sample
from permitted_world import ABOVE, ELSEWHERE, NOBODY, OWN, Person, World

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.roles import appointable, roles
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.api.act_operations import offered
from huiqi.portal.api.registry import endpoints
from huiqi.portal.firms.bound import bound_firms
from huiqi.portal.look.registry import pages

OPEN, HIDDEN, SIGN_IN = "open", "hidden", "sign-in"
VISITORS = {OPEN: "all", HIDDEN: "-", SIGN_IN: SIGN_IN}
ROLES = ("member", "firm", *appointable())
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=|"ticket" value=)"[^"]*"')


class Rollback(Exception):
    """What a trial changed is taken back."""


def trial(attempt, client=None):
    """Return what an attempt gives, with nothing left of it, in the database or in the browser."""
    found = []
    cookies = dict(client.cookies) if client is not None else {}
    try:
        with transaction.atomic():
            found.append(attempt())
            raise Rollback
    except Rollback:
        return found[0]
    finally:
        if client is not None:
            client.cookies.clear()
            client.cookies.update(cookies)


def word_of(outcomes: dict[str, str], shows: dict[str, bool]) -> str:
    """Return the matrix's word for how the people of one role fared, by place; `shows`: the county's own rows."""
    near = {each for place, each in outcomes.items() if place != ELSEWHERE}
    if near == {HIDDEN} and outcomes[ELSEWHERE] == HIDDEN:
        return "-"
    if near == {OPEN} and outcomes[ELSEWHERE] == OPEN:
        return "area" if any(shows.values()) else "all"
    if near == {OPEN} and outcomes[ELSEWHERE] == HIDDEN:
        return "area"
    if outcomes.get(OWN) == OPEN and all(each == HIDDEN for place, each in outcomes.items() if place != OWN):
        return "mine"
    return str(outcomes)


def by_role(world: World, met: Callable[[Person], tuple[str, bool]]) -> dict[str, str]:
    """Put what people meet together into a row of the matrix. Those beside and above are asked where it depends."""
    return {role: _word_of_role(world, role, met) for role in ROLES}


def _word_of_role(world, role, met):
    people = {each.place: each for each in world.of(role)}
    near = OWN if OWN in people else ABOVE
    outcomes, shows = {}, {}

    def ask(place):
        outcomes[place], shows[place] = met(people[place])

    ask(near)
    ask(ELSEWHERE)
    assert not shows[ELSEWHERE], f"a {role} from elsewhere reads of the county's rows"
    if outcomes[near] != outcomes[ELSEWHERE]:
        for place in people.keys() - {near, ELSEWHERE}:
            ask(place)
    return word_of(outcomes, shows)


def page_row(world: World, name: str) -> dict[str, str]:
    """Who finds a page, by what its address is about."""
    visitor, _shown = visited(world, Client(), name)
    row = by_role(world, lambda person: visited(world, person.client, name))
    return {"visitor": VISITORS[visitor], **row}


def visited(world: World, client: Client, name: str) -> tuple[str, bool]:
    """Whether a page opens, and whether it shows a word of the county's own rows."""
    where = PAGES[name](world) if name in PAGES else {}
    outcomes = set()
    shown = False
    for method in pages()[name].methods:
        answer = trial(lambda method=method: asked(client, method, name, where), client)
        status, body, location = answer
        if status == 404:
            nobodys = {key: NOBODY if key == "number" else value for key, value in where.items()}
            if nobodys != where and opens_for(client, name):
                other = trial(lambda method=method, w=nobodys: asked(client, method, name, w), client)
                assert other == answer, f"{name}: what is hidden is told apart from what does not exist"
            outcomes.add(HIDDEN)
        elif location.startswith(reverse("sign-in") + "?next="):
            outcomes.add(SIGN_IN)
        else:
            assert status < 500, (name, status)
            outcomes.add(OPEN)
            shown |= any(word in body for word in world.words)
    assert len(outcomes) == 1, (name, outcomes)
    return outcomes.pop(), shown


def opens_for(client, name) -> bool:
    """Whether the person's role opens the page at all, for some row."""
    user = get_user(client)
    needed = pages()[name].opens
    return user.is_authenticated and actor_of(user, TODAY, firms=bound_firms(user)).may_see(needed)


def asked(client, method, name, where):
    """Ask for a page: status, body without what differs by the address or by chance, and where it leads."""
    if name in TALKING:
        client.post(reverse("answers"), {"region": MENGZI, "subject": "enterprise"})
    if "step" in where:
        _leave_a_question(client, reverse(name.replace("-change", "-ask"), kwargs=_but(where, "step")))
    address = reverse(name, kwargs=where)
    answer = client.get(address) if method == "GET" else client.post(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    body = _TOKEN.sub(b"", body)
    if "number" in where:
        body = body.replace(address.encode(), b"")
    return answer.status_code, body.decode("utf-8", "replace"), answer.headers.get("Location", "")


def _leave_a_question(client, address):
    question = re.search(r'name="place" value="([^"]*)"', client.get(address).content.decode())
    if question is not None:
        client.post(address, {"place": unescape(question[1]), "move": "skip"})


def _but(where, name):
    return {key: value for key, value in where.items() if key != name}


def act_row(world: World, name: str) -> dict[str, str]:
    """Who does an act to the county's row, or by naming one; by the function itself and by the API alike."""
    sample = ACTS[name]

    def met(person):
        outcome = trial(lambda: performed(world, person, name, sample))
        if name in offered():
            by_program = trial(lambda: operated(world, person, name, sample))
            # A token stands for one capacity: an office's token does not act for its holder's own account.
            alone = name not in roles()[person.role].acts
            assert by_program == (HIDDEN if alone else outcome), (name, person.role, person.place, by_program)
        return outcome, False

    return {"visitor": "-", **by_role(world, met)}


def performed(world, person, name, sample: Sample) -> str:
    said = _refusal(world, person, name, sample, {})
    if said is None:
        return OPEN
    if said == "not-found" or (
        sample.refers and said == trial(lambda: _refusal(world, person, name, sample, sample.refers))
    ):
        return HIDDEN
    return f"refused: {said}"


def _refusal(world, person, name, sample, instead):
    _prepare(world, sample)
    values = {**sample.values(world, person), **instead}
    subject = world.key(sample.on) if sample.on else None
    try:
        perform(name, person.actor, subject, values, now=NOW, today=TODAY, key="matrix")
    except Refused as refused:
        finding = refused.findings[0]
        return "not-found" if finding.code == "not-found" else f"{finding.code} {finding.what} {finding.cell}"
    return None


def _prepare(world, sample: Sample):
    if sample.state:
        row = world.rows[sample.on]
        type(row)._base_manager.filter(pk=row.pk).update(state=sample.state)
    sample.ready(world)


def operated(world, person, name, sample: Sample) -> str:
    """The same by a program."""
    answers = []
    for instead in ({}, sample.refers):
        answers.append(trial(lambda instead=instead: _operation(world, person, name, sample, instead)))
        if answers[0][0] == 200:
            return OPEN
        if answers[0][0] == 404:
            return HIDDEN
        if not sample.refers:
            break
    same = len(answers) == 2 and answers[0] == answers[1]
    return HIDDEN if same else f"refused: {_said(answers[0])}"


def _said(answer):
    finding = json.loads(answer[1])["findings"][0]
    return f"{finding['code']} {finding['what']} {finding['cell']}"


def _operation(world, person, name, sample, instead):
    _prepare(world, sample)
    values = {**sample.values(world, person), **instead}
    path = f"acts/{name}/{world.key(sample.on)}" if sample.on else f"acts/{name}"
    answer = person.program.post(path, values)
    return answer.status_code, answer.content.decode()


def endpoint_row(world: World, name: str) -> dict[str, str]:
    """Whose programs may ask an endpoint, by what its address is about."""
    visitor = called(world, None, name)[0]
    return {"visitor": VISITORS[visitor], **by_role(world, lambda person: called(world, person, name))}


def called(world, person, name):
    """Whether an endpoint answers, and whether it tells a word of the county's own rows."""
    where = ENDPOINTS[name](world) if name in ENDPOINTS else {}
    answer = trial(lambda: _called(person, name, where))
    status, body = answer
    if status == 401:
        return SIGN_IN, False
    if status == 404:
        nobodys = {key: NOBODY if key == "number" else value for key, value in where.items()}
        assert nobodys == where or trial(lambda: _called(person, name, nobodys)) == answer, name
        return HIDDEN, False
    assert status < 500, (name, status)
    return OPEN, any(word in body for word in (*world.words, f'"region": "{MENGZI}"'))


def _called(person, name, where):
    about = endpoints()[name]
    path = about.path
    for key, value in where.items():
        path = re.sub(r"\{(int:)?" + key + r"\}", str(value), path)
    path += QUERIES.get(name, "")
    headers = person.program.headers if person is not None else {}
    client = person.program.client if person is not None else Client()
    send = client.get if about.method == "GET" else client.post
    more = {} if about.method == "GET" else {"data": "{}", "content_type": "application/json"}
    answer = send(f"/api/{path}", headers=headers, **more)
    return answer.status_code, answer.content.decode()
