"""Programs read screenings and who is entitled as pages show them: the same rows, nothing of other counties."""

import pytest
from api_callers import caller
from offices import GEJIU, HONGHE, MENGZI
from screened_office import Made, made_once, officer, renter, screened

from huiqi.portal.screenings.models import Screening

pytestmark = pytest.mark.django_db


def build():
    """Screen a prefecture with two counties."""
    renter(1, name="蒙自小巷餐饮店")
    renter(2, name="蒙自云岭餐饮店", rent="3000")
    renter(3, GEJIU, rent="2000", name="个旧锡都餐饮店")
    screened(officer("honghe", "leading_group", HONGHE))


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory) -> Made:
    return made_once(build, tmp_path_factory.mktemp("made"), django_db_blocker)


@pytest.fixture
def run(made, db, tmp_path) -> Screening:
    return made.set_up(tmp_path)


def test_a_county_reads_its_own_part_of_a_prefectures_run(mengzi, run):
    program = caller(mengzi)
    assert [each["number"] for each in program.get("screenings").json()["rows"]] == [run.pk]
    told = program.get(f"screenings/{run.pk}").json()
    assert [each["county"] for each in told["counties"]] == [MENGZI]
    [waiver] = [each for each in told["counties"][0]["measures"] if each["measure"] == "rent-waiver"]
    assert (waiver["eligible"], waiver["certain_fen"]) == (2, 1_200_000)
    assert told["rules_digest"] == run.manifest["rules_digest"]
    assert (told["changed_firms"], told["changed_rules"], told["changed_lists"]) == (0, 0, 0)


def test_entitled_firms_come_in_parts_and_only_of_the_own_county(mengzi, run):
    program = caller(mengzi)
    first = program.get("entitled/rent-waiver", most=1).json()
    second = program.get("entitled/rent-waiver", most=1, after=first["next"]).json()
    rows = [*first["rows"], *second["rows"]]
    assert [(each["name"], each["amount_fen"]) for each in rows] == [
        ("蒙自云岭餐饮店", 900_000),
        ("蒙自小巷餐饮店", 300_000),
    ]
    assert second["next"] is None


@pytest.mark.parametrize("query", [{"county": GEJIU}, {"verdict": "x"}, {"after": "x"}, {"most": "0"}])
def test_a_query_that_means_nothing_is_refused(mengzi, run, query):
    answer = caller(mengzi).get("entitled/rent-waiver", **query)
    assert 400 <= answer.status_code < 500


def test_what_one_may_not_see_is_not_found(appointed, mengzi, run):
    assert caller(mengzi).get("entitled/no-such-measure").status_code == 404
    elsewhere = caller(appointed("kunming", "county_officer", "530102"))
    assert elsewhere.get(f"screenings/{run.pk}").status_code == 404
    assert elsewhere.get("entitled/rent-waiver").json()["rows"] == []
    analyst = caller(appointed("analyst", "analyst", HONGHE))
    assert analyst.get("entitled/rent-waiver").status_code in (403, 404)
