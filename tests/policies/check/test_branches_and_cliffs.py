"""What a choice by one fact leaves over or shares, and where one step more costs money: told, not refused."""

import pytest

AMOUNT = "amount: monthly_rent * rate * min(months_leased, months)"


def choice(guards):
    return (AMOUNT, f"let: {{base: {guards}}}\n{AMOUNT} + base * 0")


def of_branches(findings):
    return [each for each in findings if each.code.startswith("branch")]


def test_values_that_fall_to_the_last_branch_are_told(told):
    [found] = of_branches(told(choice("1 if employees < 10 else 2 if 20 <= employees < 30 else 3")))
    assert found.code == "branches-leave"
    assert found.what == "employees 10 to 19, from 30 falls to the last branch"


def test_a_branch_that_is_never_reached_is_told(told):
    codes = {each.code for each in told(choice("1 if employees < 30 else 2 if employees < 20 else 3"))}
    assert "branch-never-reached" in codes


def test_branches_that_share_values_are_told(told):
    found = of_branches(told(choice("1 if employees <= 20 else 2 if 20 <= employees <= 30 else 3")))
    [shared] = [each for each in found if each.code == "branches-overlap"]
    assert "employees 20 meets" in shared.what


def test_the_usual_ladder_shares_nothing(told):
    found = of_branches(told(choice("1 if employees < 10 else 2 if employees < 20 else 3")))
    assert {each.code for each in found} == {"branches-leave"}


def test_cases_of_a_definition_are_looked_at_too(folder, definition_text):
    text = definition_text.replace(
        "  - {value: old, title: 老}",
        "  - {value: late, title: 晚, if: founded >= '2031-06-01'}\n  - {value: old, title: 老}",
    )
    folder.write("definitions/young.yaml", text)
    assert "branch-never-reached" in {each.code for each in folder.check().information}


@pytest.mark.parametrize("documents", [True, False])
def test_one_person_more_costs_the_whole_amount(folder, documents):
    [found] = [each for each in folder.check(documents=documents).information if each.code == "cliff"]
    assert found.what == "employees 49 brings 20000.00 yuan, 50 brings 0.00 (example 到顶)"


def test_where_one_step_more_costs_nothing_there_is_no_cliff(told):
    assert not [each for each in told(("if: employees < 50", "if: employees >= 1")) if each.code == "cliff"]
