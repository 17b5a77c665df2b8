"""`huiqi interview`: one question as JSON, or question after question, read line by line."""

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from huiqi.cli import cli

SHOP = """subject: self_employed
self_employed:
  region: 532503
  industry: H6210
  hit_by_epidemic: no
  lists: {risk-county-2022: no}
  loans: []
  receivables: []
  certifications: []
  guarantees: []
  projects: []
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP, encoding="utf-8")
    return path


def interview(shop: Path, *options: str, typed: str = "") -> Result:
    return CliRunner().invoke(
        cli,
        ["interview", str(shop), "--as-of", "2022-08-15", *options],
        input=typed,
        catch_exceptions=False,
    )


def test_json_gives_the_next_question_and_what_is_open(shop: Path) -> None:
    result = interview(shop, "--json", "--skip-registers")
    answer = json.loads(result.output)
    assert {"record", "name", "question", "why", "decides"} <= answer["next"].keys()
    assert "rent-waiver" in {each["id"] for each in answer["open"]}
    assert answer["asked"] == 0
    assert answer["total_certain"] == "0.00"


def test_answers_are_taken_until_the_end_and_kept(shop: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.yaml"
    typed = "\n" * 60
    result = interview(shop, "--skip-registers", "--save", str(kept), typed=typed)
    assert result.exit_code == 0
    assert "问完了" in result.output
    assert json.loads(interview(kept, "--json", "--skip-registers").output)["asked"] == 0


class Firm:
    """Standard input that answers what standard output has asked last."""

    def __init__(self, out: io.StringIO, answers: dict[str, str]) -> None:
        self.out, self.answers = out, answers

    def readline(self) -> str:
        asked = [line for line in self.out.getvalue().splitlines() if line[:1].isdigit()][-1]
        return next((self.answers[words] for words in self.answers if words in asked), "") + "\n"


def test_a_lease_answered_is_money(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the order of the questions, the lease's own facts are answered and the others left open."""
    out, kept = io.StringIO(), tmp_path / "kept.yaml"
    answers = {
        "有没有“租约”": "1",
        "房屋的出租方是谁": "state_enterprise",
        "每月租金多少元": "5000元",
        "当年承租多少个月": "12",
    }
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stdin", Firm(out, answers))
    options = ["--as-of", "2022-08-15", "--skip-registers", "--save", str(kept)]
    cli.main(["interview", str(shop), *options], standalone_mode=False)
    assert "国有房屋租金减免: 符合  15,000.00" in out.getvalue()
    assert "确定15,000.00元" in out.getvalue()
    text = kept.read_text(encoding="utf-8")
    assert "landlord: state_enterprise" in text
    assert "monthly_rent: '5000.00'" in text


def test_a_wrong_answer_is_asked_again_with_the_reason(shop: Path) -> None:
    result = interview(shop, "--skip-registers", typed="gibberish\nq\n")
    questions = [line for line in result.output.splitlines() if line.startswith("1. ")]
    assert len(questions) == 2
    assert questions[0] == questions[1]
    assert "write" in result.output


def test_back_asks_the_same_again_and_a_question_mark_explains(shop: Path) -> None:
    result = interview(shop, "--skip-registers", typed="b\n?\n\nb\nq\n")
    questions = [line for line in result.output.splitlines() if line[:1].isdigit() and ". " in line[:4]]
    assert [line[:2] for line in questions] == ["1.", "1.", "1.", "2.", "1."]
    assert questions[0] == questions[-1]
    assert "这是第一题" in result.output
    assert "掌握" in result.output


def test_english(shop: Path) -> None:
    result = interview(shop, "--language", "en", typed="q\n")
    assert "Certain 0.00" in result.output
    assert "measures wait for it" in result.output


def test_a_file_that_cannot_be_written_is_one_line(shop: Path, tmp_path: Path) -> None:
    from huiqi.findings import BadInput

    with pytest.raises(BadInput, match="cannot be written"):
        interview(shop, "--save", str(tmp_path / "none" / "kept.yaml"), typed="q\n")
