"""Every day: files that were sent and that no application names are taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huiqi.portal.applications.files import forget_unnamed, old_files
from huiqi.portal.applications.models import Attachment
from huiqi.portal.jobs.registry import Working, job

_AT_ONCE = 500


@job("attachments-forget", zh="清理未使用的申请材料", en="Forget unused files of applications", daily=True)
def forget(working: Working) -> Mapping[str, Any]:
    """Take away what was sent and never attached; what any application ever named stays."""
    old = old_files()
    named: set[str] = set()
    for at in range(0, len(old), _AT_ONCE):
        rows = Attachment.objects.for_site("whether any application names a file")
        named |= set(rows.filter(digest__in=old[at : at + _AT_ONCE]).values_list("digest", flat=True))
    # Files that came meanwhile are fresh, and stay for that reason.
    return {"forgotten": forget_unnamed(named)}
