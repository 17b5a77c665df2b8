"""The pages of this domain, each in the module of what it shows."""

from huiqi.portal.delivery import (  # noqa: F401  their pages register themselves
    board_pages,
    firm_pages,
    line_pages,
    notice_pages,
    run_pages,
    third_party_pages,
)
