"""The pages on rosters, what-if and the interview are followed to the letter, their errors made as they say."""

import json
import re
from pathlib import Path

import pytest

from huiqi.cli import main

HOW_TO = Path(__file__).resolve().parent.parent / "docs" / "how-to"
PAGE = (HOW_TO / "screen-a-roster.md").read_text(encoding="utf-8")
ASKING = (HOW_TO / "whatif-and-interview.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"^\.venv/bin/huiqi (.*)$", re.MULTILINE)


def run(capsys, *arguments: str) -> tuple[int, dict]:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--json"])
    return int(ended.value.code or 0), json.loads(capsys.readouterr().out)


def commands(page: str, verb: str) -> list[list[str]]:
    return [line.split() for line in COMMAND.findall(page) if line.startswith(verb)]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the roster and the firm of the pages."""
    monkeypatch.chdir(tmp_path)
    firms, leases = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "roster").mkdir()
    (tmp_path / "roster" / "firms.csv").write_text(firms, encoding="utf-8")
    (tmp_path / "roster" / "leases.csv").write_text(leases, encoding="utf-8")
    (firm,) = re.findall(r"```yaml\n(.*?)```", ASKING, re.DOTALL)
    (tmp_path / "firm.yaml").write_text(firm, encoding="utf-8")
    return tmp_path


def test_the_roster_is_refused_with_the_findings_of_the_table(capsys, here: Path):
    refused, going_on = commands(PAGE, "screen roster")[:2]
    status, answer = run(capsys, *refused)
    rows = re.findall(r"^\| `([^`]+)` \| (\d+) \| (\S+) \| `([^`]+)` \|", PAGE, re.MULTILINE)
    found = [(each["file"], str(each["line"]), each["cell"], each["code"]) for each in answer["findings"]]
    assert (status, found) == (2, rows)
    assert [each.name for each in (here / "july").iterdir()] == ["findings.json"]
    assert (here / "to-mend.xlsx").stat().st_size > 0
    status, answer = run(capsys, *going_on)
    assert (status, answer["subjects"]) == (0, 1)
    assert answer["left_out"] == {"firms": 4, "leases": 1}
    assert answer["total_certain"] == "30000.00"
    (again,) = commands(PAGE, "screen roster")[2:]
    mapping = here / "july" / "mapping.yaml"
    mapping.rename(here / "mapping.yaml")
    status, answer = run(
        capsys, *[each if each != "july" else "august" for each in again], "--without-bad-rows"
    )
    assert (status, answer["subjects"]) == (0, 1)


def test_the_population_is_made_screened_and_asked_what_if(capsys, here: Path):
    (population,), (screen,) = commands(PAGE, "population"), commands(PAGE, "screen honghe")
    status, _ = run(capsys, *[each if each != "3000" else "200" for each in population])
    assert status == 0
    status, answer = run(capsys, *screen, "--without-workbooks")
    assert (status, answer["synthetic"], answer["subjects"]) == (0, True, 200)
    listed = PAGE[PAGE.index("| file | what for |") :].partition("## 2.")[0]
    named = set(re.findall(r"`([a-z-]+\.[a-z]+)`", listed)) - {"push-list.xlsx", "missed.xlsx"}
    assert {"report.html", "results.parquet", "summary.xlsx", "manifest.json"} <= named
    assert named <= {each.name for each in (here / "honghe-july").iterdir()}
    setting, later, _, budget = commands(ASKING, "whatif")
    status, answer = run(capsys, *setting)
    assert status == 0
    for each in (later, budget):
        assert run(capsys, *each)[0] == 0
    assert {"whatif.json", "changes.parquet"} <= {each.name for each in (here / "what-if").iterdir()}


def test_the_firm_of_the_page_is_asked(capsys, here: Path):
    (interview,) = commands(ASKING, "interview")
    status, answer = run(capsys, *[each for each in interview if each not in ("--save", "answered.yaml")])
    assert status == 0
    assert answer["next"]["question"]
    status, answer = run(capsys, "assess", "firm.yaml", "--as-of", "2022-07-31")
    assert (status, "near_misses" in answer) == (0, True)
