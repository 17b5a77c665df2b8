"""An exclusion must be shown by an example in which both measures hold and one gives way."""

from pathlib import Path

import pytest

from huiqi.policies.library import read_library
from huiqi.screening.check_exclusions import check_exclusions

FACTS = """
record: subject
label: 企业
facts:
  - {name: region, label: 地区, type: region, known_by: firm}
  - {name: employees, label: 职工人数, type: person, known_by: firm}
"""
DOCUMENT = "{id: town-1, title: 办法, region: 530000}"


def measure(name: str, least: int, amount: int, line: str = "", region: int = 530000, given: int = 9) -> str:
    return f"""id: {name}
title: 补助
kind: pay
sources: [{{document: town-1, clause: 一, words: 给予一次性补助}}]
subject: [enterprise]
region: {region}
in_force: {{from: 2031-03-01}}
when: [employees >= {least}]
amount: {amount}
amount_is: paid
{line}
delivery: on_application
agencies: [{{name: 市财政局, role: lead}}]
examples:
  base: {{as_of: 2031-12-31, region: 530102, employees: {given}}}
  cases:
    - {{name: 一, verdict: eligible, amount: {amount}, because: {amount} = {amount}}}
"""


@pytest.fixture
def checked(tmp_path: Path):
    def run(*measures: str, only: list[str] | None = None):
        root = tmp_path / "policies"
        for name, text in (("facts/subject.yaml", FACTS), ("town-1/document.yaml", DOCUMENT)):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        for text in measures:
            name = text.split("\n", 1)[0].removeprefix("id: ")
            (root / f"town-1/{name}.yaml").write_text(text, encoding="utf-8")
        library, findings = read_library(root)
        assert findings == []
        chosen = None if only is None else [root / f"town-1/{name}.yaml" for name in only]
        return check_exclusions(library, chosen)

    return run


EXCLUSION = "not_with: [{measure: other-help, level: firm}]"


def test_an_example_that_meets_both_shows_it(checked):
    assert checked(measure("first-help", 5, 100, EXCLUSION), measure("other-help", 8, 50)) == ((), ())


def test_an_example_of_the_other_file_shows_it_too(checked):
    found = checked(measure("first-help", 5, 100, EXCLUSION, given=6), measure("other-help", 8, 50, given=9))
    assert found == ((), ())


def test_without_such_an_example_it_is_an_error(checked):
    errors, _ = checked(
        measure("first-help", 5, 100, EXCLUSION, given=6), measure("other-help", 2, 50, given=3)
    )
    assert errors == ()
    errors, _ = checked(
        measure("first-help", 5, 100, EXCLUSION, given=6), measure("other-help", 8, 50, given=4)
    )
    assert [each.code for each in errors] == ["exclusion-unshown"]
    assert errors[0].file.endswith("first-help.yaml")


def test_measures_of_regions_apart_can_only_meet_in_what_was_received(checked):
    errors, information = checked(
        measure("first-help", 5, 100, EXCLUSION), measure("other-help", 8, 50, region=140200)
    )
    assert errors == ()
    assert [each.code for each in information] == ["exclusion-elsewhere"]


def test_only_the_chosen_files_are_asked(checked):
    measures = (measure("first-help", 5, 100, EXCLUSION, given=6), measure("other-help", 8, 50, given=4))
    assert checked(*measures, only=["other-help"]) == ((), ())
    assert len(checked(*measures, only=["first-help"])[0]) == 1
