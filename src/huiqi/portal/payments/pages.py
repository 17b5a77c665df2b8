"""The pages of this domain, each in the module of what it shows."""

from huiqi.portal.payments import batch_pages, origins, statement_pages  # noqa: F401
