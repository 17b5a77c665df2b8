"""`huiqi population` says that what it writes is made up, and answers in JSON too."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from huiqi.cli.population import population_command
from huiqi.findings import BadInput


def run(folder: Path, *more: str, region: str = "532500") -> Result:
    arguments = ["--region", region, "--firms", "500", "--seed", "7", "--out", str(folder), *more]
    return CliRunner().invoke(population_command, arguments)


def test_the_answer_in_json_says_synthetic_and_names_what_was_assumed(tmp_path: Path) -> None:
    made = run(tmp_path / "made", "--json")
    assert made.exit_code == 0, made.output
    answer = json.loads(made.stdout)
    assert answer["synthetic"] is True
    assert answer["region"] == "532500"
    assert answer["as_of"] == "2022-07-31"
    assert answer["rows"]["subject"] == 500
    assert "pay" in answer["margins_assumed"]
    assert all(each["source"] for each in answer["margins_published"])
    assert (tmp_path / "made" / "firms.parquet").is_file()


@pytest.mark.parametrize(("language", "words"), [("zh", "合成数据"), ("en", "SYNTHETIC")])
def test_the_page_says_it_first(tmp_path: Path, language: str, words: str) -> None:
    made = run(tmp_path / "made", "--language", language)
    assert made.exit_code == 0, made.output
    assert made.stdout.startswith(words)


def test_a_region_that_is_none_is_refused(tmp_path: Path) -> None:
    made = run(tmp_path / "made", region="539999")
    assert isinstance(made.exception, BadInput)
    assert made.exception.findings[0].code == "unknown-region"
    assert not (tmp_path / "made").exists()


def test_a_folder_with_something_in_it_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    made = run(tmp_path)
    assert isinstance(made.exception, BadInput)
    assert made.exception.findings[0].code == "folder-taken"
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]
