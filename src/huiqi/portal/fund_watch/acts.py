"""The acts of this domain, each in the module of what it is done to."""

from huiqi.portal.fund_watch import finding_acts, head_acts, sources  # noqa: F401
