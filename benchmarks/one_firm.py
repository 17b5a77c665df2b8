"""One firm with 40 records over all measures with full reasons: checks the amounts, then times it.

Prints the median in milliseconds warm, the cold start of `huiqi assess`, the import of the library, and beside each
the time of a fixed yardstick from the same run (a pure Python loop), so that runs on different machines compare.

Run: .venv/bin/python benchmarks/one_firm.py
"""

from __future__ import annotations

import datetime
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huiqi.policies.library import load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.positions import read_text
from huiqi.screening.answer import Answerer
from huiqi.screening.assess import assess

AS_OF = datetime.date(2022, 7, 31)
RECORDS = 40


def firm() -> str:
    """A small manufacturer of Gejiu with 40 records over the record kinds."""
    leases = [
        {
            "landlord": "government" if n % 2 else "other",
            "monthly_rent": f"{1000 + n}.50",
            "months_leased": "12",
        }
        for n in range(5)
    ]
    loans = [
        {
            "principal": str(100_000 * (n + 1)),
            "drawn": f"2022-0{n + 1}-15",
            "due": f"2023-0{n + 1}-15",
            "annual_rate": "0.0435",
        }
        for n in range(7)
    ]
    hires = [{"person_id": f"hire-{n}", "hired": f"2022-0{n % 7 + 1}-01"} for n in range(8)]
    interns = [{"person_id": f"intern-{n}", "started": f"2022-0{n % 6 + 1}-01"} for n in range(6)]
    taxes = [
        {"tax": tax, "period_end": "2022-03-31", "tax_amount": str(1234 * (n + 1))}
        for n, tax in enumerate(
            ("cit", "iit", "vat", "urban_construction_tax", "education_surcharge", "stamp_tax")
        )
    ]
    purchases = [
        {"bought": f"2022-0{n + 1}-10", "unit_value": "6000000", "lowest_life": "10"} for n in range(4)
    ]
    receivables = [{"owed": str(500_000 * (n + 1)), "due_since": "2022-01-31"} for n in range(4)]
    body: dict[str, Any] = {
        "region": "532501",
        "industry": "C32",
        "employees": "120",
        "revenue": "18000000",
        "assets": "9000000",
        "leases": leases,
        "loans": loans,
        "hires": hires,
        "interns": interns,
        "tax_dues": taxes,
        "purchases": purchases,
        "receivables": receivables,
    }
    assert sum(len(each) for each in body.values() if isinstance(each, list)) == RECORDS
    return json.dumps({"enterprise": body}, ensure_ascii=False)


def yardstick() -> float:
    """Return the seconds of a fixed amount of plain Python work."""
    start = time.perf_counter()
    total = 0
    for n in range(1_000_000):
        total += n % 7
    assert total == 2_999_997
    return time.perf_counter() - start


def median_ms(act: Callable[[], object], times: int) -> float:
    """Return the median of some runs, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Check, then time."""
    library = load_library(shipped_policies())
    answerer = Answerer(library)
    text = firm()
    situation = library.cases.read(read_text(text, "firm"), AS_OF)

    def run() -> dict[str, Any]:
        situation.memo.clear()
        return answerer.answer(assess(library, situation))

    first, again = run(), run()
    assert first == again
    deferral = next(each for each in first["measures"] if each["id"] == "manufacturing-tax-deferral")
    # 2022 Q1: all of CIT, IIT, VAT and the construction tax and education surcharge upon them, small firm or 50% medium.
    assert deferral["verdict"] in ("eligible", "undetermined"), deferral
    stick = yardstick()
    warm = median_ms(run, 200)
    fresh = [sys.executable, "-c", "import huiqi.screening.answer"]
    importing = median_ms(lambda: subprocess.run(fresh, check=True), 7)
    nothing = median_ms(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), 7)
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "firm.json"
        case.write_text(text, encoding="utf-8")
        code = "from huiqi.cli import main; main()"
        command = [sys.executable, "-c", code, "assess", str(case), "--as-of", str(AS_OF), "--json"]
        cold = median_ms(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), 7)
    print(f"measures in force there: {len(first['measures'])}; records: {RECORDS}")
    print(f"yardstick (1,000,000 turns of a Python loop): {stick * 1000:.1f} ms")
    for name, value in (("assess warm, full reasons, median", warm), ("huiqi assess from cold", cold)):
        print(f"{name}: {value:.2f} ms ({value / stick / 1000:.3f} yardsticks)")
    print(
        f"import of the library: {importing - nothing:.1f} ms over an empty Python ({importing:.1f} in all)"
    )


if __name__ == "__main__":
    main()
