"""The jobs of applications: each registers itself."""

from __future__ import annotations

from huiqi.portal.applications import forgetting, lapsing  # noqa: F401  their jobs register themselves
