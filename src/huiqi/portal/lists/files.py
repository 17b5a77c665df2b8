"""How large a file of members may be, whichever way it comes in."""

from __future__ import annotations

from huiqi.portal.acts.refusals import Refused

MOST_BYTES = 10 << 20


def too_large() -> Refused:
    """The refusal of a file beyond MOST_BYTES."""
    what = f"文件超过{MOST_BYTES >> 20}MB"
    return Refused(what, mend="请只保留名单一张表", code="file-too-large", cell="file")
