"""`huiqi align` as a user calls it."""

import json
from pathlib import Path

import pytest

from huiqi.cli import main

TEXTS = Path(__file__).parent.parent / "documents" / "texts"
ABOVE, BELOW = TEXTS / "align-yunling-measures.txt", TEXTS / "align-lanhe-rules.txt"


def run(capsys, *arguments):
    """The exit status, standard output and standard error of a call."""
    with pytest.raises(SystemExit) as stopped:
        main([str(each) for each in arguments])
    captured = capsys.readouterr()
    return stopped.value.code, captured.out, captured.err


def test_table_in_chinese(capsys):
    status, out, _ = run(capsys, "align", ABOVE, BELOW)
    assert status == 0
    assert "数字 20万元 → 10万元（弱化）" in out
    assert "上级有、下级没有（1）" in out
    assert "迟16天" in out


def test_json(capsys):
    status, out, _ = run(capsys, "align", ABOVE, BELOW, "--json")
    answer = json.loads(out)
    assert status == 0
    assert {"pairs", "dropped", "added"} <= set(answer)
    assert all(isinstance(pair["measures"], list) for pair in answer["pairs"])


def test_three_levels_and_an_earlier_version(capsys, tmp_path):
    old = tmp_path / "old.txt"
    old.write_text(ABOVE.read_text(encoding="utf-8").replace("20万元", "30万元"), encoding="utf-8")
    status, out, _ = run(capsys, "align", ABOVE, BELOW, BELOW, "--before", old, "--json")
    answer = json.loads(out)
    assert status == 0
    assert len(answer["levels"]) == 2
    assert [each["path"] for each in answer["lost"]] == ["二/（六）"]
    amended = answer["amended"]
    assert [each["superior"]["path"] for each in amended["changed"]] == ["一/（一）"]
    assert [each["lower"] for each in amended["lower"]] == [[{"plan": None, "path": "一/（一）"}]]


def test_files_are_written_whole(capsys, tmp_path):
    status, _, _ = run(capsys, "align", ABOVE, BELOW, "--out", tmp_path / "out", "--json")
    assert status == 0
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == [
        "alignment.html",
        "alignment.json",
        "alignment.xlsx",
    ]


def test_the_day_of_issue_may_be_given(capsys):
    status, out, _ = run(capsys, "align", ABOVE, BELOW, "--issued", "2023-03-20", "--json")
    assert status == 0
    assert json.loads(out)["demands"][0]["days_late"] == 0


def test_a_missing_file_is_one_line_and_status_2(capsys, tmp_path):
    status, out, err = run(capsys, "align", ABOVE, tmp_path / "none.txt", "--json")
    assert status == 2
    assert len(err.strip().splitlines()) == 1
    assert json.loads(out)["findings"][0]["code"]


def test_a_file_where_the_folder_should_be_is_refused(capsys, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("", encoding="utf-8")
    status, _, err = run(capsys, "align", ABOVE, BELOW, "--out", taken)
    assert status == 2
    assert "is a file" in err
