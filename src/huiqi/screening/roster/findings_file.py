"""`findings.json`: all that is wrong with a roster, as the command line's contract says, written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from huiqi.screening.roster.reading import Roster

NAME = "findings.json"


def write_findings(roster: Roster, folder: Path) -> Path:
    """Write `findings.json` into a folder and return its path.

    Besides `findings` it has `more` (doubts beyond those listed), `rows` and `left_out` by table, and `mapping` (which
    column was taken for which fact).
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = {
        "findings": [each.as_json() for each in roster.doubts],
        "more": roster.uncounted,
        "rows": {name: each.rows for name, each in roster.counts.items()},
        "left_out": {name: each.left_out for name, each in roster.counts.items()},
        "mapping": roster.mapping.as_data(),
    }
    descriptor, part = tempfile.mkstemp(prefix=f".{NAME}.", dir=folder)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False, indent=1)
            file.write("\n")
        Path(part).chmod(0o644)
        Path(part).replace(folder / NAME)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return folder / NAME
