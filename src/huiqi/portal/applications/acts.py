"""The acts of applications: each registers itself."""

from __future__ import annotations

from huiqi.portal.applications import (  # noqa: F401
    exports,
    firm_acts,
    office_acts,
)
