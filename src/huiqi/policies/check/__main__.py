"""`python -m huiqi.policies.check [PATHS] [--documents DIR] [--mutation] [--json]`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from huiqi.policies.check import check_library
from huiqi.policies.shipped import shipped_policies


def main() -> int:
    """Check and print; return 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m huiqi.policies.check")
    parser.add_argument("paths", nargs="*", type=Path, help="files or folders (default: every rule)")
    parser.add_argument("--policies", type=Path, default=None, help="the policy folder")
    parser.add_argument("--documents", type=Path, default=None, help="the folder of official texts")
    parser.add_argument("--mutation", action="store_true", help="ask whether examples notice every mutant")
    parser.add_argument("--information", action="store_true", help="print what is no error too")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    root = given.policies or shipped_policies()
    report = check_library(root, given.paths or None, given.documents, given.mutation)
    out = sys.stdout
    if given.json:
        json.dump(report.as_json(), out, ensure_ascii=False, indent=1)
        out.write("\n")
        return 0 if report.sound else 1
    for each in report.errors:
        out.write(f"{each}\n")
    for each in report.information if given.information else ():
        out.write(f"information: {each}\n")
    for score in report.scores:
        out.write(f"{score.file}: {score.noticed}/{score.mutants} noticed, {score.equivalent} equivalent\n")
    out.write(
        f"{report.rules} rules, {report.examples} examples, {len(report.errors)} errors,"
        f" {len(report.information)} notes\n"
    )
    return 0 if report.sound else 1


if __name__ == "__main__":
    sys.exit(main())
