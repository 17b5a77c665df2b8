"""What the missing facts of a row say in Chinese, remembered for each combination of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from huiqi.rules.reasons import MissingFact
from huiqi.screening.report.fact_names import FactNames
from huiqi.screening.report.measure_texts import MeasureTexts
from huiqi.screening.report.sorted_rows import SortedRows


@dataclass
class RowTexts:
    """Texts of rows; combinations of missing facts go by their number in the sorted rows."""

    measures: MeasureTexts
    names: FactNames
    rows: SortedRows
    _facts: dict[int, tuple[MissingFact, ...]] = field(default_factory=dict)
    _asked: dict[int, tuple[str, str]] = field(default_factory=dict)

    def facts(self, missing: int) -> tuple[MissingFact, ...]:
        """Return the facts of a combination."""
        found = self._facts.get(missing)
        if found is None:
            found = self._facts[missing] = self.names.all_of(self.rows.missing[missing])
        return found

    def asked(self, missing: int) -> tuple[str, str]:
        """Return the labels of a combination, and who knows them."""
        found = self._asked.get(missing)
        if found is None:
            facts = self.facts(missing)
            labels = "；".join(map(self.names.label, facts))
            found = self._asked[missing] = (labels, "、".join(dict.fromkeys(map(self.names.who, facts))))
        return found
