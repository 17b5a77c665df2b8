"""Schemathesis over the whole API on a seeded site: no server error, every answer as the schema says."""

import json

import hypothesis
import pytest
import schemathesis
from api_callers import caller
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from offices import NOW
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from huiqi.portal.accounts.models import Appointment
from huiqi.portal.accounts.proof import asked_again
from huiqi.portal.acts.registry import acts
from huiqi.portal.api.act_operations import offered
from huiqi.portal.api.acts import digest_of
from huiqi.portal.api.building import the_api
from huiqi.portal.api.models import Token
from huiqi.portal.api.registry import endpoints, withheld
from huiqi.portal.firms.models import Binding, Contest
from huiqi.portal.wsgi import application

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
WHOLE = the_api().get_openapi_schema(path_params={})
SCHEMA = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
OPERATIONS = {
    f"{method.upper()} {path}": (path, method)
    for path, methods in WHOLE["paths"].items()
    for method in methods
}


@pytest.fixture(autouse=True)
def within_the_tests_transaction():
    """As Django's own test client: the end of a request does not end the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def programs(officer, owner, auditor, restaurant, roster, appointed, settings):
    """One program for each of those who see and do different things."""
    settings.API_REQUESTS_A_MINUTE = 10**6
    settings.VISITOR_REQUESTS_A_MINUTE = 0
    return [
        caller(officer),
        caller(owner, f"firm:{restaurant.pk}"),
        caller(owner, "person"),
        caller(auditor),
        caller(appointed("chief", "administrator", "532500")),
    ]


@pytest.fixture
def subjects(owner, officer, roster, restaurant):
    """By act: a subject that it can be done to."""
    asked = Binding.objects.create(user=officer.user, firm=restaurant, state="asked", asked_at=NOW)
    contest = Contest.objects.create(
        firm=restaurant, fact="employees", stands=None, says="15", reason="新招三人", at=NOW
    )
    appointment = Appointment.objects.get(user=officer.user)
    row = {"binding": asked, "contest": contest, "roster": roster, "appointment": appointment}
    return {act: row[act.partition(".")[0]].pk for act in acts() if act.partition(".")[0] in row}


@pytest.mark.django_db
@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_sent_is_answered_as_the_schema_says(programs, subjects, restaurant, name):
    path, method = OPERATIONS[name]
    operation = SCHEMA[path][method]
    # Who does most with it tells most about it.
    wanted = name.rpartition("/acts/")[2].partition("/")[0]
    able = [each for each in programs if "/acts/" not in name or wanted in acts_of(each)]

    @hypothesis.settings(
        max_examples=8,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(
        case=operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        chosen=hypothesis.strategies.integers(0, 9),
    )
    def sent(case, chosen):
        program = (able or programs)[chosen % len(able or programs)]
        # Two of three are about rows that there are.
        if chosen % 3 and case.path_parameters:
            there = {"number": restaurant.pk, "subject": str(subjects.get(wanted, 1)), "region": "530000"}
            case.path_parameters.update({key: there[key] for key in case.path_parameters if key in there})
        answer = case.call(headers=program.headers)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            assert all(each["code"] and each["what"] for each in answer.json()["findings"])

    sent()


def acts_of(program):
    return Token.objects.for_site("test").get(digest=digest_of(program.secret)).acts


def test_the_schema_is_openapi_3_1_and_names_every_endpoint_and_every_act_that_is_offered(client, db):
    told = client.get("/api/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    named = {operation["operationId"] for methods in told["paths"].values() for operation in methods.values()}
    assert named == set(endpoints()) | {f"act:{each}" for each in offered()}
    assert offered().keys() | withheld().keys() <= acts().keys()
    assert json.dumps(told)


def test_acts_of_the_site_itself_are_not_offered():
    assert not {"roster.preview", "roster.finish", "roster.finish_undo"} & offered().keys()
    assert all(withheld().values())


def test_what_a_person_must_prove_themselves_for_no_token_does():
    assert {"token.create", "appointment.give"} <= asked_again()
    assert not asked_again() & offered().keys()


def test_no_two_shapes_share_a_name():
    shapes = {}
    for each in endpoints().values():
        for model in models_in(each.answers):
            assert shapes.setdefault(model.__name__, model) is model


def models_in(shape):
    """The shape itself, and those that its fields hold, at any depth."""
    for inner in getattr(shape, "__args__", ()):
        yield from models_in(inner)
    if hasattr(shape, "model_fields"):
        yield shape
        for about in shape.model_fields.values():
            yield from models_in(about.annotation)


def address_of(path, restaurant):
    return (
        path.replace("{number}", str(restaurant.pk)).replace("{subject}", "1").replace("{region}", "530000")
    )


def test_no_operation_answers_without_a_token(client, restaurant):
    for path, method in OPERATIONS.values():
        if "401" not in str(WHOLE["paths"][path]):
            continue
        answer = getattr(client, method)(address_of(path, restaurant), headers={"idempotency-key": "k"})
        assert answer.status_code == 401, path


def test_methods_that_an_address_does_not_know_are_told(client, restaurant):
    for path, method in OPERATIONS.values():
        answer = client.delete(address_of(path, restaurant))
        assert answer.status_code == 405, path
        assert method.upper() in answer["Allow"]
        assert answer.json()["findings"][0]["code"] == "method-not-allowed"
