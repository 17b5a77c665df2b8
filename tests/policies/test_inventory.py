"""docs/measures.md accounts for every promise of the inventory, and stays true to the policies."""

from pathlib import Path

from huiqi.policies.inventory import inventory_table
from huiqi.policies.library import PolicyLibrary

PROJECT = Path(__file__).resolve().parents[2]


def inventory_ids() -> list[str]:
    lines = (Path(__file__).parent / "inventory_ids.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_page_is_up_to_date(shipped: PolicyLibrary) -> None:
    made = inventory_table(shipped)
    kept = (PROJECT / "docs" / "measures.md").read_text("utf-8")
    assert kept == made, "python -m huiqi.policies.inventory > docs/measures.md"


def test_every_row_of_the_inventory_is_encoded_or_explained(shipped: PolicyLibrary) -> None:
    missing = [each for each in inventory_ids() if each not in shipped.by_id]
    assert missing == []


def test_no_id_is_listed_twice() -> None:
    assert len(inventory_ids()) == len(set(inventory_ids()))


def test_each_rule_has_one_row_with_its_dates_and_clauses(shipped: PolicyLibrary) -> None:
    rows = [line for line in inventory_table(shipped).splitlines() if line.startswith("| `")]
    assert len(rows) == len(shipped.measures)
    for measure in shipped.measures:
        row = next(row for row in rows if f"`{measure.id}` | {measure.title} |" in row)
        assert row.count(" | ") == 8
        assert any(measure.in_force.first.isoformat() in row for row in rows if f"`{measure.id}`" in row)
        assert measure.amount is not None or measure.information or measure.amount_is == "none"
    for row in rows:
        assert "[" in row.rsplit("|", 2)[-2], "a row without a source"


def test_what_cannot_be_computed_says_why(shipped: PolicyLibrary) -> None:
    table = inventory_table(shipped)
    for measure in shipped.measures:
        if measure.information:
            assert f"：{measure.information} |" in table
