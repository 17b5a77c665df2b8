"""Pages of findings and heads: who sees what, narrowed by the address, with as many questions for 3 rows as for 30."""

import pytest
from ledgers import HONGHE, MENGZI, PROVINCE
from offices import TODAY
from read_sheets import rows_of
from watched_funds import day

from huiqi.portal.fund_watch.models import FundFinding


@pytest.fixture
def found(watched):
    watched.appropriate(500_000, day("06-01"))
    watched.pass_down(PROVINCE, HONGHE, 300_000, day("06-01"))
    watched.pass_down(HONGHE, MENGZI, 100_000, day("06-02"))
    watched.watch(TODAY)
    return watched


def text(watched, who, address="/funds/findings/"):
    answer = watched.people[who].client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_sees_the_findings_of_their_area(found):
    county = found.found("idle", region=MENGZI)[0]
    assert f"/funds/findings/{county.pk}/" in text(found, "finance@mengzi")
    assert f"/funds/findings/{county.pk}/" in text(found, "leading_group@honghe")
    assert f"/funds/findings/{county.pk}/" not in text(found, "finance@gejiu")
    assert found.people["finance@gejiu"].client.get(county.address()).status_code == 404


def test_they_are_narrowed_by_the_address(found):
    assert "共1项" in text(found, "auditor@province", f"/funds/findings/?rule=idle&region={MENGZI}")
    assert "共0项" in text(found, "auditor@province", "/funds/findings/?state=accepted")
    assert "共0项" in text(found, "finance@province", "/funds/findings/?mine=1")


@pytest.mark.parametrize(
    "query", ["?rule=%00", "?region=%E4%B8", "?state=" + "x" * 9_000, "?mine=a", "?page=-1"]
)
def test_hostile_queries_show_the_list(found, query):
    text(found, "finance@honghe", f"/funds/findings/{query}")


def test_a_finding_says_what_is_behind_it(found):
    finding = found.found("idle", region=HONGHE)[0]
    said = text(found, "leading_group@honghe", finding.address())
    assert "2,000.00元" in said and "严禁截留挪用缓拨" in said and "本单位设定" in said
    assert "分解下达" in said and "3,000.00" in said
    assert f"/act/finding.assign/{finding.pk}/" in said
    assert f"/act/finding.assign/{finding.pk}/" not in text(found, "finance@honghe", finding.address())


def test_the_form_of_assigning_offers_people_of_the_area(found):
    finding = found.found("idle", region=MENGZI)[0]
    said = text(found, "leading_group@mengzi", f"/act/finding.assign/{finding.pk}/")
    assert "finance@mengzi" in said and "finance@gejiu" not in said


def test_the_sheet_has_what_the_page_shows(found):
    answer = found.people["auditor@province"].client.get("/funds/findings/export/?rule=idle")
    rows = rows_of(answer)
    assert len(rows) == 1 + len(found.found("idle"))
    assert rows[1][5].startswith("本级可用资金中有")


def test_as_many_questions_for_many_findings(found, django_assert_max_num_queries):
    text(found, "auditor@province")
    with django_assert_max_num_queries(14):
        text(found, "auditor@province")
    first = FundFinding.objects.for_site("test").first()
    for number in range(30):
        first.pk, first.about = None, f"account:{number + 900}"
        first.save()
    with django_assert_max_num_queries(14):
        text(found, "auditor@province")


def test_the_home_says_what_waits(found):
    finding = found.found("idle", region=MENGZI)[0]
    assert finding.address() in text(found, "leading_group@mengzi", "/")
    assert finding.address() not in text(found, "finance@mengzi", "/")
    who = found.people["finance@mengzi"].user.pk
    found.do("leading_group@mengzi", "finding.assign", finding.pk, {"user": who})
    home = text(found, "finance@mengzi", "/")
    assert finding.address() in home and "2022-08-08" in home


def test_heads_show_the_digest_to_all_and_lines_to_their_area(found):
    found.freeze(TODAY)
    assert found.heads()[0].digest in text(found, "finance@gejiu", "/funds/heads/")
    county = text(found, "finance@mengzi", "/funds/heads/2022-06-30/")
    assert "1,000.00" in county and "2,000.00" not in county
    assert "2,000.00" in text(found, "auditor@honghe", "/funds/heads/2022-06-30/")
    for wrong in ("2022-06-29", "x", "2022-99-99", "0"):
        assert found.people["finance@mengzi"].client.get(f"/funds/heads/{wrong}/").status_code == 404
    sheet = found.people["auditor@honghe"].client.get("/funds/heads/2022-06-30/export/")
    rows = rows_of(sheet)
    assert rows[-1][1] == found.heads()[0].digest
