"""What the gold tests of deadlines and quantities share: each clause's text beside what a reader found by hand."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
import yaml

from huiqi.documents import read_document

GOLD = Path(__file__).parent / "gold"
TEXTS = Path(__file__).parent / "texts"


@dataclass
class GoldClause:
    """The text of a clause (with what hangs on it where the attribution stands below) and its gold entries."""

    issued: date | None
    text: str = ""
    deadlines: list[dict] = field(default_factory=list)
    quantities: list[dict] = field(default_factory=list)


@pytest.fixture
def gold_clauses(source_texts):
    """A function from a document's name to its gold clauses by path."""

    def clauses(name: str) -> dict[str, GoldClause]:
        gold = yaml.safe_load((GOLD / f"{name}.yaml").read_text(encoding="utf-8"))
        own = TEXTS / f"{gold['document']}.txt"
        document = read_document(own if own.is_file() else source_texts / own.name)
        entries = gold["clauses"]
        whole = {entry["path"] for entry in entries if entry.get("attribution_below_children")}
        texts = {clause.path: clause.text for clause in document.clauses()}
        found: dict[str, GoldClause] = defaultdict(lambda: GoldClause(document.date))
        for entry in entries:
            clause = found[_holder(entry["path"], whole, texts)]
            clause.deadlines += entry["deadlines"]
            clause.quantities += entry["quantities"]
        for path, text in texts.items():
            holder = _holder(path, whole, texts)
            if holder in found:
                found[holder].text += text + "\n"
        return dict(found)

    return clauses


def _holder(path: str, whole: set[str], texts: dict[str, str]) -> str:
    """The clause whose text holds what the gold says of a path."""
    while path and path not in texts:
        path = path.rpartition("/")[0]
    above = [each for each in whole if path == each or path.startswith(f"{each}/")]
    return above[0] if above else path
