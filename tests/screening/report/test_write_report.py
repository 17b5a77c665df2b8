"""The report as a whole: every file there, every figure equal to the totals to the fen, the same bytes each time."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from huiqi.screening.assess import COUNTED, assess
from huiqi.screening.report import totals_json, write_report
from huiqi.screening.report.page import report_page
from huiqi.screening.totals import Totals

DAY = datetime.date(2022, 7, 31)
FILES = {
    *("results.parquet", "manifest.json", "totals.json", "report.html", "summary.xlsx"),
    *("push-list.parquet", "push-list.xlsx", "missed.parquet", "missed.xlsx", "by-county"),
}


@pytest.fixture(params=["examples", "drawn"])
def made(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def figures(made: Any) -> dict[str, Any]:
    return json.loads((made.folder / "totals.json").read_text("utf-8"))


def test_all_files_are_there_and_nothing_else(made: Any) -> None:
    assert {path.name for path in made.folder.iterdir()} == FILES


def test_examples_are_owed_what_each_alone_is_owed(examples: Any) -> None:
    """Per firm the sum of 应享 is the assessment's certain total."""
    owed: Counter[str] = Counter()
    table = pq.read_table(examples.folder / "results.parquet").to_pylist()
    for row in table:
        if row["amount_is"] in COUNTED:
            owed[row["row"]] += row["counted_fen"] or 0
    alone = [assess(examples.library, each).total_certain for each in examples.situations]
    assert [owed[row] for row in range(len(alone))] == alone
    assert figures(examples)["total_certain_fen"] == sum(alone)
    # 397,000 + 12,406.27 + 38,376.72 + 16,500, as worked by hand for the example firm.
    assert 46_428_299 in alone


def test_every_breakdown_adds_up_to_the_total(made: Any) -> None:
    found = figures(made)
    total = made.totals.certain_fen
    assert found["total_certain_fen"] == total
    assert sum(each["certain_fen"] for each in found["measures"] if each["amount_is"] in COUNTED) == total
    for part in ("counties", "sections", "sizes"):
        assert sum(each["certain_fen"] for each in found[part]) == total
        assert sum(each["deferred_fen"] for each in found[part]) == found["total_deferred_fen"]
        assert sum(each["subjects"] for each in found[part]) == made.totals.firms
    assert sum(each["owed_subjects"] for each in found["counties"]) == made.totals.owed_subjects


def test_every_measure_has_its_counts_and_sources(made: Any) -> None:
    for each in figures(made)["measures"]:
        assert sum(each["verdicts"].values()) == made.totals.firms
        assert each["regions"][0]["sources"][0]["basis"]
        assert each["certain"] == f"{each['certain_fen'] // 100}.{each['certain_fen'] % 100:02}"


def test_missing_facts_are_ranked_and_count_subjects(made: Any) -> None:
    facts = figures(made)["missing"]
    openings = [each["openings"] for each in facts]
    assert openings == sorted(openings, reverse=True)
    lacking: dict[str, set[int]] = {}
    alone: Counter[str] = Counter()
    for row in pq.read_table(made.folder / "results.parquet").to_pylist():
        names = [name for name in (row["missing"] or "").split("; ") if name]
        for name in names:
            lacking.setdefault(name, set()).add(row["row"])
        if len(names) == 1 and row["verdict"] != "eligible":
            alone[names[0]] += 1
    assert {each["fact"]: each["subjects"] for each in facts} == {
        each["fact"]: len(lacking[each["fact"]]) for each in facts
    }
    assert {each["fact"]: each["settles_alone"] for each in facts} == {
        each["fact"]: alone[each["fact"]] for each in facts
    }
    assert max(openings) > 3


def test_workbooks_by_county_hold_every_verdict_and_every_fen(made: Any, fen_in: Any) -> None:
    rows: Counter[str] = Counter()
    fen = Counter()
    for path in sorted((made.folder / "by-county").iterdir()):
        for sheet, name in enumerate(("应享", "待确认", "待补信息"), 1):
            fen[name] += fen_in(path, sheet, "E")
    for _, sheet, body in made.sheets("by-county/*.xlsx"):
        rows[sheet] += len(body)
    verdicts = Counter()
    for (_, verdict), count in made.totals.verdicts.items():
        verdicts[verdict] += count
    assert rows == {
        "应享": verdicts["eligible"],
        "待确认": verdicts["likely"],
        "待补信息": verdicts["undetermined"],
    }
    assert fen == {
        "应享": sum(made.totals.fen.values()),
        "待确认": sum(made.totals.likely_fen.values()),
        "待补信息": 0,
    }


def test_summary_workbook_equals_the_totals(made: Any, fen_in: Any) -> None:
    found = figures(made)
    sheets = {name: rows for _, name, rows in made.sheets("summary.xlsx")}
    order = list(sheets)
    path = made.folder / "summary.xlsx"
    assert fen_in(path, order.index("县市") + 1, "I") == found["total_certain_fen"]
    assert fen_in(path, order.index("规模") + 1, "H") == found["total_certain_fen"]
    assert fen_in(path, order.index("措施") + 1, "I") == sum(made.totals.fen.values())
    for row in sheets["措施"]:
        assert row["符合"] == made.totals.verdicts[(row["编号"], "eligible")]
        assert row["尚不确定"] == made.totals.verdicts[(row["编号"], "undetermined")]
    assert [row["未定户项"] for row in sheets["缺少的信息"]] == [
        each["openings"] for each in found["missing"]
    ]


def test_push_list_has_each_row_in_play_in_one_group(made: Any) -> None:
    found = {each["group"]: each for each in figures(made)["push_list"]}
    in_play = pq.read_table(made.folder / "results.parquet").to_pylist()
    assert sum(each["rows"] for each in found.values()) == len(in_play)
    rows = pq.read_table(made.folder / "push-list.parquet").to_pylist()
    by_group = Counter(row["group"] for row in rows)
    assert by_group == {
        name: each["rows"] for name, each in found.items() if name != "aside" and each["rows"]
    }
    pay = [row for row in rows if row["group"] == "pay"]
    assert sum(row["amount_fen"] for row in pay) == found["pay"]["amount_fen"]
    deliveries = {each.id: each.delivery for each in made.library.measures}
    for row in pay:
        assert row["verdict"] == "eligible"
        assert row["amount_fen"] > 0
        assert deliveries[row["measure"]] == "automatic"
    assert all(row["what"] and row["who"] for row in rows if row["group"] in ("confirm", "ask"))
    assert found["pay"]["amount_fen"] + found["tell"]["amount_fen"] == figures(made)["total_certain_fen"]
    assert found["confirm"]["amount_fen"] == figures(made)["total_likely_fen"]


def test_push_workbook_has_the_same_rows(made: Any, fen_in: Any) -> None:
    found = {each["group"]: each for each in figures(made)["push_list"]}
    sheets = {name: rows for _, name, rows in made.sheets("push-list.xlsx")}
    assert len(sheets["可直接兑付"]) == found["pay"]["rows"]
    assert len(sheets["告知办理"]) == found["tell"]["rows"]
    assert len(sheets["只需确认"]) == found["confirm"]["rows"]
    # What must be asked stands once for each firm.
    assert len(sheets["须补信息"]) == found["ask"]["subjects"]
    assert sum(row["涉及措施数"] for row in sheets["须补信息"]) == found["ask"]["rows"]
    assert fen_in(made.folder / "push-list.xlsx", 1, "E") == found["pay"]["amount_fen"]


def test_missed_list_is_what_remains_of_what_is_owed(examples: Any) -> None:
    """By the assessment of each firm alone: what its receipts leave of each amount."""
    expected = set()
    for row, situation in enumerate(examples.situations):
        assessment = assess(examples.library, situation)
        owed = {measure.id: amount for measure, _, amount in assessment.bundle.chosen}
        for each in assessment.measures:
            name = each.measure.id
            if each.measure.amount_is in COUNTED and owed.get(name) and each.remains is not None:
                received = each.judgement.amount - each.remains
                if received < owed[name]:
                    expected.add((row, name, owed[name] - received))
    rows = pq.read_table(examples.folder / "missed.parquet").to_pylist()
    assert {(row["row"], row["measure"], row["missed_fen"]) for row in rows} == expected
    assert expected
    missed = figures(examples)["missed"]
    assert missed["missed_fen"] == sum(fen for *_, fen in expected)
    assert missed["subjects"] == len({row for row, *_ in expected})


def test_missed_workbook_ties_to_the_missed_list(made: Any, fen_in: Any) -> None:
    found = figures(made)["missed"]
    assert fen_in(made.folder / "missed.xlsx", 1, "G") == found["missed_fen"]
    rows = pq.read_table(made.folder / "missed.parquet").to_pylist()
    assert len(rows) == found["rows"]
    assert all(row["owed_fen"] - row["received_fen"] == row["missed_fen"] > 0 for row in rows)


def test_lists_are_sorted_by_county_and_firm(drawn: Any) -> None:
    rows = pq.read_table(drawn.folder / "push-list.parquet").to_pylist()
    keys = [(row["county"] is None, row["county"], row["row"], row["measure"]) for row in rows]
    assert keys == sorted(keys)
    assert len({row["county"] for row in rows}) > 5


def test_the_same_results_give_the_same_bytes(made: Any, tmp_path: Path) -> None:
    again = made.again(tmp_path / "again")
    for path in sorted(again.rglob("*")):
        if path.is_file():
            mine, first = path.read_bytes(), (made.folder / path.relative_to(again)).read_bytes()
            assert hashlib.sha256(mine).digest() == hashlib.sha256(first).digest(), path.name


def test_full_workbooks_go_on_in_numbered_ones_without_splitting_a_firm(drawn: Any, tmp_path: Path) -> None:
    folder = drawn.again(tmp_path / "again", most_rows=120)
    books = sorted((folder / "by-county").glob("532503-*.xlsx"))
    assert len(books) > 3
    rows, files_of = 0, Counter()
    for path in books:
        firms: set[str] = set()
        size = 0
        for _, _, body in type(drawn).sheets(replace_folder(drawn, folder), f"by-county/{path.name}"):
            size += len(body)
            firms |= {row["统一社会信用代码"] for row in body}
        assert size <= 120
        rows += size
        files_of.update(firms)
    assert set(files_of.values()) == {1}
    county = pq.read_table(drawn.folder / "results.parquet", filters=[("county", "=", "532503")])
    assert rows == county.num_rows


def replace_folder(made: Any, folder: Path) -> Any:
    return type(made)(
        made.library, made.totals, folder, made.prepared, made.synthetic, made.source, made.situations
    )


def test_without_workbooks_the_lists_are_still_there(drawn: Any, tmp_path: Path) -> None:
    folder = drawn.again(tmp_path / "again", workbooks=False)
    names = {path.name for path in folder.iterdir()}
    assert names == FILES - {"push-list.xlsx", "missed.xlsx", "by-county", "manifest.json"}


def test_progress_only_rises_and_ends_at_all(drawn: Any, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    drawn.again(tmp_path / "again", progress=lambda done, all_: seen.append((done, all_)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len({all_ for _, all_ in seen}) == 1
    assert seen[-1][0] == seen[-1][1]


def test_a_report_that_fails_leaves_nothing_behind(drawn: Any, tmp_path: Path) -> None:
    def stop(done: int, all_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drawn.again(tmp_path / "again", progress=stop)
    assert {path.name for path in (tmp_path / "again").iterdir()} == {"results.parquet"}


def test_an_earlier_report_is_replaced_whole(drawn: Any, tmp_path: Path) -> None:
    folder = drawn.again(tmp_path / "again", most_rows=500)
    assert (folder / "push-list-2.xlsx").exists()
    arguments = (drawn.totals, drawn.library, DAY)
    write_report(folder, *arguments, None, True, "")
    names = {path.name for path in folder.iterdir()}
    assert "push-list-2.xlsx" not in names
    assert "missed.parquet" not in names


def test_without_its_page_a_report_is_the_same_and_the_page_can_be_made_of_its_figures(
    drawn: Any, tmp_path: Path
) -> None:
    folder = drawn.again(tmp_path / "again", workbooks=False, page=False)
    assert not (folder / "report.html").exists()
    assert (folder / "totals.json").read_bytes() == (drawn.folder / "totals.json").read_bytes()
    page = report_page(json.loads((folder / "totals.json").read_text("utf-8")))
    assert page == (drawn.folder / "report.html").read_text("utf-8")


def test_nobody_screened_is_a_report_too(drawn: Any, tmp_path: Path) -> None:
    write_report(tmp_path, Totals(), drawn.library, DAY, None, False, "")
    found = json.loads((tmp_path / "totals.json").read_text("utf-8"))
    assert found["total_certain"] == "0.00"
    assert pq.read_table(tmp_path / "push-list.parquet").num_rows == 0
    assert "没有缺少的信息" in (tmp_path / "report.html").read_text("utf-8")


def test_totals_alone_need_no_rows(drawn: Any) -> None:
    found = totals_json(drawn.totals, drawn.library, DAY, True, "x")
    full = figures(drawn)
    assert "push_list" not in found
    assert [each["certain"] for each in found["measures"]] == [each["certain"] for each in full["measures"]]
