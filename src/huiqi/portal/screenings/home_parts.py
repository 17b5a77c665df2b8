"""The newest run, and whether it is stale, on the home."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from huiqi.portal.catalogue.shelf import library
from huiqi.portal.look.home import HomeLine, HomePart, home_part, news_of
from huiqi.portal.look.visits import Visit
from huiqi.portal.screenings.queries import runs_of, staleness

news_of("screening.finish", "screening.fail", opens="screenings", listing="screenings", route="screening")


@home_part("screenings", opens="screenings", order=55, group="wrong")
def stale(request: Visit) -> HomePart | None:
    """The newest finished run over all measures, where rules or firms have changed since."""
    if not request.actor.allowed("screening.start"):
        return None
    run = runs_of(request.actor).filter(state="finished", measures=[]).order_by("-id").first()
    if run is None:
        line = HomeLine(_("还没有做过全部措施的筛查"), reverse("screening-start"))
        return HomePart(_("应享筛查"), (line,))
    changed = staleness(request.actor, run, library())
    if not changed:
        return None
    lines = []
    if changed.rules:
        said = _("有%(total)s项政策措施的规则已变") % {"total": changed.rules}
        lines.append(HomeLine(said, run.address(), tone="soon"))
    if changed.firms:
        said = _("有%(total)s户企业的信息已变") % {"total": f"{changed.firms:,}{'+' if changed.more else ''}"}
        lines.append(HomeLine(said, run.address(), tone="soon"))
    return HomePart(_("筛查结果已不是最新"), tuple(lines), more=reverse("screenings"))
