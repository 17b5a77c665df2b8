"""What of a run is taken out as sheets: all of it that the officer sees, as texts, and who took it is noted."""

import datetime

import pytest
from delivering_office import lines_of
from django.urls import reverse
from offices import GEJIU, HONGHE, NOW
from read_sheets import rows_of
from screened_office import officer

from huiqi.portal.acts.models import Event
from huiqi.portal.delivery.models import LeftOut, Line, NotReceived, Objection, Sample, SampleItem
from huiqi.portal.delivery.run_sheets import SHEETS


@pytest.fixture
def full(office):
    """A run of the prefecture with a row for each sheet, of a firm with a name that a spreadsheet would reckon."""
    gejiu = office.entitled(3)
    type(gejiu).objects.for_site("test").filter(pk=gejiu.pk).update(region=GEJIU)
    gejiu.refresh_from_db()
    named = office.entitled(1)
    type(named).objects.for_site("test").filter(pk=named.pk).update(name="=1+1")
    run = office.run(named, office.entitled(2), gejiu, region=HONGHE, state="done")
    first, second, third = lines_of(run)
    rows = Line.objects.for_site("test")
    rows.filter(pk__in=[first.pk, third.pk]).update(state="paid", paid_on=datetime.date(2022, 8, 9))
    rows.filter(pk=second.pk).update(state="rejected", reason="账号有误")
    for line in (first, third):
        LeftOut.objects.create(
            run=run, firm=office.entitled(10 + line.pk), county=line.county, amount=1_00, why="ended"
        )
        Objection.objects.create(
            run=run, line=line, firm=line.firm, county=line.county, reason="+有误", before=900_00, at=NOW
        )
        NotReceived.objects.create(line=line, county=line.county, said="没有收到", at=NOW)
    sample = Sample.objects.create(
        **{"run": run, "region": HONGHE, "population": 2, "size": 2, "confidence": "95%", "margin": "5%"},
        seed="0" * 64,
        at=NOW,
    )
    for line in (first, third):
        SampleItem.objects.create(sample=sample, line=line, county=line.county)
    return run


def taken(person, run, sheet, key=""):
    where = reverse("delivery-export", kwargs={"number": run.pk})
    return person.client.post(where, {"key": key or f"{sheet}:{person.user.pk}", "sheet": sheet})


@pytest.mark.parametrize(
    ("sheet", "rows"),
    [("lines", 3), ("not_reached", 1), ("left_out", 2), ("objections", 2), ("cases", 2), ("sample", 2)],
)
def test_each_sheet_is_taken_out_and_noted(full, sheet, rows):
    honghe = officer("honghe", "leading_group", HONGHE)
    headings, *found = rows_of(taken(honghe, full, sheet))
    assert len(found) == rows
    assert all(len(row) == len(headings) for row in found)
    event = Event.objects.filter(act="run.export").get()
    assert (event.body["sheet"], event.body["rows"]) == (sheet, rows)


def test_every_sheet_is_tried():
    assert set(SHEETS) == {"lines", "not_reached", "left_out", "objections", "cases", "sample"}


def test_texts_that_look_like_formulas_stay_texts(full):
    honghe = officer("honghe", "leading_group", HONGHE)
    assert "=1+1" in rows_of(taken(honghe, full, "lines"))[1]
    assert "+有误" in rows_of(taken(honghe, full, "objections"))[1]


def test_whoever_is_not_of_the_runs_office_takes_nothing(full, office):
    gejiu = officer("gejiu", "county_officer", GEJIU)
    for person in (gejiu, office.county_officer):
        assert taken(person, full, "lines").status_code == 404
    assert not Event.objects.filter(act="run.export").exists()


def test_a_sheet_that_there_is_none_of_is_refused_in_words(full):
    honghe = officer("honghe", "leading_group", HONGHE)
    answer = taken(honghe, full, "\0secrets")
    assert answer.status_code == 422
    assert "没有这张表" in answer.content.decode()
