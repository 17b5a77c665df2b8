"""The jobs of delivery: each registers itself."""

from __future__ import annotations

from huiqi.portal.delivery import notice_work, paying, reopening, run_work, telling  # noqa: F401  their jobs register themselves
