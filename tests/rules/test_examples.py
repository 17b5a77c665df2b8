"""Examples are read as nodes; what they mean is asked by `huiqi check`."""

from huiqi.findings import Finding
from huiqi.rules.examples import NO_EXAMPLES, Examples, read_examples
from huiqi.rules.positions import read_text
from huiqi.rules.verdicts import VERDICTS

TEXT = """
base: {as_of: 2022-07-31, employees: 5}
cases:
  - {name: 一例, verdict: eligible, amount: 10.00, because: 10 = 10}
  - {name: 二例, with: {employees: 6}, without: [region], verdict: undetermined, missing: [region], needs: []}
"""


def reading(text: str, verdicts: tuple[str, ...] = tuple(VERDICTS)) -> tuple[Examples, list[Finding]]:
    findings: list[Finding] = []
    return read_examples(read_text(text, "rule.yaml"), findings, verdicts), findings


def test_a_base_and_cases_that_change_it():
    examples, findings = reading(TEXT)
    assert findings == []
    one, two = examples.cases
    assert list(examples.base.entries) == ["as_of", "employees"]
    assert (one.name, one.verdict, one.amount, one.because) == ("一例", "eligible", "10.00", "10 = 10")
    assert (one.missing, one.needs, one.without) == (None, None, ())
    assert (two.missing, two.needs, two.without) == (("region",), (), ("region",))
    assert list(two.changes.entries) == ["employees"]
    assert (one.at.line, two.at.line) == (4, 5)


def test_a_definition_has_values_and_no_verdicts():
    examples, findings = reading("cases: [{name: 一例, value: yes}]", ())
    assert (examples.cases[0].value, examples.cases[0].verdict, findings) == ("yes", "", [])


def test_nothing_is_no_example():
    findings: list[Finding] = []
    assert read_examples(None, findings, ()) is NO_EXAMPLES
    assert findings == []


def test_what_is_wrong_is_found():
    cases = "cases: [{name: a, verdict: maybe}, {name: a}, {verdict: eligible}, {name: b, sum: 3}]"
    found = {each.code for each in reading(cases)[1]}
    assert found == {"unknown-word", "duplicate-example", "missing-key", "unknown-key"}
    assert [each.code for each in reading("base: {}")[1]] == ["missing-key"]
    assert [each.code for each in reading("[]")[1]] == ["not-a-mapping"]
    assert [each.code for each in reading("base: 5\ncases: [{name: a, with: 3}]")[1]] == ["not-a-mapping"] * 2
