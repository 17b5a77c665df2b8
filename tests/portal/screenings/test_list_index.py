"""Lists with an index beside them give what lists without one give, whatever they are narrowed to or searched for."""

import os

import pyarrow.parquet as pq
import pytest
from screened_office import renter, screened

from huiqi.portal.screenings import list_index
from huiqi.portal.screenings.entitled import Asked, Entitled
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.models import CountyResult

pytestmark = pytest.mark.django_db
ASKED = [
    {},
    {"text": "虚构"},
    {"text": "虚构 米线"},
    {"text": "线米"},
    {"text": "店铺A"},
    {"text": "店铺a"},
    {"text": "绝无此事"},
    {"verdict": "eligible"},
    {"section": "H"},
    {"county": "532501"},
    {"size": "micro"},
]


@pytest.fixture
def finished(honghe, monkeypatch):
    monkeypatch.setattr(list_index, "LONG", 1)
    for number in range(1, 9):
        name = ("虚构米线", "米线店", "线米铺", "虚构店铺A")[number % 4]
        renter(number, name=f"{name}{number}" if number % 3 else name)
    return screened(honghe)


def listed(run, asked):
    results = list(CountyResult.objects.for_site("test").filter(run=run))
    shown = Entitled(results, "rent-waiver", Asked(**asked))
    return [each.code for each in shown], len(shown), shown.counted_fen


def test_an_index_changes_nothing_of_what_is_listed(finished):
    file = RunFolder(finished.pk).measures / "rent-waiver.parquet"
    index = file.with_suffix(".arrow")
    assert index.is_file()
    with_index = [listed(finished, asked) for asked in ASKED]
    index.unlink()
    assert [listed(finished, asked) for asked in ASKED] == with_index
    assert [total for _codes, total, _fen in with_index[:2]] == [8, 4]
    assert with_index[4] == with_index[5]
    assert with_index[6][1] == 0


def test_a_word_over_two_names_is_found_in_neither_and_one_that_stands_often_is_found(finished, monkeypatch):
    file = RunFolder(finished.pk).measures / "rent-waiver.parquet"
    names = pq.read_table(file, columns=["name"]).column(0).to_pylist()
    over = names[0][-1] + names[1][0]
    for word in (over, "线", "虚构", "店"):
        assert list_index.bearing(file, word).tolist() == [word in name for name in names]
    monkeypatch.setattr(list_index, "_MOST_FOUND", 1)
    assert list_index.bearing(file, "线").tolist() == ["线" in name for name in names]


def test_an_index_that_is_older_than_its_list_is_not_asked(finished):
    file = RunFolder(finished.pk).measures / "rent-waiver.parquet"
    table = pq.read_table(file)
    pq.write_table(table.slice(0, 3), file)
    os.utime(file.with_suffix(".arrow"), (1, 1))
    assert listed(finished, {})[1] == 3
