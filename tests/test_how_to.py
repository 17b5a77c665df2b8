"""The how-to is followed to the letter: its files are written, checked and asked, and its two mistakes are made."""

import json
import re
import shutil
from pathlib import Path

import pytest

from huiqi.cli import main
from huiqi.policies.shipped import shipped_policies

PAGE = Path(__file__).resolve().parent.parent / "docs" / "how-to" / "add-a-policy.md"
FOLDER = "yunling-2022-8-entry-award"


def run(capsys, *arguments: object) -> tuple[int, dict, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    out = capsys.readouterr()
    return int(ended.value.code or 0), json.loads(out.out), out.err


@pytest.fixture
def newcomer(tmp_path: Path) -> Path:
    """A newcomer's copy of the policies with the files of the page written into it."""
    document, rule, firm = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    policies = tmp_path / "my-policies"
    shutil.copytree(shipped_policies(), policies)
    (policies / FOLDER).mkdir()
    (policies / FOLDER / "document.yaml").write_text(document, encoding="utf-8")
    (policies / FOLDER / "yunling-entry-award.yaml").write_text(rule, encoding="utf-8")
    (tmp_path / "firm.yaml").write_text(firm, encoding="utf-8")
    return tmp_path


def test_the_rule_of_the_page_is_sound_and_every_mutant_is_noticed(capsys, newcomer):
    rule = newcomer / "my-policies" / FOLDER / "yunling-entry-award.yaml"
    status, report, _ = run(capsys, "check", rule, "--mutation", "--json")
    assert (status, report["errors"]) == (0, [])
    (score,) = report["scores"]
    assert score["noticed"] == score["mutants"] > 10


def test_the_firm_of_the_page_is_owed_the_award(capsys, newcomer):
    case, policies = newcomer / "firm.yaml", newcomer / "my-policies"
    options = ("--as-of", "2022-07-31", "--policies", policies, "--measure", "yunling-entry-award", "--json")
    status, answer, _ = run(capsys, "assess", case, *options)
    assert status == 0
    assert answer["measures"][0]["verdict"] == "eligible"
    assert answer["total_certain"] == "20000.00"


@pytest.mark.parametrize("number", [0, 1])
def test_its_two_mistakes_say_where_they_are_and_how_to_mend_them(capsys, newcomer, number):
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    wrong, message = rows[number]
    rule = newcomer / "my-policies" / FOLDER / "yunling-entry-award.yaml"
    text = rule.read_text(encoding="utf-8")
    line = text[: text.index("employees >= least_staff")].count("\n") + 1
    rule.write_text(text.replace("employees >= least_staff", wrong), encoding="utf-8")
    status, report, _ = run(capsys, "check", rule, "--json")
    findings = [each for each in report["findings"] if each["line"] == line]
    assert status == 1
    assert any(
        message in f"{each['what']}; {each['why']}; {each['mend']}".replace("; ;", ";") for each in findings
    )
