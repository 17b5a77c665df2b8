"""What the demonstration's officers keep beside the register: lists with members, official texts, an alignment."""

from __future__ import annotations

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.demonstration.doing import SET_UP, Say, act, moment, run_jobs
from huiqi.portal.demonstration.left_out import say_lists
from huiqi.portal.demonstration.people import PREFECTURE, officer_of
from huiqi.portal.documents.models import HELD, OfficialText
from huiqi.portal.firms.models import Firm
from huiqi.portal.jobs.running import ask
from huiqi.portal.lists.kinds import COUNTY, kinds
from huiqi.portal.lists.models import KeptList
from huiqi.reference import regions

_BEGINS = "2022-07-01"
_COUNTY = "532503"
_AT_RISK = ("532530", "532532")
"""Counties of the made-up list of risk areas."""
_SECTORS = {
    "key-farm-enterprises": ("A",),
    "specialised-smes": ("C",),
    "chain-white-list": ("C",),
}
_BASIS = "虚构文号〔2022〕1号"


def keep_lists(say: Say) -> None:
    """Open every kind of list; put some on, through three people each; leave some waiting at each desk."""
    say_lists(_COUNTY, _firms().count(), say)
    for kind in kinds().values():
        if regions.region(PREFECTURE).level not in kind.kept_at:
            continue
        kept = act("leading-group", "list.open", None, {"kind": kind.id})
        if kind.of == COUNTY:
            for county in _AT_RISK:
                _on_list(kept, officer_of(county), county, steps=3)
        elif kind.id in _SECTORS:
            _firms_on(kept, _SECTORS[kind.id])


def keep_texts() -> None:
    """Let the library take in the two fictional texts, as it does every day, and set them side by side."""
    ask("document-adopt", f"document-adopt:{SET_UP}", {"day": f"{SET_UP}"}, by="schedule", now=moment())
    run_jobs()
    held = OfficialText.objects.for_site("the demonstration chooses texts").filter(state=HELD)
    province = held.filter(file_name__startswith="xujiang").first()
    city = held.filter(file_name__startswith="xuhe").first()
    if province is not None and city is not None:
        given = {"superior": province.pk, "subordinate": city.pk}
        act("leading-group", "alignment.start", None, given)
        run_jobs()


def _firms_on(kept: KeptList, sections: tuple[str, ...]) -> None:
    rows = _firms().order_by("pk")
    of_sector = rows.filter(subject="enterprise", industry__regex=f"^[{''.join(sections)}]")
    # Of few firms too few are of the sector: others stand in for them.
    chosen = list(dict.fromkeys([*of_sector[:4], *rows[:4]]))
    # Two are on it, one waits to be approved, one to be reviewed.
    for firm, steps in zip(chosen, (3, 3, 2, 1), strict=False):
        _on_list(kept, officer_of(_COUNTY), firm.credit_code, steps)


def _firms() -> ScopedQuerySet:
    return Firm.objects.for_site("the demonstration chooses firms").filter(region=_COUNTY)


def _on_list(kept: KeptList, officer: str, subject: str, steps: int) -> None:
    given = {
        "kept": kept.pk,
        "subject": subject,
        "begins": _BEGINS,
        "reason": "经核实符合列入条件（演示）",
        "basis": _BASIS,
    }
    entry = act(officer, "list.propose", None, given)
    for person, name in (("reviewer", "list.review"), ("approver", "list.approve"))[: steps - 1]:
        act(person, name, entry.pk, {"note": "同意"})
