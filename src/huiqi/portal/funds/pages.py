"""The pages of this domain, each in the module of what it shows."""

from huiqi.portal.funds import account_pages, order_forms, order_pages, programme_pages  # noqa: F401
