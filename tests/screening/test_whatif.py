"""What if: differences worked by hand on a few firms, and laws on a population in which every measure applies."""

import datetime
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from huiqi.findings import BadInput
from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.overrides import with_overrides
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.positions import read_text
from huiqi.screening.block_run import BlockRun
from huiqi.screening.budgets import LAST, Budget, Owed, Spending, read_budget
from huiqi.screening.prepared import PreparedWriter, read_blocks
from huiqi.screening.rule_changes import changed_measures, same_columns
from huiqi.screening.situations import block_of
from huiqi.screening.whatif import ALL, Comparison, Differences, WhatIf, what_if
from huiqi.screening.whatif_answer import whatif_answer

AS_OF = datetime.date(2022, 7, 31)
LIBRARY = load_library(shipped_policies())
SHOPS = (
    # county, on the list of risk counties, landlord, rent a month, months: what is waived at 3 and 6 months
    ("532503", "no", "government", 3000, 12),  # 3 x 3000 = 9000
    ("532503", "yes", "government", 1000, 12),  # 6 x 1000 = 6000
    ("532501", "no", "state_enterprise", 500, 2),  # 2 x 500 = 1000
    ("532501", "no", "other", 800, 12),  # no state premises
    ("532501", "no", None, 800, 12),  # not known
)


def shop(county: str, is_risk: str, landlord: str | None, rent: int, months: int) -> str:
    let_by = f"landlord: {landlord}, " if landlord else ""
    return f"""
self_employed:
  region: {county}
  industry: H6210
  leases: [{{{let_by}monthly_rent: {rent}, months_leased: {months}}}]
  lists: {{risk-county-2022: {is_risk}}}
"""


def population(folder: Path, cases: list[str], rows: int = 2) -> Path:
    """The cases as a prepared population with `rows` subjects a part."""
    situations = [LIBRARY.cases.read(read_text(case, "case.yaml"), AS_OF) for case in cases]
    with PreparedWriter(folder, LIBRARY, True, "by hand") as writer:
        for first in range(0, len(situations), rows):
            writer.write(block_of(situations[first : first + rows], LIBRARY))
    return folder


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return population(tmp_path_factory.mktemp("shops") / "prepared", [shop(*each) for each in SHOPS])


def of(found: WhatIf, name: str, after: PolicyLibrary) -> dict[str, object]:
    (row,) = (each for each in whatif_answer(found, LIBRARY, after, AS_OF)["measures"] if each["id"] == name)
    return row


def test_a_fourth_month_gives_a_shop_three_thousand_yuan_more(shops):
    after = with_overrides(LIBRARY, ["rent-waiver.usual_months=4"])
    found = what_if(shops, LIBRARY, after, AS_OF)
    row = of(found, "rent-waiver", after)
    assert found.changed == {"rent-waiver"}
    assert (row["before"], row["after"], row["difference"]) == ("16000.00", "19000.00", "3000.00")
    assert (row["more"], row["less"], row["newly_owed"], row["no_longer_owed"]) == (1, 0, 0, 0)
    assert (row["subjects_before"], row["subjects_after"], row["changes"]) == (3, 3, [])


def test_four_months_for_all_takes_from_risk_counties_and_gives_to_the_others(shops):
    after = with_overrides(LIBRARY, ["rent-waiver.months=4"])
    found = what_if(shops, LIBRARY, after, AS_OF)
    answer = whatif_answer(found, LIBRARY, after, AS_OF)
    # 12000 - 9000 for the first shop, 4000 - 6000 for the second, the third has leased for two months only
    assert answer["total"]["difference"] == "1000.00"
    assert (answer["total"]["gain"], answer["total"]["lose"], answer["total"]["subjects"]) == (1, 1, 5)
    by_region = {
        each["name"]: (each["difference"], each["gain"], each["lose"]) for each in answer["by_region"]
    }
    assert by_region == {"蒙自市": ("1000.00", 1, 1), "个旧市": ("0.00", 0, 0)}
    (sector,) = answer["by_industry"]
    assert (sector["code"], sector["name"], sector["subjects"]) == ("H", "住宿和餐饮业", 5)
    (rent,) = (each for each in answer["measures"] if each["id"] == "rent-waiver")
    of_rent = [(each["name"], each["difference"], each["more"], each["less"]) for each in rent["by_region"]]
    assert of_rent == [("蒙自市", "1000.00", 1, 1), ("个旧市", "0.00", 0, 0)]
    (size,) = answer["by_size"]
    assert (size["name"], size["difference"]) == ("个体工商户", "1000.00")


def test_a_measure_that_ends_earlier_is_owed_no_longer(shops):
    after = with_overrides(LIBRARY, ["rent-waiver.in_force.to=2022-07-31"])
    found = what_if(shops, LIBRARY, after, AS_OF)
    row = of(found, "rent-waiver", after)
    assert (row["difference"], row["no_longer_owed"], row["verdict_only"]) == ("-16000.00", 3, 2)
    assert row["changes"] == [
        {"before": "eligible", "after": "not_in_force", "subjects": 3},
        {"before": "undetermined", "after": "not_in_force", "subjects": 1},
        {"before": "ineligible", "after": "not_in_force", "subjects": 1},
    ]


def test_each_change_of_a_subject_is_a_row(shops, tmp_path):
    after = with_overrides(LIBRARY, ["rent-waiver.months=4"])
    what_if(shops, LIBRARY, after, AS_OF, changes=tmp_path / "changes.parquet")
    rows = pq.read_table(tmp_path / "changes.parquet").to_pylist()
    shown = [
        (each["row"], each["firm"], each["change"], each["before_fen"], each["after_fen"]) for each in rows
    ]
    assert shown == [(0, "#0", "more", 900_000, 1_200_000), (1, "#1", "less", 600_000, 400_000)]
    assert {each["measure"] for each in rows} == {"rent-waiver"}


def test_another_policy_folder_is_compared_file_by_file(shops, tmp_path):
    other = tmp_path / "policies"
    shutil.copytree(shipped_policies(), other)
    for path in other.glob("*/rent-waiver.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.split("\nexamples:\n")[0].replace("value: 3, unit: month", "value: 5, unit: month"), "utf-8"
        )
    for path in other.glob("*/innovation-voucher.yaml"):
        path.unlink()
    after = load_library(other)
    found = what_if(shops, LIBRARY, after, AS_OF)
    assert found.changed == {"rent-waiver", "innovation-voucher"}
    assert of(found, "rent-waiver", after)["difference"] == "6000.00"
    assert of(found, "innovation-voucher", after)["changes"] == [
        {"before": "ineligible", "after": "not_here", "subjects": 5}
    ]


def test_a_folder_with_another_dictionary_reads_what_it_knows(shops, tmp_path):
    other = tmp_path / "policies"
    shutil.copytree(shipped_policies(), other)
    lease = other / "facts" / "lease.yaml"
    lease.write_text(
        lease.read_text(encoding="utf-8").rstrip()
        + "\n  - {name: has_yard, label: 有院落, english: has a yard, type: yes_no, known_by: landlord}\n",
        encoding="utf-8",
    )
    after = load_library(other)
    assert not same_columns(LIBRARY, after)
    for found in (what_if(shops, LIBRARY, after, AS_OF), what_if(shops, after, LIBRARY, AS_OF)):
        assert found.changed == set()
        sums = found.differences.sums
        assert sums[(ALL, "before")] == sums[(ALL, "after")] == 1_600_000
        assert not found.differences.moves


@pytest.mark.parametrize(
    ("settings", "changed"),
    [
        (["rent-waiver.months=4"], {"rent-waiver"}),
        (["rent-waiver.usual_months=3"], set()),
        (["innovation-voucher.share=60%"], {"innovation-voucher"}),
    ],
)
def test_only_measures_that_a_setting_touches_are_screened_again(settings, changed):
    assert changed_measures(LIBRARY, with_overrides(LIBRARY, settings)) == changed


def test_a_changed_definition_changes_all_measures_that_use_it():
    after = with_overrides(LIBRARY, ["small_low_profit.most_staff=400"])
    changed = changed_measures(LIBRARY, after)
    using = {
        each.id for each in LIBRARY.measures if "small_low_profit" in repr(each.when) + repr(each.amount)
    }
    assert using
    assert using <= changed
    assert len(changed) < len(LIBRARY.by_id) // 2


# Each ends or delays some measure, so that verdicts change whatever the population is.
SETTINGS = (
    ["rent-waiver.in_force.to=2022-07-31", "innovation-voucher.share=60%"],
    ["social-insurance-deferral.in_force.from=2022-08-15", "graduate-hiring-subsidy.most=2000"],
    ["small_low_profit.most_staff=40", "innovation-voucher.in_force.from=2022-08-15"],
)


@pytest.mark.parametrize("settings", SETTINGS)
def test_what_is_taken_over_is_what_a_whole_screening_gives(prepared, settings):
    before, after = prepared.library, with_overrides(prepared.library, settings)
    comparison = Comparison(before, after, prepared.as_of)
    whole = BlockRun(after, prepared.as_of)
    moved: Counter[str] = Counter()
    for block in read_blocks(prepared.folder, before, groups=range(2)):
        first = comparison.runs[0].run(block)
        old = {each.id: (each.verdict.copy(), first.counted[each.id].copy()) for each in first.measures}
        again = comparison.runs[1].run_after(first, comparison.changed)
        expected = whole.run(block)
        assert [each.id for each in again.measures] == [each.id for each in expected.measures]
        for one, other in zip(again.measures, expected.measures, strict=True):
            assert np.array_equal(one.verdict, other.verdict), one.id
            assert np.array_equal(one.known, other.known), one.id
            assert np.array_equal(one.amount[one.known], other.amount[other.known]), one.id
            assert np.array_equal(again.counted[one.id], expected.counted[one.id]), one.id
            moved[one.id] += int((one.verdict != old[one.id][0]).sum())
            moved[one.id] += int((again.counted[one.id] != old[one.id][1]).sum())
    assert sum(moved.values()) > 0
    assert {name for name, count in moved.items() if count} - comparison.changed <= excluded(before)


def excluded(library: PolicyLibrary) -> set[str]:
    """The measures that an exclusion ties to another: what is counted of them may change with the other."""
    return {name for each in library.measures for ex in each.not_with for name in (each.id, ex.measure)}


@pytest.mark.parametrize("settings", SETTINGS)
def test_from_one_to_the_other_is_minus_from_the_other_to_the_one(prepared, settings):
    one, other = prepared.library, with_overrides(prepared.library, settings)
    there, back = differences(prepared, one, other), differences(prepared, other, one)
    swap = {"before": "after", "after": "before", "gain": "lose", "lose": "gain"}
    swap |= {"owed_before": "owed_after", "owed_after": "owed_before", "more": "less", "less": "more"}
    swap |= {"newly_owed": "no_longer_owed", "no_longer_owed": "newly_owed"}

    assert Counter({(name, swap.get(what, what)): n for (name, what), n in there.sums.items()}) == back.sums
    cells = {(name, swap.get(what, what), cell): n for (name, what, cell), n in there.cells.items()}
    assert Counter(cells) == back.cells
    assert Counter({(name, new, old): count for (name, old, new), count in there.moves.items()}) == back.moves
    assert there.moves


def test_without_a_change_nothing_differs(prepared):
    found = differences(prepared, prepared.library, with_overrides(prepared.library, []))
    assert not found.moves
    assert {what for name, what, _ in found.cells if name == ALL} == {"subjects", "before", "after"}
    assert {name for name, _, _ in found.cells} == {ALL}
    names = {name for name, _ in found.sums}
    assert len(names) > 40
    assert all(found.sums[(name, "before")] == found.sums[(name, "after")] for name in names)


def test_gains_and_losses_of_measures_add_up_to_those_of_the_population(prepared):
    after = with_overrides(prepared.library, SETTINGS[0])
    found = differences(prepared, prepared.library, after)
    counted = {each.id for each in prepared.library.measures if each.amount_is in ("paid", "saved")}
    for side in ("before", "after"):
        assert sum(found.sums[(name, side)] for name in counted) == found.sums[(ALL, side)] > 0
        by_cell = sum(fen for (name, what, _), fen in found.cells.items() if (name, what) == (ALL, side))
        assert by_cell == found.sums[(ALL, side)]


def differences(prepared, before: PolicyLibrary, after: PolicyLibrary) -> Differences:
    comparison = Comparison(before, after, prepared.as_of)
    made = Differences()
    for block in read_blocks(prepared.folder, prepared.library, groups=range(2)):
        made.add(comparison.compare(block).differences)
    return made


def test_threads_come_to_the_same_answer_in_the_same_order(shops):
    after = with_overrides(LIBRARY, ["rent-waiver.months=4"])
    budget = read_budget("rent-waiver=9000", False, LIBRARY)
    answers = [
        whatif_answer(
            what_if(shops, LIBRARY, after, AS_OF, budgets=[budget], threads=threads), LIBRARY, after, AS_OF
        )
        for threads in (1, 4)
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("yuan", "share", "uncovered", "reached", "runs_out"),
    [
        ("16000", "100.00%", "0.00", 3, None),
        ("15000", "93.75%", "1000.00", 2, {"row": 2, "firm": "#2"}),
        ("14999.99", "93.74%", "1000.01", 1, {"row": 1, "firm": "#1"}),
        ("0", "0.00%", "16000.00", 0, {"row": 0, "firm": "#0"}),
    ],
)
def test_a_budget_runs_out_at_the_row_that_it_does_not_pay_in_full(
    shops, yuan, share, uncovered, reached, runs_out
):
    budget = read_budget(f"rent-waiver={yuan}", False, LIBRARY)
    found = what_if(shops, LIBRARY, LIBRARY, AS_OF, budgets=[budget])
    (row,) = whatif_answer(found, LIBRARY, LIBRARY, AS_OF)["budgets"]
    assert row["order"] == "row"
    assert row["before"] == row["after"]
    assert row["after"]["asked"] == "16000.00"
    assert (row["after"]["share_covered"], row["after"]["uncovered"]) == (share, uncovered)
    assert (row["after"]["subjects"], row["after"]["subjects_covered"]) == (3, reached)
    assert row["after"]["runs_out"] == runs_out


def test_a_quota_counts_subjects(shops):
    after = with_overrides(LIBRARY, ["rent-waiver.in_force.to=2022-07-31"])
    found = what_if(shops, LIBRARY, after, AS_OF, budgets=[read_budget("rent-waiver=2", True, LIBRARY)])
    (row,) = whatif_answer(found, LIBRARY, after, AS_OF)["budgets"]
    assert (row["limit"], row["before"]["asked"], row["before"]["covered"]) == (2, 3, 2)
    assert row["before"]["runs_out"] == {"row": 2, "firm": "#2"}
    assert (row["after"]["asked"], row["after"]["runs_out"]) == (0, None)


def buyer(*deals: tuple[str, int]) -> str:
    rows = ", ".join(
        f"{{deal_kind: opened_resources, deal_made: {day}, deal_amount: {amount}}}" for day, amount in deals
    )
    return f"""
enterprise:
  region: 530102
  technology_sme: yes
  provincial_technology_sme: no
  high_tech_enterprise: no
  in_incubation: no
  service_deals: [{rows}]
"""


def test_a_budget_in_the_order_of_days_runs_out_on_a_day(tmp_path):
    # Half of each deal is paid: 10000 on the 3rd of June (whose second deal is in July), 20000 on the 1st, 5000 on the 2nd.
    cases = [
        buyer(("2022-07-09", 12_000), ("2022-06-03", 8_000)),
        buyer(("2022-06-01", 40_000)),
        buyer(("2022-06-02", 10_000)),
    ]
    folder = population(tmp_path / "prepared", cases)
    for yuan, day, reached in (("35000", None, 3), ("34999", "2022-06-03", 2), ("24000", "2022-06-02", 1)):
        budget = read_budget(f"innovation-voucher={yuan}", False, LIBRARY)
        assert budget.by == "service_deal.deal_made"
        found = what_if(folder, LIBRARY, LIBRARY, AS_OF, budgets=[budget])
        (row,) = whatif_answer(found, LIBRARY, LIBRARY, AS_OF)["budgets"]
        assert row["order"] == "service_deal.deal_made"
        assert row["after"]["asked"] == "35000.00"
        assert row["after"]["runs_out"] == (day and {"date": day})
        assert row["after"]["subjects_covered"] == reached


def test_claims_without_a_day_come_last():
    spending = Spending(Budget("x", 10, False, "given", "deal.made"))
    days = np.array([LAST, 19_000], dtype=np.int64)
    spending.take(Owed(np.array([0, 1]), np.array([4, 7]), days, ("a", "b")))
    assert spending.ran_out_day() == LAST
    assert (spending.subjects_reached(), spending.covered, spending.uncovered) == (1, 10, 1)


@pytest.mark.parametrize(
    ("text", "of_subjects", "words"),
    [
        ("rent-waiver", False, "rent-waiver is no budget; write rent-waiver=5000000"),
        ("rent-waver=5", False, "there is no measure rent-waver; did you mean rent-waiver"),
        ("rent-waiver=many", False, "many is no budget"),
        ("rent-waiver=-1", False, "not below nought"),
        ("rent-waiver=1.5", True, "1.5 is no budget; write rent-waiver=500"),
        ("rent-waiver=5@hire.hired", False, "rent-waiver is not judged on records with a day hire.hired"),
    ],
)
def test_a_budget_that_cannot_be_read_is_told_in_one_line(text, of_subjects, words):
    with pytest.raises(BadInput, match=words):
        read_budget(text, of_subjects, LIBRARY)


def test_a_measure_without_an_amount_has_a_quota_only():
    name = next(
        name for name, variants in sorted(LIBRARY.by_id.items()) if all(v.amount is None for v in variants)
    )
    with pytest.raises(BadInput, match="give it a --quota"):
        read_budget(f"{name}=5", False, LIBRARY)
    assert read_budget(f"{name}=5", True, LIBRARY).limit == 5
