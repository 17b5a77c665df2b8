"""The pages of this domain, each in the module of what it shows."""

from huiqi.portal.fund_watch import finding_pages, head_pages, performance_pages, table_pages  # noqa: F401
