"""What-if settings: a figure or a day of a measure changed, read as the policy files are, nothing else touched."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.findings import BadInput
from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.overrides import with_overrides
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.measure import Measure
from huiqi.rules.positions import read_text
from huiqi.screening.assess import judge_one

SHOP = """enterprise:
  region: 532503
  industry: H6210
  size: micro
  lists: {risk-county-2022: no}
  leases: [{landlord: government, monthly_rent: 10000, months_leased: 12}]
"""
DAY = datetime.date(2022, 7, 31)


@pytest.fixture(scope="module")
def library() -> PolicyLibrary:
    return load_library(shipped_policies())


def measure(library: PolicyLibrary, name: str, region: str = "530000") -> Measure:
    return next(each for each in library.by_id[name] if each.region == region)


def rent_waived(library: PolicyLibrary) -> int | None:
    situation = library.cases.read(read_text(SHOP, "shop"), DAY)
    return judge_one(library, "rent-waiver", situation).amount


def code_of(library: PolicyLibrary, setting: str) -> str:
    with pytest.raises(BadInput) as refused:
        with_overrides(library, [setting])
    return refused.value.findings[0].code


def test_one_more_month_of_rent_is_one_more_month_of_money(library: PolicyLibrary) -> None:
    changed = with_overrides(library, ["rent-waiver.usual_months=4"])
    assert rent_waived(changed) == 40_000_00
    assert rent_waived(library) == 30_000_00


@pytest.mark.parametrize("written", ["4", "4 month", "4个月", " 4 "])
def test_a_figure_may_carry_its_unit(library: PolicyLibrary, written: str) -> None:
    assert rent_waived(with_overrides(library, [f"rent-waiver.usual_months={written}"])) == 40_000_00


def test_a_shared_last_word_sets_every_parameter_that_ends_with_it(library: PolicyLibrary) -> None:
    changed = measure(with_overrides(library, ["rent-waiver.months=4"]), "rent-waiver")
    assert [(each.name, each.values[0].value) for each in changed.parameters] == [
        ("usual_months", 4),
        ("risk_months", 4),
    ]


def test_settings_add_up_and_the_later_one_wins(library: PolicyLibrary) -> None:
    changed = with_overrides(
        library, ["rent-waiver.months=4", "rent-waiver.usual_months=5", "rent-waiver.in_force.to=2022-07-31"]
    )
    assert measure(changed, "rent-waiver").parameters[0].values[0].value == 5
    assert rent_waived(changed) is None, "on 31 July it is over"


def test_a_day_of_the_period_in_force_moves(library: PolicyLibrary) -> None:
    changed = with_overrides(library, ["agri-loan-interest.in_force.to=2023-06-30"])
    assert measure(changed, "agri-loan-interest").in_force.to == datetime.date(2023, 6, 30)
    assert measure(library, "agri-loan-interest").in_force.to == datetime.date(2023, 1, 1)


def test_one_variant_changes_where_its_region_is_named(library: PolicyLibrary) -> None:
    changed = with_overrides(library, ["social-insurance-deferral@5325.in_force.to=2024-01-01"])
    assert measure(changed, "social-insurance-deferral", "532500").in_force.to.year == 2024
    assert measure(changed, "social-insurance-deferral") == measure(library, "social-insurance-deferral")


def test_all_variants_change_where_no_region_is_named(library: PolicyLibrary) -> None:
    changed = with_overrides(library, ["social-insurance-deferral.in_force.to=2024-01-01"])
    assert {each.in_force.to.year for each in changed.by_id["social-insurance-deferral"]} == {2024}


def test_one_of_several_dated_values_changes(library: PolicyLibrary) -> None:
    name = "procurement-price-deduction"
    changed = measure(with_overrides(library, [f"{name}.own_most[2022-07-01]=30%"]), name, "000000")
    values = next(each.values for each in changed.parameters if each.name == "own_most")
    old = next(each.values for each in measure(library, name, "000000").parameters if each.name == "own_most")
    assert values[0] == old[0]
    assert str(values[1].value) == "3/10"


def test_a_definition_changes_for_every_measure_that_uses_it(library: PolicyLibrary) -> None:
    changed = with_overrides(library, ["small_low_profit.most_staff=10"])
    case = "enterprise: {region: 532503, restricted_industry: no, taxable_income: 1000, average_employees: 11, average_assets: 1}"
    before, after = (
        judge_one(each, "cit-small-low-profit", each.cases.read(read_text(case, "firm"), DAY)).verdict
        for each in (library, changed)
    )
    assert (before, after) == ("eligible", "ineligible")


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("rent-waver.usual_months=4", "unknown-measure"),
        ("rent-waiver.usual_month=4", "unknown-parameter"),
        ("rent-waiver.title=4", "unknown-parameter"),
        ("rent-waiver.in_force=2022-01-01", "unknown-parameter"),
        ("rent-waiver.usual_months=4元", "wrong-unit"),
        ("rent-waiver.usual_months=40%", "wrong-unit"),
        ("rent-waiver.usual_months=", "wrong-unit"),
        ("rent-waiver.usual_months=-4", "wrong-unit"),
        ("rent-waiver.in_force.to=4", "wrong-unit"),
        ("rent-waiver.in_force.to=2022-02-30", "wrong-unit"),
        ("rent-waiver.in_force.to=2021-01-01", "empty-period"),
        ("rent-waiver.in_force.to[2022-01-01]=2023-01-01", "not-dated"),
        ("rent-waiver.usual_months[2022-01-01]=4", "no-such-date"),
        ("rent-waiver@140200.usual_months=4", "unknown-variant"),
        ("rent-waiver@999999.usual_months=4", "unknown-region"),
        ("small_low_profit@530000.most_staff=4", "unknown-variant"),
        ("rent-waiver", "setting-form"),
        ("=4", "setting-form"),
        ("", "setting-form"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(library: PolicyLibrary, setting: str, code: str) -> None:
    assert code_of(library, setting) == code


def test_a_misspelt_parameter_is_told_its_neighbours(library: PolicyLibrary) -> None:
    with pytest.raises(BadInput, match="did you mean usual_months"):
        with_overrides(library, ["rent-waiver.usual_month=4"])


def test_what_one_library_remembered_is_not_known_to_another(library: PolicyLibrary) -> None:
    assert rent_waived(library) == 30_000_00
    later = with_overrides(library, ["rent-waiver.in_force.from=2022-08-01"])
    assert rent_waived(later) is None
    assert rent_waived(library) == 30_000_00


@settings(max_examples=30, deadline=None)
@given(months=st.integers(0, 24))
def test_money_follows_the_figure(library: PolicyLibrary, months: int) -> None:
    """The shop is leased for 12 months, so that no figure above 12 brings more."""
    assert rent_waived(with_overrides(library, [f"rent-waiver.usual_months={months}"])) == 10_000_00 * min(
        months, 12
    )


def test_every_parameter_of_every_measure_can_be_set_to_what_it_is(library: PolicyLibrary) -> None:
    tried = 0
    for each in library.measures:
        first, to = each.in_force.first, each.in_force.to
        settings_of_it = [
            f"{each.id}@{each.region}.in_force.from={first}",
            f"{each.id}@{each.region}.in_force.to={to}",
        ]
        made = measure(with_overrides(library, settings_of_it), each.id, each.region)
        assert (made.when, made.amount, made.in_force) == (each.when, each.amount, each.in_force)
        tried += 1
    assert tried == len(library.measures)
