"""Deliveries for programs, each group of endpoints in the module of what it tells."""

from huiqi.portal.delivery import deliveries_api, notice_api, run_api  # noqa: F401  they register themselves
