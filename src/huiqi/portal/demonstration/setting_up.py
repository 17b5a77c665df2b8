"""The demonstration's state, made through acts and jobs: rosters, bindings, contests, a screening, lists, texts."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.demonstration import applying, story
from huiqi.portal.demonstration.doing import SET_UP, Say, act, actor, run_jobs
from huiqi.portal.demonstration.left_out import say_bindings, say_contest, say_rosters
from huiqi.portal.demonstration.people import (
    NEWCOMER,
    OWNER,
    PREFECTURE,
    Known,
    counties,
    make_people,
    officer_of,
)
from huiqi.portal.demonstration.registers import keep_lists, keep_texts
from huiqi.portal.demonstration.rosters import firms_by_county, workbook
from huiqi.portal.firms.files import keep
from huiqi.portal.firms.models import Firm, Roster
from huiqi.portal.firms.rows import FirmRow
from huiqi.portal.upkeep.demonstration import mark_demonstration

_DATED = datetime.date(2022, 6, 30)
_USERS = "demonstration-users.json"
_MENGZI = "532503"
"""The county of the owner's and the newcomer's firms."""


def set_up(firms: int, say: Say) -> list[Known]:
    """Fill an empty, migrated site; return its users. The last thing written is the list of users."""
    mark_demonstration(settings.DATA)
    say("建立单位和用户", "offices and users")
    people = make_people()
    library = shelf().library
    by_county = firms_by_county(library, PREFECTURE, firms, _DATED)
    say_rosters((county for county in counties() if not by_county.get(county)), say)
    if chosen := story.choose(by_county, say):
        story.tell(chosen, library, say)
        by_county |= {county: each.others for county, each in chosen.items()}
    _register(by_county, library, say)
    say("绑定企业、提出异议", "bindings and contests")
    _bindings(library, say)
    if chosen:
        say("企业申请、审核", "applications and decisions")
        applying.apply()
    say("名单台账", "lists with members")
    keep_lists(say)
    say("全州筛查，收入文件", "a screening of the prefecture, official texts")
    act("leading-group", "screening.start", None, {"region": PREFECTURE, "as_of": SET_UP.isoformat()})
    keep_texts()
    run_jobs()
    _remember(people)
    return people


def people_of(data: Any) -> list[Known] | None:
    """Return the users of a demonstration that was set up to its end; None where there is none."""
    try:
        rows = json.loads((data / _USERS).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return [Known(each["name"], each["password"], tuple(each["what"])) for each in rows]


_WRONG = """统一社会信用代码,企业名称,地区,从业人员,营业收入
91532503MA6K0001X0,虚构企业甲,532503,十二,1200000
,虚构企业乙,532503,8,560000
91532503MA6K00027R,虚构企业丙,蒙自,6,三十万
"""


def _register(by_county: Mapping[str, list[FirmRow]], library: PolicyLibrary, say: Say) -> None:
    """Have each county's officer hand a roster in, and take it once it was checked."""
    handed_in = []
    # A firm that is registered at the prefecture itself has no county officer to hand it in.
    kept = [(county, by_county[county]) for county in counties() if by_county.get(county)]
    for number, (county, rows) in enumerate(kept, start=1):
        part = f"{number}/{len(kept)}"
        say(f"报送名册 {part}：{county} {len(rows)}户", f"roster {part}: {county}, {len(rows)} firms")
        name = f"{county}-2022-06.xlsx"
        handed_in.append((county, _hand_in(officer_of(county), name, workbook(rows, library), "tax")))
    _hand_in("mengzi-officer", "待更正名册.csv", _WRONG.encode(), "statistics")
    say("检查名册", "rosters are checked")
    run_jobs()
    say("名册入库", "rosters go into the register")
    for county, roster in handed_in:
        act(officer_of(county), "roster.take", roster.pk, {})
    run_jobs()


def _bindings(library: PolicyLibrary, say: Say) -> None:
    rows = Firm.objects.for_site("the demonstration chooses firms").filter(region=_MENGZI).order_by("pk")
    say_bindings(_MENGZI, rows.count(), say)
    enterprises = rows.filter(subject="enterprise")
    bound = rows.filter(bindings__user__username=OWNER).first()
    own = bound or enterprises.filter(size="small").first() or enterprises.first() or rows.first()
    if own is None:
        return
    other = rows.exclude(pk=own.pk).filter(subject="self_employed").first() or rows.exclude(pk=own.pk).last()
    if bound is None:
        asked = act(OWNER, "binding.ask", None, _binding(own))
        act("mengzi-officer", "binding.confirm", asked.pk, {})
    if other is not None:
        act(NEWCOMER, "binding.ask", None, _binding(other))
    for fact, says in (("employees", "16"), ("name", f"{own.name}（更名）")):
        if not own.facts.get(fact):
            say_contest(library.facts.subject[fact], say)
            continue
        reason = "上月有变动，以登记机关和社保缴费记录为准"
        given = {"firm": own.pk, "fact": fact, "says": says, "reason": reason}
        act(OWNER, "fact.contest", None, given)
    run_jobs()


def _binding(firm: Firm) -> dict[str, str]:
    return {"credit_code": firm.credit_code, "name": firm.name, "connection": "employee"}


def _hand_in(officer: str, name: str, content: bytes, source: str) -> Roster:
    ticket = keep(name, [content], actor(officer))
    given = {"source": source, "dated": _DATED.isoformat(), "ticket": ticket}
    roster: Roster = act(officer, "roster.hand_in", None, given)
    return roster


def _remember(people: Iterable[Known]) -> None:
    file = settings.DATA / _USERS
    part = file.with_suffix(".part")
    rows = [{"name": each.name, "password": each.password, "what": list(each.what)} for each in people]
    part.touch(mode=0o600)
    part.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    part.replace(file)
