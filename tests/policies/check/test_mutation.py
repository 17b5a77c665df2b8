"""Each small change of a rule is made, has a name of its own, and must be noticed by some example."""

from pathlib import Path

import pytest

from huiqi.policies.check.mutants import mutants
from huiqi.policies.library import read_library

CASES = {
    "首日": "    - {name: 首日, with: {as_of: 2031-03-01}, verdict: eligible, amount: 1500.00, because: 1000 * 50% * 3 = 1500}\n",
    "五十人": "    - {name: 五十人, with: {employees: 50}, verdict: ineligible}\n",
}


def only_rule(folder):
    library, findings = read_library(folder.root)
    assert findings == []
    [rule] = library.measures
    return rule


def ids(folder):
    return [each.id for each in mutants(only_rule(folder))]


def test_every_mutant_of_the_small_measure(folder):
    assert ids(folder) == [
        "in_force.from 2031-03-01 -> 2031-02-28",
        "in_force.from 2031-03-01 -> 2031-03-02",
        "in_force.to 2032-01-01 -> 2031-12-31",
        "in_force.to 2032-01-01 -> 2032-01-02",
        "parameters.rate 50% -> 49%",
        "parameters.rate 50% -> 51%",
        "parameters.months 3 -> 2",
        "parameters.months 3 -> 4",
        "when[1] dropped",
        "when[1] employees < 50: < -> <=",
        "when[1] employees < 50: < -> >",
        "when[1] 50 -> 49",
        "when[1] 50 -> 51",
        "amount min -> max: min(months_leased, months)",
        "cap[1] dropped",
        "cap[1].amount 20000 -> 19999.99",
        "cap[1].amount 20000 -> 20000.01",
    ]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("employees == 5", ["employees == 5: == -> !=", "5 -> 4", "5 -> 6"]),
        ("employees >= 0", ["employees >= 0: >= -> >", "employees >= 0: >= -> <=", "0 -> 1"]),
        ("founded <= '2031-01-31'", ["'2031-01-31' -> '2031-01-30'", "'2031-01-31' -> '2031-02-01'"]),
        (
            "owner in {private, foreign}",
            ["dropped: private", "dropped: foreign"],
        ),
        ("owner != private", ["not dropped: not owner in {private}"]),
        (
            "sound and (employees > 5 or owner == public)",
            [
                "and -> or: sound and (employees > 5 or owner in {public})",
                "dropped: sound",
                "dropped: employees > 5 or owner in {public}",
                "or -> and: employees > 5 or owner in {public}",
                "dropped: employees > 5",
                "dropped: owner in {public}",
            ],
        ),
        ("region in {'530100', '532500'}", ["dropped: 530100", "dropped: 532500"]),
        (
            "exists(leases, monthly_rent > 5)",
            ["dropped: monthly_rent > 5", "monthly_rent > 5: > -> <", "5 -> 5.01"],
        ),
        ("employees > (3 if sound else 7)", ["branches swapped: sound", "3 -> 4", "7 -> 6"]),
        ("employees + 2 > 7", ["+ -> -: employees + 2", "2 -> 1"]),
        ("floor(employees / 2) > 7", ["floor -> ceil: floor(employees / 2)"]),
        ("max(employees, 3) > 7", ["max -> min: max(employees, 3)"]),
    ],
)
def test_each_kind_of_change_is_made(folder, measure_text, condition, expected):
    folder.write(
        "town-1/rent-help.yaml",
        measure_text.replace("{if: employees < 50, words", f'{{if: "{condition}", words'),
    )
    made = ids(folder)
    for each in expected:
        assert f"when[1] {each}" in made


def test_flags_subjects_and_dated_parameters_are_changed(folder, measure_text):
    folder.write(
        "town-1/rent-help.yaml",
        measure_text.replace("subject: [enterprise]", "subject: [enterprise, person]")
        .replace("{if: employees < 50, words", "{if: employees < 50, declared: yes, words")
        .replace(
            "{value: 50%, words",
            "{value: [{from: 2031-01-01, value: 50%}, {from: 2031-07-01, value: 5.5%}], words",
        ),
    )
    assert set(ids(folder)) >= {
        "subject dropped: enterprise",
        "subject dropped: person",
        "when[1] declared dropped",
        "parameters.rate[1] 50% -> 51%",
        "parameters.rate[2] 5.5% -> 5.6%",
        "parameters.rate[2].from 2031-07-01 -> 2031-06-30",
    }


def test_the_second_of_one_name_is_numbered(folder, measure_text):
    folder.write(
        "town-1/rent-help.yaml",
        measure_text.replace("{if: employees < 50, words", "{if: employees < 50 or employees == 50, words"),
    )
    assert {"when[1] 50 -> 49", "when[1] 50 -> 49 (2)"} <= set(ids(folder))


def test_a_let_is_changed_once_and_counts_wherever_it_is_used(folder, measure_text):
    folder.write(
        "town-1/rent-help.yaml",
        measure_text.replace(
            "amount: monthly_rent * rate * min(months_leased, months)",
            "let: {paid_months: 'min(months_leased, months)'}\namount: monthly_rent * rate * paid_months + monthly_rent * paid_months",
        ),
    )
    rule = only_rule(folder)
    [mutant] = [each for each in mutants(rule) if each.id.startswith("let.paid_months min")]
    assert str(mutant.rule.amount).count("Greatest") == 2
    assert str(mutant.rule.amount).count("Least") == 0


@pytest.mark.parametrize(
    ("lost", "unnoticed"),
    [
        ("首日", ["in_force.from 2031-03-01 -> 2031-03-02"]),
        ("五十人", ["when[1] employees < 50: < -> <=", "when[1] 50 -> 51"]),
    ],
)
def test_what_no_example_notices_is_an_error(found, lost, unnoticed):
    errors = found((CASES[lost], ""), mutation=True)
    missed = {each.what.removeprefix("no example notices the mutant: ") for each in errors}
    assert {each.code for each in errors} <= {"mutant-unnoticed"}
    assert missed == set(unnoticed)


def excuse(mutant):
    return (
        "examples:\n",
        f'equivalent_mutants: [{{mutant: "{mutant}", reason: 没有企业能分辨}}]\nexamples:\n',
    )


def test_a_mutant_may_be_excused(found, folder):
    lost = (CASES["首日"], "")
    errors = found(lost, excuse("in_force.from 2031-03-01 -> 2031-03-02"), mutation=True)
    assert {each.code for each in errors} == {"too-many-equivalents"}
    [score] = folder.check(mutation=True).scores
    assert score.equivalent == 1
    assert score.unnoticed == ()


def test_an_excuse_for_what_is_noticed_or_does_not_exist_is_an_error(found):
    [error] = found(excuse("when[1] dropped"), mutation=True)
    assert error.code == "equivalent-noticed"
    [error] = found(excuse("when[9] dropped"), mutation=True)
    assert error.code == "equivalent-unknown"


def test_every_mutant_of_the_shipped_rules_is_another_rule_with_its_own_name():
    library, findings = read_library(Path(__file__).parents[3] / "policies")
    assert findings == []
    for rule in library.measures:
        made = list(mutants(rule))
        assert len({each.id for each in made}) == len(made)
        assert all(each.rule != rule for each in made)


def test_chosen_files_are_checked_alone(folder, measure_text):
    other = folder.write(
        "town-1/other-help.yaml",
        measure_text.replace("id: rent-help", "id: other-help").replace("< 50,", "< 51,"),
    )
    sound = folder.root / "town-1/rent-help.yaml"
    assert folder.check(only=[sound]).errors == ()
    assert {each.code for each in folder.check(only=[other]).errors} >= {"figure-not-in-words"}
    assert folder.check(only=[folder.root / "town-1"]).rules == 2


def test_many_rules_are_checked_together_and_progress_is_told(folder, measure_text):
    from huiqi.policies.check import check_library

    for number in range(9):
        folder.write(
            f"town-1/help-{number}.yaml", measure_text.replace("id: rent-help", f"id: help-{number}")
        )
    told = []
    report = check_library(folder.root, None, folder.texts, True, lambda done, of: told.append((done, of)))
    assert report.errors == ()
    assert told == [(number, 10) for number in range(1, 11)]
    assert [score.id for score in report.scores] == sorted(score.id for score in report.scores)
    assert report == check_library(folder.root, None, folder.texts, True)
