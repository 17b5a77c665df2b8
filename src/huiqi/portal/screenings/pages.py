"""The officer's pages of screenings and of measures."""

from __future__ import annotations

from huiqi.portal.screenings import measure_pages, run_pages  # noqa: F401  their pages register themselves
