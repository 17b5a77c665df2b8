"""Check a policy folder: citations, examples, dates, branches, cliffs, and mutants that examples must notice."""

from huiqi.policies.check.report import CheckReport, Score
from huiqi.policies.check.run import check_library

__all__ = ["CheckReport", "Score", "check_library"]
