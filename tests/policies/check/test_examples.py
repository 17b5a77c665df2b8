"""Examples come out as they state, by arithmetic of their own, or the check says what is wrong."""

import pytest

PLAIN = "{name: 三个月, verdict: eligible, amount: 1500.00, because: 1000 * 50% * 3 = 1500}"
FULL = "{name: 五十人, with: {employees: 50}, verdict: ineligible}"


def test_the_sound_folder_is_sound(folder):
    report = folder.check(documents=True, mutation=True)
    assert report.errors == ()
    assert report.sound
    assert (report.rules, report.examples) == (1, 9)
    [score] = report.scores
    assert score.noticed == score.mutants == 17


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("{name: a, with: {employees: 50}, verdict: eligible, amount: 1, because: 1 = 1}", "example-verdict"),
        ("{name: a, verdict: eligible, amount: 1499.99, because: 1499.99 = 1499.99}", "example-amount"),
        ("{name: a, verdict: eligible}", "example-amount"),
        ("{name: a, without: [employees], verdict: undetermined, missing: [leases]}", "example-missing"),
        ("{name: a, without: [employees], verdict: undetermined, missing: []}", "example-missing"),
        ("{name: a, without: [employees], verdict: undetermined}", "example-no-missing"),
        (
            "{name: a, without: [lease.monthly_rent], verdict: eligible, needs: [lease.months_leased]}",
            "example-needs",
        ),
        ("{name: a, without: [lease.monthly_rent], verdict: eligible}", "example-no-needs"),
        ("{name: a, amount: 1500, because: 1500 = 1500}", "example-no-verdict"),
        ("{name: a, verdict: eligible, amount: many, because: 1 = 1}", "example-amount-form"),
        ("{name: a, verdict: eligible, amount: 1500}", "example-no-because"),
        ("{name: a, verdict: eligible, amount: 1500, because: 每月一千}", "example-because-form"),
        ("{name: a, verdict: eligible, amount: 1500, because: 1500}", "example-because-form"),
        ("{name: a, verdict: eligible, amount: 1500, because: 1000 * 3 = 1500}", "example-because"),
        ("{name: a, without: [sound], verdict: ineligible}", "example-nothing-removed"),
        ("{name: a, without: [lease.landlord], verdict: ineligible}", "example-nothing-removed"),
        ("{name: a, without: [list.hard-hit-2031], verdict: ineligible}", "example-nothing-removed"),
        ("{name: a, without: ['employees[2030]'], verdict: ineligible}", "example-nothing-removed"),
        (
            "{name: a, with: {leases: [], lease: {months_leased: 2}}, verdict: ineligible}",
            "example-no-record",
        ),
        ("{name: a, with: {subject: emperor}, verdict: ineligible}", "example-subject"),
        ("{name: a, with: {as_of: soon}, verdict: ineligible}", "example-no-day"),
        ("{name: a, with: {emplyees: 3}, verdict: ineligible}", "unknown-fact"),
        ("{name: a, with: {employees: many}, verdict: ineligible}", "not-a-number"),
    ],
)
def test_an_example_that_is_wrong_is_named(found, case, code):
    errors = found((FULL, f"{FULL}\n    - {case}"))
    assert code in {each.code for each in errors}
    assert all(each.file.endswith("rent-help.yaml") and each.line > 0 for each in errors)


def test_the_message_tells_what_is_stated_and_what_is_answered(found):
    [error] = found((PLAIN, PLAIN.replace("1500", "1600").replace("* 3 =", "* 3 + 100 =")))
    assert error.code == "example-amount"
    assert "三个月: states amount 1600.00, the rule answers 1500.00" in str(error)


def test_a_wrong_example_of_the_base_is_told_once(found):
    errors = found(("employees: 49,", "emplyees: 49, employees: 49,"))
    assert [each.code for each in errors if each.code == "unknown-fact"] == ["unknown-fact"]


def test_a_measure_needs_examples(folder, measure_text):
    folder.write(
        "town-1/rent-help.yaml", measure_text.split("examples:")[0] + "examples: {base: {}, cases: []}\n"
    )
    assert "no-examples" in {each.code for each in folder.check().errors}


def test_a_measure_needs_a_plain_case_and_one_with_a_fact_missing(folder, measure_text):
    head = measure_text.split("  cases:")[0]
    folder.write("town-1/rent-help.yaml", f"{head}  cases:\n    - {FULL}\n")
    assert {each.code for each in folder.check().errors} == {"no-plain-example", "no-missing-example"}


def test_a_measure_of_likely_cases_only_is_told(folder, measure_text):
    head = measure_text.replace(
        "  - {if: employees < 50, words: 职工不足50人的企业}\n",
        "  - {if: employees < 50, words: 职工不足50人的企业}\n  - {if: sound, discretion: yes}\n",
    ).split("  cases:")[0]
    case = "{name: a, verdict: likely, amount: 1500, because: 1500 = 1500, missing: [sound]}"
    folder.write("town-1/rent-help.yaml", f"{head}  cases:\n    - {case}\n")
    report = folder.check()
    assert report.errors == ()
    assert "only-likely-examples" in {each.code for each in report.information}


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("{name: a, with: {region: '120000'}, verdict: not_here}", "another province"),
        ("{name: a, without: [region], verdict: undetermined, missing: [region]}", "the region is not known"),
        ("{name: a, without: [leases], verdict: undetermined, missing: [leases]}", "an absent list"),
        ("{name: a, with: {leases: []}, verdict: ineligible}", "an empty list"),
        (
            "{name: a, with: {leases: [{monthly_rent: 0.01, months_leased: 1}]}, "
            "verdict: eligible, amount: 0.01, because: 0.01 * 50% * 1 = 0.01}",
            "half a fen is rounded up",
        ),
        (
            "{name: a, with: {leases: [{monthly_rent: 100, months_leased: 3}, {monthly_rent: 200, months_leased: 1}]}, "
            "verdict: eligible, amount: 250, because: round(100 * 50% * 3) + 200 × 0.5 = 250}",
            "two records are summed",
        ),
    ],
)
def test_examples_say_what_they_must(found, case, why):
    assert found((FULL, f"{FULL}\n    - {case}")) == [], why


def test_lists_and_periods_are_named_in_missing(found):
    condition = "  - {if: employees < 50, words: 职工不足50人的企业}"
    errors = found(
        (condition, f"{condition}\n  - {{if: \"listed('hard-hit-2031') and revenue[2030] > 0\"}}"),
        (
            "employees: 49, leases",
            "employees: 49, revenue: {2030: 5, 2029: 6}, lists: {hard-hit-2031: yes}, leases",
        ),
        (
            FULL,
            f"""{FULL}
    - {{name: a, without: [list.hard-hit-2031], verdict: undetermined, missing: [list.hard-hit-2031]}}
    - {{name: b, without: [lists.hard-hit-2031], verdict: undetermined, missing: [hard-hit-2031]}}
    - {{name: c, without: ['revenue[2030]'], verdict: undetermined, missing: ['revenue[2030]']}}
    - {{name: d, without: [revenue], verdict: undetermined, missing: [revenue]}}
    - {{name: e, with: {{lists: {{hard-hit-2031: no}}}}, verdict: ineligible}}""",
        ),
    )
    assert errors == []


def test_a_definition_states_its_value(folder, definition_text):
    folder.write("definitions/young.yaml", definition_text)
    report = folder.check(mutation=True)
    assert report.errors == ()
    assert [score.noticed == score.mutants for score in report.scores if score.id == "young"] == [True]


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("{name: a, value: old}", "example-verdict"),
        ("{name: a}", "example-no-value"),
        ("{name: a, without: [founded], value: unknown, missing: []}", "example-missing"),
        ("{name: a, without: [founded], value: new}", "example-verdict"),
    ],
)
def test_a_definition_that_comes_out_otherwise_is_named(folder, definition_text, case, code):
    folder.write("definitions/young.yaml", f"{definition_text}    - {case}\n")
    assert code in {each.code for each in folder.check().errors}


def test_a_class_known_in_part_may_be_stated_so(folder, definition_text):
    case = "{name: a, without: [founded], value: old or new}"
    folder.write("definitions/young.yaml", f"{definition_text}    - {case}\n")
    assert folder.check().errors == ()


def test_a_rule_over_a_broken_definition_says_so(folder, measure_text, definition_text):
    folder.write("definitions/young.yaml", definition_text.replace("founded >=", "fonded >="))
    folder.write("town-1/rent-help.yaml", measure_text.replace("if: employees < 50", "if: young == new"))
    assert {each.code for each in folder.check().errors} >= {"unknown-name", "definition-broken"}
