"""The official tables, computed from the ledger at a moment, each with the checks that tie it to the transfers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import F, Sum

from huiqi.portal.acts.actors import Actor
from huiqi.portal.fund_watch.moments import Moment, accounts_at
from huiqi.portal.fund_watch.queries import WATCH, accounts_watched
from huiqi.portal.fund_watch.sums import POSTED, sums_at
from huiqi.portal.funds.balances import Figures, Level, levels, percent
from huiqi.portal.funds.models import Account, FundOrderLine, Programme
from huiqi.portal.funds.programmes import superiors
from huiqi.portal.funds.shares import borne_by
from huiqi.reference.money import half_up


@dataclass(frozen=True, slots=True)
class Tie:
    """A check printed on a table: what its lines come to, and what the transfers come to, in fen."""

    name: str
    lines: int
    ledger: int

    @property
    def holds(self) -> bool:
        """Whether both are the same to the fen."""
        return self.lines == self.ledger


@dataclass(slots=True)
class Block:
    """A programme of a year and mark in the monitoring table: its governments, and their sum."""

    programme: Programme
    year: int
    direct: bool
    levels: list[Level]
    total: Figures


@dataclass(slots=True)
class Monitoring:
    """The monitoring table of direct funds: what came, was passed down and paid, by programme and government."""

    blocks: list[Block] = field(default_factory=list)
    total: Figures = field(default_factory=Figures)
    ties: list[Tie] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MatchingLine:
    """What a superior bears of what a government spent, in fen: `spent`, the share due, given until then, still to be
    given (negative: given beyond the share), and what of it stands as advanced."""

    programme: Programme
    year: int
    direct: bool
    region: str
    spent: int
    due: int
    given: int
    advanced: int

    @property
    def to_give(self) -> int:
        """What is still to be given; negative where more was given than is due."""
        return self.due - self.given


@dataclass(slots=True)
class Matching:
    """The settlement table of matching funds."""

    lines: list[MatchingLine] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)

    def sum(self, name: str) -> int:
        """Return the sum of a column."""
        return sum(getattr(each, name) for each in self.lines)


def monitoring_table(actor: Actor, moment: Moment, year: int, direct: bool | None) -> Monitoring:
    """Return the monitoring table of a year's money, of one mark or of both."""
    lookups: dict[str, object] = {"year": year} | ({} if direct is None else {"direct": direct})
    accounts = accounts_at(actor, moment, **lookups)
    series: dict[tuple[int, bool], list[Account]] = defaultdict(list)
    for each in accounts:
        series[each.programme_id, each.direct].append(each)
    table = Monitoring()
    for its in sorted(series.values(), key=lambda rows: (rows[0].programme.code, not rows[0].direct)):
        found = levels(its)
        block = Block(its[0].programme, year, its[0].direct, found, _sum(its))
        table.blocks.append(block)
    table.total = _sum(accounts)
    table.ties = _monitoring_ties(actor, moment, lookups, table)
    return table


def _sum(accounts: Iterable[Account]) -> Figures:
    total = Figures()
    for each in accounts:
        total.add(each)
    return total


def _monitoring_ties(
    actor: Actor, moment: Moment, lookups: Mapping[str, object], table: Monitoring
) -> list[Tie]:
    """Compare the sums of all lines with the transfers themselves, added up by the kind of account."""
    seen = accounts_watched(actor).select_related(None).filter(**lookups).values("pk")
    posted = moment.transfers().filter(stage__in=POSTED).order_by()
    came = dict(posted.filter(credit__in=seen).values_list("credit__kind").annotate(fen=Sum("amount")))
    went = dict(posted.filter(debit__in=seen).values_list("debit__kind").annotate(fen=Sum("amount")))

    def net(kind: str) -> int:
        return int(came.get(kind, 0)) - int(went.get(kind, 0))

    own = [level.own for block in table.blocks for level in block.levels]
    lies = sum(each.free + each.pending for each in own)
    return [
        Tie("appropriated", sum(each.appropriated for each in own), -net("budget")),
        Tie("paid", sum(each.paid for each in own), net("paid")),
        Tie("lies", lies, net("available")),
    ]


def matching_table(actor: Actor, moment: Moment, year: int, direct: bool | None) -> Matching:
    """Return the settlement table: for each government that is given a share, what is due and what was given."""
    marks = [direct] if direct is not None else [True, False]
    table = Matching()
    lines = FundOrderLine.objects.visible_to(actor, WATCH).filter(
        order__kind__in=["advance", "settle"],
        order__state="confirmed",
        order__year=year,
        order__direct__in=marks,
        order__decided_on__lte=moment.day,
    )
    places: dict[tuple[int, bool], set[str]] = defaultdict(set)
    for programme, mark, region in lines.order_by().values_list(
        "order__programme", "order__direct", "region"
    ):
        places[programme, mark].add(region)
    by_number = Programme.objects.for_site("those of the lines that are seen").in_bulk(
        {programme for programme, _mark in places}
    )
    for (number, mark), regions in sorted(
        places.items(), key=lambda pair: (by_number[pair[0][0]].code, not pair[0][1])
    ):
        table.lines += _shares(by_number[number], year, mark, sorted(regions), moment)
    ordered = lines.aggregate(fen=Sum(F("amount") - F("back")))["fen"] or 0
    table.ties = [Tie("given", table.sum("given"), int(ordered))]
    return table


def _shares(
    programme: Programme, year: int, direct: bool, regions: list[str], moment: Moment
) -> list[MatchingLine]:
    series = {"year": year, "direct": direct}
    spent: dict[str, int] = defaultdict(int)
    rows = Account.objects.for_site("what lower levels spent is what the share is of")
    theirs = rows.filter(programme__in=borne_by(programme), kind="paid", **series)
    numbers = dict(theirs.values_list("pk", "region"))
    for number, sums in sums_at(moment.day, moment.last, pk__in=list(numbers)).items():
        for region in superiors(numbers[number]):
            spent[region] += sums.net
    given: dict[str, int] = defaultdict(int)
    moved = moment.transfers().filter(
        purpose__in=["advance", "settle"],
        stage="posted",
        debit__programme=programme,
        debit__kind="available",
        credit__kind="available",
        **{f"debit__{name}": value for name, value in series.items()},
    )
    for side, other, sign in (("credit", "debit", 1), ("debit", "credit", -1)):
        way = {f"{side}__region__in": regions, f"{other}__region": programme.region}
        for each in moved.filter(**way).order_by().values(f"{side}__region").annotate(fen=Sum("amount")):
            given[each[f"{side}__region"]] += sign * each["fen"]
    standing = dict(
        rows.filter(programme=programme, kind="advanced", region__in=regions, **series).values_list(
            "pk", "region"
        )
    )
    advanced: dict[str, int] = defaultdict(int)
    for number, sums in sums_at(moment.day, moment.last, pk__in=list(standing)).items():
        advanced[standing[number]] += sums.net
    return [
        MatchingLine(
            programme,
            year,
            direct,
            region,
            spent[region],
            half_up(programme.share * spent[region]),
            given[region],
            advanced[region],
        )
        for region in regions
    ]


def rate_of(figures: Figures) -> str:
    """Return what was paid of what came, in per cent."""
    return percent(figures.paid, figures.funds)
