"""The pages of this domain, each in the module of what it shows."""

from huiqi.portal.applications import (  # noqa: F401  their pages register themselves
    file_pages,
    firm_pages,
    office_pages,
)
