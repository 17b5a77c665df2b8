"""The acts of delivery: each group registers itself."""

from __future__ import annotations

from huiqi.portal.delivery import (  # noqa: F401  their acts register themselves
    approving,
    case_acts,
    checking,
    drawing,
    line_acts,
    lines,
    noticing,
    objecting,
    outcomes,
    paying,
    reopening,
    run_export,
    sampling,
    third_party,
)
