"""`huiqi screen` from a roster to a folder of results, and what it refuses."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from huiqi.cli import main
from huiqi.reference.credit_codes import make_credit_code

GOOD = make_credit_code("532503", "XX000001")
OTHER = make_credit_code("532501", "XX000002")
HEADINGS = "统一社会信用代码,名称,地区,所属行业,从业人员,营业收入,租约"


def run(capsys, *arguments: object) -> tuple[int, dict, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    out = capsys.readouterr()
    return int(ended.value.code or 0), json.loads(out.out), out.err


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    folder = tmp_path / "名册"
    folder.mkdir()
    (folder / "firms.csv").write_text(
        f"credit_code,name,region,industry,employees,revenue\n"
        f"{GOOD},虚构餐馆,532503,H6210,8,900000\n{OTHER},虚构工厂,532501,C26,300,20000000\n",
        encoding="utf-8",
    )
    (folder / "leases.csv").write_text(
        f"credit_code,landlord,monthly_rent,months_leased\n{GOOD},government,10000,12\n", encoding="gb18030"
    )
    return folder


def test_a_folder_of_tables_becomes_results_with_the_rent_owed(capsys, roster, tmp_path):
    out = tmp_path / "out"
    status, answer, _ = run(capsys, "screen", roster, "--as-of", "2022-07-31", "--out", out, "--json")
    assert status == 0
    assert (answer["subjects"], answer["synthetic"], answer["findings"]) == (2, False, [])
    rows = pq.read_table(out / "results.parquet").to_pylist()
    rent = [row for row in rows if row["measure"] == "rent-waiver" and row["firm"] == GOOD]
    # Three or six months: that depends on the county's list, which the roster does not know.
    found = [(row["verdict"], row["amount_fen"], row["missing"]) for row in rent]
    assert found == [("eligible", None, "list.risk-county-2022")]
    names = {
        "results.parquet",
        "totals.json",
        "findings.json",
        "manifest.json",
        "report.html",
        "push-list.parquet",
    }
    assert names <= {each.name for each in out.iterdir()}
    assert all(row["verdict"] in ("eligible", "likely", "undetermined") for row in rows)


def test_with_all_the_refused_are_written_too(capsys, roster, tmp_path):
    out = tmp_path / "out"
    run(capsys, "screen", roster, "--as-of", "2022-07-31", "--out", out, "--all", "--json")
    verdicts = set(pq.read_table(out / "results.parquet").column("verdict").to_pylist())
    assert {"ineligible", "not_here"} <= verdicts


def test_the_same_roster_gives_the_same_bytes(capsys, roster, tmp_path):
    for name in ("one", "two"):
        run(capsys, "screen", roster, "--as-of", "2022-07-31", "--out", tmp_path / name, "--json")
    for name in ("results.parquet", "totals.json", "manifest.json", "report.html", "summary.xlsx"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_a_bad_row_stops_with_findings_only_and_can_be_left_out(capsys, roster, tmp_path):
    firms = roster / "firms.csv"
    firms.write_text(firms.read_text(encoding="utf-8").replace(",300,", ",30元,"), encoding="utf-8")
    out = tmp_path / "out"
    status, answer, error = run(capsys, "screen", roster, "--as-of", "2022-07-31", "--out", out, "--json")
    (finding,) = answer["findings"]
    assert status == 2
    assert finding["line"] == 3
    assert error.count("\n") == 1
    assert [each.name for each in out.iterdir()] == ["findings.json"]
    options = ("--as-of", "2022-07-31", "--out", out, "--without-bad-rows", "--json")
    status, answer, _ = run(capsys, "screen", roster, *options)
    assert (status, answer["subjects"], answer["left_out"]) == (0, 1, {"firms": 1})


def test_a_folder_that_holds_something_is_refused(capsys, roster, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "letter.txt").write_text("mine", encoding="utf-8")
    status, answer, _ = run(capsys, "screen", roster, "--as-of", "2022-07-31", "--out", out, "--json")
    assert (status, answer["findings"][0]["code"]) == (2, "folder-taken")
    assert (out / "letter.txt").read_text(encoding="utf-8") == "mine"
