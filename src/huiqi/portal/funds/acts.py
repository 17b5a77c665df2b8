"""The acts of this domain, each in the module of what it is done to."""

from huiqi.portal.funds import order_acts, programme_acts  # noqa: F401
