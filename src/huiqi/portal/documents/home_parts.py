"""Texts with benefits that no measure holds, and texts that could not be read, on the home."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from huiqi.portal.documents.models import EXAMPLE, HELD, UNREADABLE
from huiqi.portal.documents.queries import texts_of
from huiqi.portal.documents.said import said_of
from huiqi.portal.look.home import HomeLine, HomePart, home_part, news_of
from huiqi.portal.look.visits import Visit

_SHOWN = 4

news_of("document.add", opens="documents", listing="documents", route="document")
news_of("alignment.finish", opens="documents", listing="alignments", route="alignment")


@home_part("documents", opens="documents", order=60, group="wrong")
def documents(request: Visit) -> HomePart | None:
    """Texts that somebody who encodes rules, or adds texts, should look at."""
    if not request.actor.allowed("document.add"):
        return None
    wanted = Q(state=HELD, unencoded__gt=0) | Q(state=UNREADABLE)
    rows = texts_of(request.actor).filter(wanted).exclude(source=EXAMPLE)
    found = list(rows.order_by("-id")[:_SHOWN])
    if not found:
        return None
    lines = []
    for each in found:
        if each.state == UNREADABLE:
            lines.append(HomeLine(str(each), each.address(), said_of(each.refusal), "wrong"))
        else:
            address = f"{reverse('document-coverage', kwargs={'number': each.pk})}?which=unencoded"
            note = _("惠企句%(total)s句未编入规则") % {"total": each.unencoded}
            lines.append(HomeLine(str(each), address, note))
    return HomePart(_("文件有待处理"), tuple(lines), rows.count(), reverse("documents"))
