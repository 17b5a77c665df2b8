"""What a screening comes to, for people: totals, a page with charts, workbooks, the push list and the missed list."""

from huiqi.screening.report.figures import totals_json
from huiqi.screening.report.write import write_report

__all__ = ["totals_json", "write_report"]
