"""A prepared population for all tests of screening: subjects drawn from the rules' own examples."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import pytest

from huiqi.policies.library import PolicyLibrary, read_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.facts import SUBJECT
from huiqi.screening.population.proof import ProofPopulation
from huiqi.screening.prepared import PreparedWriter


@dataclass(frozen=True)
class Prepared:
    """The folder, the library that it was drawn from, and its day; `parts` row groups of `part_rows` subjects."""

    folder: Path
    library: PolicyLibrary
    as_of: datetime.date
    parts: int
    part_rows: int


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """900 subjects in 6 parts."""
    folder = tmp_path_factory.mktemp("population") / "prepared"
    as_of = datetime.date(2022, 7, 31)
    library, findings = read_library(shipped_policies(), examples=True)
    assert findings == []
    parts, part_rows = 6, 150
    blocks = list(ProofPopulation(library, as_of, 3).blocks(parts * part_rows, part_rows))
    columns: dict[str, list[str]] = {}
    for block in blocks:
        for record, batch in ((SUBJECT, block.firms), *block.records.items()):
            columns.setdefault(record, []).extend(batch.schema.names)
    with PreparedWriter(folder, library, True, "examples of the rules", columns) as writer:
        for block in blocks:
            writer.write(block)
    return Prepared(folder, library, as_of, parts, part_rows)
