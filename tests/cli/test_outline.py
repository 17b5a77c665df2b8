"""`huiqi outline` and `huiqi documents`: tree, ledger, coverage page, library; bad input in one line."""

import json
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from huiqi.cli import main

NOTICE = Path(__file__).resolve().parents[2] / "examples" / "xuhe-2022-12-measures.txt"


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    out = capsys.readouterr()
    return int(ended.value.code or 0), out.out, out.err


def test_the_tree_shows_each_clause_with_its_lead_and_day(capsys):
    status, shown, _ = run(capsys, "outline", NOTICE)
    assert status == 0
    assert re.search(r"（一）设立纾困资金 〔惠企〕 市财政局 2022-12-31", shown)
    assert "虚政办发〔2022〕12号" in shown
    assert "惠企句" in shown


def test_the_json_keeps_the_contract(capsys):
    status, printed, _ = run(capsys, "outline", NOTICE, "--json")
    answer = json.loads(printed)
    assert status == 0
    assert answer.keys() >= {"title", "number", "issuer", "date", "plans", "coverage"}
    (plan,) = answer["plans"]
    fund = next(each for each in plan["clauses"] if each["path"] == "一/（一）")
    assert [(each["printed"], each["role"]) for each in fund["agencies"]] == [
        ("市财政局", "lead"),
        ("市金融办", "with"),
        ("市工信局", "with"),
    ]
    assert {each["date"] for each in fund["deadlines"]} == {"2022-12-31"}
    assert ("20000000", "元") in [(each["value"], each["unit"]) for each in fund["quantities"]]
    three = next(each for each in plan["clauses"] if each["path"] == "三")
    # Ten working days from 1 June 2022, with the Dragon Boat holiday between.
    assert [each["date"] for each in three["deadlines"]] == ["2022-06-16"]


def test_a_folder_gets_ledger_page_and_tree(capsys, tmp_path):
    out = tmp_path / "out"
    status, _, _ = run(capsys, "outline", NOTICE, "--out", out)
    assert status == 0
    assert sorted(each.name for each in out.iterdir()) == ["coverage.html", "ledger.xlsx", "outline.json"]
    rows = CalamineWorkbook.from_path(str(out / "ledger.xlsx")).get_sheet_by_name("任务分解表").to_python()
    fund = next(row for row in rows if row[1] == "设立纾困资金")
    assert fund[3:6] == ["市财政局", "市金融办、市工信局等有关单位", "2022-12-31"]
    page = (out / "coverage.html").read_text(encoding="utf-8")
    assert "未编入规则" in page
    assert "<script" not in page


def test_what_the_text_prints_is_escaped_on_the_page(capsys, tmp_path):
    hostile = tmp_path / "hostile.txt"
    hostile.write_text(
        "某市<script>alert(1)</script>若干措施\n一、支持\n（一）奖励。对企业奖励5万元<img src=x onerror=alert(1)>。\n",
        encoding="utf-8",
    )
    run(capsys, "outline", hostile, "--out", tmp_path / "out")
    page = (tmp_path / "out" / "coverage.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page


def test_what_cannot_be_read_is_one_line_and_leaves_nothing(capsys, tmp_path):
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"PK\x03\x04 not a package")
    status, printed, error = run(capsys, "outline", bad, "--out", tmp_path / "out", "--json")
    assert status == 2
    assert error.count("\n") == 1
    assert json.loads(printed)["findings"][0]["code"].startswith("document-")
    assert not (tmp_path / "out").exists()


def test_the_library_takes_texts_lists_finds_and_gives_them_back(capsys, tmp_path):
    library = ("--library", tmp_path / "library")
    assert "还是空的" in run(capsys, "documents", "list", *library)[1]
    status, printed, _ = run(capsys, "documents", "add", NOTICE, *library, "--json")
    assert (status, [each["id"] for each in json.loads(printed)["documents"]]) == (
        0,
        ["xuhe-2022-12-measures"],
    )
    listed = json.loads(run(capsys, "documents", "list", *library, "--json")[1])["documents"]
    assert [each["number"] for each in listed] == ["虚政办发〔2022〕12号"]
    assert "2022-06-01" in run(capsys, "documents", "list", *library)[1]
    hits = json.loads(run(capsys, "documents", "search", "贴息", *library, "--json")[1])["hits"]
    assert [each["path"] for each in hits] == ["一/（一）"]
    (start, end) = hits[0]["marks"][0]
    assert hits[0]["excerpt"][start:end] == "贴息"
    assert run(capsys, "documents", "remove", "xuhe-2022-12-measures", *library)[0] == 0
    status, _, error = run(capsys, "documents", "remove", "xuhe-2022-12-measures", *library)
    assert (status, error.count("\n")) == (2, 1)


def test_nothing_is_taken_in_when_one_text_is_refused(capsys, tmp_path):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\x00" * 100)
    library = ("--library", tmp_path / "library")
    assert run(capsys, "documents", "add", NOTICE, bad, *library)[0] == 2
    assert json.loads(run(capsys, "documents", "list", *library, "--json")[1])["documents"] == []
