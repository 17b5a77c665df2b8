"""docs/facts.md is the fact dictionary, whole and up to date."""

from pathlib import Path

from huiqi.policies.fact_pages import fact_page
from huiqi.policies.library import PolicyLibrary

PAGE = Path(__file__).resolve().parents[2] / "docs" / "facts.md"


def test_the_page_is_up_to_date(shipped: PolicyLibrary) -> None:
    assert PAGE.read_text("utf-8") == fact_page(shipped), (
        "python -m huiqi.policies.fact_pages > docs/facts.md"
    )


def test_every_fact_definition_and_list_has_its_row(shipped: PolicyLibrary) -> None:
    page = fact_page(shipped)
    for fact in shipped.facts:
        assert f"| `{fact.name}` | {fact.label}" in page
    for name in (*shipped.definitions, *shipped.lists):
        assert f"| `{name}` |" in page
