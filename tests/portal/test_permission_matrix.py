"""The permission matrix: whoever finds a page, does an act or asks the API otherwise than it says fails a test.

`permission_matrix.csv` has a row for every page, act and endpoint, and a column for every role: `all` for everybody of
the role, wherever they are; `area` for what lies within the area of their office (of their own firm, of themselves),
so that people from elsewhere find nothing, in the words for what does not exist; `-` for nobody of the role.
"""

import csv
from pathlib import Path

import pytest
from permitted_outcomes import ROLES, act_row, endpoint_row, page_row
from permitted_samples import ACTS, ENDPOINTS, PAGES

from huiqi.portal.accounts.roles import roles
from huiqi.portal.acts.registry import acts
from huiqi.portal.api.act_operations import offered
from huiqi.portal.api.building import the_api
from huiqi.portal.api.registry import endpoints
from huiqi.portal.look.registry import pages

pytestmark = pytest.mark.django_db
FILE = Path(__file__).with_name("permission_matrix.csv")
ROWS = {(row["kind"], row["name"]): row for row in csv.DictReader(FILE.read_text("utf-8").splitlines())}
BY_ITSELF = {"operator", "proven", "site", "visitor"}
"""Roles that nobody is appointed to: the column `itself` names them for acts that no person's own role holds alone."""
TRIED = {"page": page_row, "act": act_row, "endpoint": endpoint_row}


def done_by_people(kind, name):
    return kind != "act" or any(name in role.acts for role in roles().values() if role.id not in BY_ITSELF)


@pytest.mark.parametrize(("kind", "name"), [key for key in ROWS if done_by_people(*key)])
def test_the_site_does_what_the_matrix_says(world, kind, name):
    row = ROWS[kind, name]
    assert TRIED[kind](world, name) == {column: row[column] for column in ("visitor", *ROLES)}


def test_every_page_act_and_endpoint_is_in_the_matrix():
    there = {("page", name) for name in pages()} | {("act", name) for name in acts()}
    there |= {("endpoint", name) for name in endpoints()}
    assert ROWS.keys() == there


def test_what_needs_a_row_is_tried_with_one():
    assert {name for name, page in pages().items() if "<" in page.address} == PAGES.keys()
    assert {name for name, each in endpoints().items() if "{" in each.path} == ENDPOINTS.keys()
    assert ACTS.keys() == {name for kind, name in ROWS if kind == "act" and done_by_people(kind, name)}


def test_what_the_site_does_by_itself_is_told():
    for (kind, name), row in ROWS.items():
        held_by = {role.id for role in roles().values() if kind == "act" and name in role.acts}
        assert held_by & BY_ITSELF == set(row["itself"].split()), name
        assert done_by_people(kind, name) or {row[role] for role in ROLES} == {"-"}, name


def test_the_api_offers_the_acts_that_the_matrix_says():
    said = {name for (kind, name), row in ROWS.items() if kind == "act" and row["api"] == "yes"}
    assert said == offered().keys()
    operations = the_api().get_openapi_schema(path_params={})["paths"]
    names = {each["operationId"] for methods in operations.values() for each in methods.values()}
    assert names == {f"act:{each}" for each in said} | endpoints().keys()


def test_who_is_a_role_is_a_column():
    assert set(ROLES) | BY_ITSELF == set(roles())
