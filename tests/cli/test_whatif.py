"""`huiqi whatif` as a user and as a program meets it."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from huiqi.cli import main

FIRMS = """firm,name,subject,region,industry,list.risk-county-2022
1,云岭小吃店（虚构）,self_employed,532503,H6210,no
"""
LEASES = """firm,landlord,monthly_rent,months_leased
1,government,3000,12
"""


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out = capsys.readouterr()
    return int(ended.value.code or 0), out.out, out.err


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("whatif") / "population"
    with pytest.raises(SystemExit):
        main(["population", "--region", "5325", "--firms", "1500", "--seed", "7", "--out", str(folder)])
    return str(folder)


def test_a_program_gets_every_figure_and_the_rows_that_change(capsys, population, tmp_path):
    out = tmp_path / "out"
    arguments = ["--set", "rent-waiver.months=4", "--as-of", "2022-07-31", "--out", str(out), "--json"]
    status, text, _ = run(capsys, "whatif", population, *arguments)
    answer = json.loads(text)
    assert status == 0
    assert (answer["settings"], answer["changed_rules"]) == (["rent-waiver.months=4"], ["rent-waiver"])
    assert answer["synthetic"] is True
    (rent,) = answer["measures"]
    assert rent["difference"] == answer["total"]["difference"]
    assert answer["total"]["gain"] == rent["more"] > 0
    for group in ("by_region", "by_industry", "by_size"):
        assert sum(each["subjects"] for each in answer[group]) == 1500
        assert sum(each["gain"] for each in answer[group]) == answer["total"]["gain"]
    assert json.loads((out / "whatif.json").read_text("utf-8")) == answer
    rows = pq.read_table(out / "changes.parquet").to_pylist()
    assert len(rows) == sum(
        rent[each] for each in ("more", "less", "newly_owed", "no_longer_owed", "verdict_only")
    )
    fen = sum(each["after_fen"] - each["before_fen"] for each in rows)
    assert f"{fen / 100:.2f}" == rent["difference"]


def test_people_read_who_gains_where_and_how_far_a_budget_reaches(capsys, population):
    arguments = ["--set", "rent-waiver.months=4", "--as-of", "2022-07-31", "--budget", "rent-waiver=1000"]
    status, text, _ = run(capsys, "whatif", population, *arguments)
    assert status == 0
    for words in ("虚构数据", "国有房屋租金减免", "增额", "地区", "行业", "个体工商户", "预算与名额", "第 "):
        assert words in text


def test_english_is_had_for_the_asking(capsys, population):
    arguments = ["--set", "rent-waiver.months=4", "--as-of", "2022-07-31", "--language", "en"]
    status, text, _ = run(capsys, "whatif", population, *arguments)
    assert status == 0
    assert "Rent waiver in state-owned premises" in text
    assert "gain and" in text


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "nothing-changed"),
        (["--set", "rent-waver.months=4"], "unknown-measure"),
        (["--set", "rent-waiver.months=4 kg"], "wrong-unit"),
        (["--budget", "rent-waiver=some"], "budget-form"),
        (["--against", "nowhere"], None),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_a_finding(capsys, population, arguments, code):
    status, text, error = run(capsys, "whatif", population, "--as-of", "2022-07-31", "--json", *arguments)
    assert status == 2
    assert error.count("\n") == 1
    (finding, *_) = json.loads(text)["findings"]
    assert code in (None, finding["code"])


def test_a_folder_that_holds_something_is_left_alone(capsys, population, tmp_path: Path):
    (tmp_path / "kept.txt").write_text("mine")
    arguments = ["--set", "rent-waiver.months=4", "--as-of", "2022-07-31", "--out", str(tmp_path)]
    status, _, error = run(capsys, "whatif", population, *arguments)
    assert (status, [each.name for each in tmp_path.iterdir()]) == (2, ["kept.txt"])
    assert "there is something in this folder already" in error


def test_a_roster_as_offices_have_it_is_read_too(capsys, tmp_path: Path):
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    (tmp_path / "leases.csv").write_text(LEASES, encoding="utf-8")
    arguments = ["--set", "rent-waiver.usual_months=4", "--as-of", "2022-07-31", "--json"]
    status, text, error = run(capsys, "whatif", str(tmp_path), *arguments)
    assert status == 0, error
    answer = json.loads(text)
    assert answer["synthetic"] is False
    total = {key: answer["total"][key] for key in ("before", "after", "difference", "gain")}
    assert total == {"before": "9000.00", "after": "12000.00", "difference": "3000.00", "gain": 1}
