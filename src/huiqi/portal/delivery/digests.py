"""The digest of a run's lines, which anyone can recompute from its exported rows."""

from __future__ import annotations

import hashlib

from huiqi.portal.delivery.models import HOLDING, Line, Run

_AT_ONCE = 20_000


def digest_of(run: Run, *, drawn: bool = False) -> tuple[str, int, int]:
    """Return the digest of a run's lines that hold their entitlement (`drawn`: of all that were drawn), lines and fen.

    SHA-256 over `credit code,record,period,fen` and a line feed for each line, in the order of the lines' numbers.
    """
    rows = Line.objects.for_site("a run's own lines").filter(run=run).order_by("pk")
    rows = rows.filter(state__in=("drawn",) if drawn else HOLDING)
    digest = hashlib.sha256()
    lines = fen = 0
    said = rows.values_list("firm__credit_code", "record", "period", "amount")
    for code, record, period, amount in said.iterator(chunk_size=_AT_ONCE):
        digest.update(f"{code},{record},{period},{amount}\n".encode())
        lines += 1
        fen += amount
    return digest.hexdigest(), lines, fen
