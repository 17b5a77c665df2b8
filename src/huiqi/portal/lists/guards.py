"""What acts on lists ask first: whether the kind may be seen, the list decided at this level, the days fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from huiqi.findings import one_line
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.registry import Doing
from huiqi.portal.firms.models import Firm
from huiqi.portal.lists.following import words_of
from huiqi.portal.lists.kinds import COUNTY, ListKind, kinds
from huiqi.portal.lists.models import COUNTED_STATES, OPEN_STATES, Entry, KeptList
from huiqi.portal.lists.queries import lists_of, seeing
from huiqi.reference import regions
from huiqi.reference.regions import UnknownRegion
from huiqi.screening.roster.cells import cleaned

ONE_DAY = timedelta(1)
EARLIEST = date(1990, 1, 1)
LATEST_YEARS = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on a list of a subject: the state of an entry, and its days."""

    state: str
    begins: date
    until: date | None


def kind_of(doing: Doing, kept: KeptList) -> ListKind:
    """Return the kind of a list that the actor may see. Raises NotYours for others, Refused for one that is gone."""
    kind = kinds().get(kept.kind)
    if kind is None:
        raise Refused(
            "这类名单的定义无法读取", why=kept.kind, mend="请系统管理员核对名单定义", code="list-kind-lost"
        )
    site = doing.capacity.role == "site"
    if not site and not any(doing.act in each.acts for each in seeing(doing.actor, kind).capacities):
        raise NotYours
    return kind


def list_to_act_on(doing: Doing, number: int) -> KeptList:
    """Return a list that the actor sees, locked: what is decided on one list is decided one after another."""
    visible = lists_of(doing.actor).filter(pk=number).exists()
    if not visible:
        raise NotYours
    return KeptList.objects.for_site("the actor sees it").select_for_update().get(pk=number)  # type: ignore[no-any-return]


def decide_at(doing: Doing, kept: KeptList) -> None:
    """Refuse who decides for a list from below the office that keeps it; else the act is done at that level."""
    above = [each for each in doing.actor.allowed(doing.act) if each.reaches(Scope(region=kept.region))]
    if not above:
        place = regions.full_name(kept.region)
        raise Refused(
            "须由管理这份名单的一级办理",
            why=f"名单由{place}管理",
            mend="请提请该级单位办理",
            code="list-level",
        )
    doing.capacity = above[0]


def subject_of(doing: Doing, kept: KeptList, kind: ListKind, text: str) -> Firm | str:
    """Return the firm of a credit code, or the county of a code or name; within the actor's and the list's area.

    What is not there and what lies elsewhere are refused in the same words.
    """
    if kind.of == COUNTY:
        return reached_county(doing, kept, text)
    return reached_firm(doing, kept, text, firms_by_code([text]))


def firms_by_code(texts: Iterable[str]) -> dict[str, Firm]:
    """Return the firms of the register by credit code, as texts write it; a query for every thousand."""
    codes = sorted({code_in(each) for each in texts})
    rows = Firm.objects.for_site("the capacity is asked of each of them").filter(listed=True)
    found: dict[str, Firm] = {}
    for start in range(0, len(codes), 1000):
        some = rows.filter(credit_code__in=codes[start : start + 1000])
        found |= {each.credit_code: each for each in some}
    return found


def code_in(text: str) -> str:
    """Return a credit code as the register writes it."""
    return cleaned(text).upper().replace(" ", "")


def reached_firm(doing: Doing, kept: KeptList, text: str, firms: Mapping[str, Firm]) -> Firm:
    """Return the firm of a code among some, where it lies in the actor's and the list's area. Raises Refused."""
    firm = firms.get(code_in(text))
    reached = firm is not None and any(each.reaches(firm.scope()) for each in doing.actor.allowed(doing.act))
    if firm is None or not reached or not within(firm.region, kept):
        raise Refused(
            "企业名册中没有这户企业，或不在辖区内",
            why=one_line(code_in(text), 40),
            mend="请核对统一社会信用代码；不在册的请先报送名册",
            code="list-no-firm",
            cell="subject",
        )
    return firm


def reached_county(doing: Doing, kept: KeptList, text: str) -> str:
    """Return the code of a county that a text names, where it lies in the actor's and the list's area."""
    word = cleaned(text)
    try:
        found = (
            [regions.region(word)]
            if word.isascii()
            else [each for each in regions.find(word) if each.level == "county" and within(each.code, kept)]
        )
    except UnknownRegion:
        found = []
    if len(found) == 1 and found[0].level == "county" and within(found[0].code, kept):
        code = found[0].code
        if any(each.reaches(Scope(region=code)) for each in doing.actor.allowed(doing.act)):
            return code
    raise Refused(
        "没有这个县（市、区），或不在辖区内",
        why=one_line(word, 40),
        mend="请填写六位行政区划代码或全称",
        code="list-no-county",
        cell="subject",
    )


def within(region: str, kept: KeptList) -> bool:
    """Whether a region lies in a list's area."""
    return regions.is_within(region, kept.region) is True


def span(kind: ListKind, begins: date, last_day: date | None, today: date) -> tuple[date, date | None]:
    """Return the days of an entry: the last is that of the term where none is given. Raises Refused."""
    if begins < EARLIEST or begins > today + 366 * ONE_DAY:
        raise Refused("列入日期不合理", mend="请填写实际列入的日期", code="list-days", cell="begins")
    until = last_day or (term_end(begins, kind.term) if kind.term else None)
    if until is not None and (until < begins or until.year > begins.year + LATEST_YEARS):
        raise Refused("截止日期须不早于列入日期", mend="请核对起止日期", code="list-days", cell="last_day")
    if kind.term and until is not None and until > term_end(begins, kind.term):
        raise Refused(
            f"有效期不得超过{kind.term}年", mend="请填写有效期内的日期", code="list-days", cell="last_day"
        )
    return begins, until


def term_end(begins: date, years: int) -> date:
    """Return the last day of a term of some years: 2022-08-01 and 3 give 2025-07-31."""
    try:
        return begins.replace(year=begins.year + years) - ONE_DAY
    except ValueError:
        return date(begins.year + years, 2, 28)


def standing(kept: KeptList, subjects: Iterable[Firm | str]) -> dict[int | str, list[Standing]]:
    """Return, by subject, the states and days of what stands on a list of it; a query for every thousand."""
    found: dict[int | str, list[Standing]] = {}
    wanted = list(subjects)
    rows = Entry.objects.for_site("one subject is on a list once").filter(
        kept=kept, state__in={*OPEN_STATES, *COUNTED_STATES}
    )
    for start in range(0, len(wanted), 1000):
        some = wanted[start : start + 1000]
        firms = [each.pk for each in some if isinstance(each, Firm)]
        counties = [each for each in some if isinstance(each, str)]
        mine = rows.filter(Q(firm__in=firms) | Q(county__in=counties))
        for firm, county, *about in mine.values_list("firm", "county", "state", "begins", "until"):
            found.setdefault(county if firm is None else firm, []).append(Standing(*about))
    return found


def refuse_overlap(stands: Iterable[Standing], begins: date, until: date | None) -> None:
    """Refuse a second open entry of a subject, and days on which it is on the list already."""
    for each in stands:
        if each.state in OPEN_STATES:
            raise Refused(
                "已在名单中，或已有待办的提名", mend="请到名单页查看", code="list-already", cell="subject"
            )
        if (each.until is None or each.until >= begins) and (until is None or each.begins <= until):
            raise Refused("与以前在册的日期重叠", mend="请核对起止日期", code="list-overlap", cell="begins")


def new_entry(doing: Doing, kept: KeptList, kind: ListKind, subject: Firm | str, **values: object) -> Entry:
    """Return an entry of a subject, not saved yet."""
    firm, county = (None, subject) if isinstance(subject, str) else (subject, "")
    return Entry(
        kept=kept,
        firm=firm,
        county=county,
        region=county if firm is None else firm.region,
        words="" if firm is None else words_of(firm),
        rule_digest=kind.digest,
        at=doing.now,
        **values,  # type: ignore[misc]
    )


def told(entry: Entry) -> dict[str, object]:
    """Return what an event says of an entry: enough to replay the list."""
    return {
        "list": entry.kept_id,
        "subject": entry.subject,
        "begins": entry.begins.isoformat(),
        "until": entry.until.isoformat() if entry.until is not None else None,
        "rule": entry.rule_digest,
    }
