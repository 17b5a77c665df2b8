"""Check a policy folder: citations, examples, dates, branches, cliffs, and mutants to be noticed."""

from huiqi.policies.check.report import CheckReport, Score
from huiqi.policies.check.run import check_library

__all__ = ["CheckReport", "Score", "check_library"]
