"""Dates and conditions that leave no room, names that lead nowhere, variants that say nothing new."""

import pytest

CONDITION = "  - {if: employees < 50, words: 职工不足50人的企业}"


@pytest.mark.parametrize(
    "conditions",
    [
        ["employees > 50"],
        ["employees >= 50"],
        ["owner == private", "owner == public"],
        ["sound", "not sound"],
        ["founded > '2031-01-01'", "founded < '2031-01-02'"],
        ["as_of < '2031-01-01'"],
        ["employees == 10 and employees != 10"],
    ],
)
def test_conditions_that_nobody_meets_are_an_error(found, conditions):
    lines = "\n".join(f'  - {{if: "{each}"}}' for each in conditions)
    assert "impossible-conditions" in {each.code for each in found((CONDITION, f"{CONDITION}\n{lines}"))}


@pytest.mark.parametrize(
    "conditions",
    [
        ["employees > 48"],
        ["owner != private", "owner != public"],
        ["founded > '2031-01-01'", "founded < '2031-01-03'"],
        ["as_of >= '2031-12-31'"],
    ],
)
def test_conditions_that_just_leave_room_are_none(found, conditions):
    lines = "\n".join(f'  - {{if: "{each}"}}' for each in conditions)
    assert "impossible-conditions" not in {each.code for each in found((CONDITION, f"{CONDITION}\n{lines}"))}


def test_a_definition_that_can_never_be_yes_is_an_error(folder, definition_text):
    head, _, tail = definition_text.partition("cases:\n  - {value: new")
    tail = tail.partition("interpretation")[2]
    text = f"{head}is: employees > 5 and employees < 6\ninterpretation{tail}"
    folder.write("definitions/young.yaml", text)
    assert "impossible-conditions" in {each.code for each in folder.check().errors}


def test_a_period_that_ends_before_its_document_is_an_error(found):
    errors = found(
        ("in_force: {from: 2031-03-01, to: 2032-01-01}", "in_force: {from: 2030-01-01, to: 2031-03-01}")
    )
    assert "ends-before-document" in {each.code for each in errors}


def test_a_period_that_reaches_back_is_told(told):
    found = told(("in_force: {from: 2031-03-01,", "in_force: {from: 2031-01-01,"))
    assert "begins-before-document" in {each.code for each in found}


def test_what_is_used_by_nothing_is_told(told):
    found = told(("amount: monthly_rent", "let: {thrice: months * 3}\namount: monthly_rent"))
    assert [each.cell for each in found if each.code == "unused-name"] == ["let.thrice"]


def test_facts_that_no_rule_reads_are_told_for_the_whole_folder_only(folder):
    unread = {each.cell for each in folder.check().information if each.code == "unread-fact"}
    assert unread == {"founded", "sound", "revenue", "owner"}
    assert not any(
        each.code == "unread-fact" for each in folder.check(only=[folder.root / "town-1"]).information
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("not_with: [{measure: rent-halp, level: firm}]", "unknown-measure"),
        ("not_with: [{measure: rent-help, level: firm}]", "exclusion-of-itself"),
        ("adds_to: [rent-halp]", "unknown-measure"),
    ],
)
def test_named_measures_must_exist(found, line, code):
    errors = found(("delivery:", f"{line}\ndelivery:"))
    assert [each.code for each in errors] == [code]


def test_a_measure_cannot_be_excluded_and_added(folder, measure_text):
    folder.write("town-1/other-help.yaml", measure_text.replace("id: rent-help", "id: other-help"))
    lines = "not_with: [{measure: other-help, level: firm}]\nadds_to: [other-help]\ndelivery:"
    folder.write("town-1/rent-help.yaml", measure_text.replace("delivery:", lines))
    assert [each.code for each in folder.check().errors] == ["exclusion-contradiction"]


def test_a_variant_must_change_something(folder, measure_text):
    document = (folder.root / "town-1/document.yaml").read_text(encoding="utf-8")
    folder.write("county-1/document.yaml", document.replace("town-1", "county-1"))
    below = measure_text.replace("region: 530000", "region: 532500").replace("530102", "532503")
    below = below.replace("document: town-1", "document: county-1").replace("市财政局", "州财政局")
    folder.write("county-1/rent-help.yaml", below)
    [error] = folder.check().errors
    assert error.code == "variant-without-difference"
    assert "town-1/rent-help.yaml" in error.mend
    folder.write("county-1/rent-help.yaml", below.replace("per: [firm]", "per: [record]"))
    assert folder.check().errors == ()


def test_findings_of_reading_are_errors_of_the_check(found):
    [error] = found(("kind: pay", "kind: gift"))
    assert error.code == "unknown-word"
