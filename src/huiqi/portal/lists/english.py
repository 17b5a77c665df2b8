"""What is in doubt in a file of members, in English, by the code that the finding bears; Chinese is what is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_ENGLISH = {
    "error-cell": "The cell holds an error of a formula: mend the formula, or empty the cell",
    "no-credit-code": "The unified social credit code is missing",
    "credit-code-numeric-cell": "The credit code is stored as a number: set the cell to text and write it again",
    "credit-code-character": "The credit code holds a character that is not used in it",
    "credit-code-check-character": "The check character of the credit code does not fit: one character at least is wrong",
    "credit-code-length": "A credit code has 18 characters",
    "credit-code-organisation": "The organisation code within the credit code does not check",
    "credit-code-region": "The credit code names a region that does not exist",
    "credit-code-register": "The credit code names a register or a kind of body that does not exist",
    "not-a-date": "This is no date: write it as 2022-08-01",
    "duplicate-firm": "The same as another row: keep one of them",
    "list-no-county": "No such county, or not in your area: give its six digits or its full name",
    "list-no-firm": "No such firm in the register, or not in your area: check the code, or hand in a roster first",
    "list-other-name": "The register has another name: check that code and name are of one firm",
    "list-days": "The days do not fit: the last day is not before the first, nor beyond the term of the list",
    "list-already": "On the list already, or proposed for it: see the list",
    "list-overlap": "The days overlap with those of an earlier membership: check both days",
}
_ROW = re.compile(r"第(\d+)行")


def in_english(finding: Mapping[str, Any]) -> str:
    """Return a finding in English; as it is kept where its code has no English."""
    said = _ENGLISH.get(finding["code"], "")
    row = _ROW.search(finding["zh"])
    if finding["code"] == "duplicate-firm" and row is not None:
        return f"The same as row {row[1]}: keep one of them"
    return said or str(finding["zh"])
