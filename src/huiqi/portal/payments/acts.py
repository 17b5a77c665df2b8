"""The acts of this domain, each in the module of what it is done to."""

from huiqi.portal.payments import batch_acts, exports, line_acts, payment_acts, statement_acts  # noqa: F401
