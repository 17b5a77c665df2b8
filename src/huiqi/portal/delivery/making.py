"""A piece of a run's lines, made of what the screening found: the entitled of now with what they are owed, and who is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.accounts.models import prefix
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.delivery.comparing import Earlier
from huiqi.portal.delivery.judging import Judged, MeasureJudge, Owed
from huiqi.portal.delivery.models import LeftOut, Line, Run
from huiqi.portal.delivery.narrow_firms import narrow_firms
from huiqi.portal.delivery.screened import Row
from huiqi.portal.firms.models import FactChange, Firm
from huiqi.portal.firms.outside import Claims, outside_claims
from huiqi.portal.keys import encryption_keys
from huiqi.rules.verdicts import ELIGIBLE, INELIGIBLE

CHECKED_BY_BOTH = 200
"""Of so many firms whose amount the screening gave, one is judged by the other engine too."""


@dataclass(slots=True)
class Piece:
    """Lines and reasons of a stretch of firms; how many were judged, and how many came out otherwise than screened."""

    lines: list[Line] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    judged: int = 0
    differ: int = 0


class Maker:
    """Makes the lines of a run; keeps what all pieces share."""

    def __init__(self, run: Run, rules: PolicyLibrary | None = None) -> None:
        self.run = run
        self.rules = rules or library()
        self.judge = MeasureJudge(self.rules, run.measure, run.as_of, encryption_keys(settings.DATA))
        variants = self.rules.by_id[run.measure]
        self.digests = {each.region: each.digest for each in variants}
        said: Mapping[str, str] = run.screening.manifest.get("rules", {}) if run.screening else {}
        # Under other rules nothing that was screened is taken over.
        self.same_rules = all(said.get(f"{each.id}@{each.region}") == each.digest for each in variants)
        self.wanted = self.judge.reads.facts | self.judge.reads.lists

    def piece(self, rows: Iterable[Row], earlier: Earlier) -> Piece:
        """Return the lines of some firms that the screening found entitled."""
        rows = list(rows)
        numbers = [each.pk for each in rows]
        firms = narrow_firms(numbers, self.wanted, self.judge.reads.records)
        outside = outside_claims(firms.values(), self.run.as_of, self.wanted)
        changed = self._changed(numbers)
        made = Piece()
        for place, row in enumerate(rows):
            firm = firms.get(row.pk)
            if firm is None or not firm.region.startswith(prefix(self.run.region)):
                made.left_out.append(self._left_out(row, "gone", {}))
                continue
            self._one(made, row, firm, outside.get(row.pk, {}), row.pk in changed, place, earlier)
        return made

    def _one(
        self,
        made: Piece,
        row: Row,
        firm: Firm,
        outside: Claims,
        has_changed: bool,
        place: int,
        earlier: Earlier,
    ) -> None:
        owed: tuple[Owed, ...] = ()
        taken = None
        if self.same_rules and not has_changed and row.alone and row.amount is not None:
            taken = self.judge.as_screened(firm, outside, row.variant, row.amount)
        variant = row.variant
        if taken is not None and place % CHECKED_BY_BOTH:
            if not taken.amount:
                made.left_out.append(self._left_out(row, "nothing", {"verdict": ELIGIBLE}))
                return
            owed = (taken,)
        else:
            judged = self.judge.judged(firm, outside)
            made.judged += 1
            owed, variant = judged.owed, judged.measure.region
            if not owed:
                made.left_out.append(self._why(row, judged))
                # Nothing due, or an amount not known, is what the screening said too.
                said = 0 if judged.verdict == ELIGIBLE else None
                made.differ += row.amount != said
                return
        differs = sum(each.amount for each in owed) != row.amount
        made.differ += differs
        for each in owed:
            made.lines.append(self._line(firm, each, variant, differs, earlier))

    def _line(self, firm: Firm, owed: Owed, variant: str, differs: bool, earlier: Earlier) -> Line:
        before, change = earlier.of(firm.pk, owed.record, owed.amount)
        return Line(
            run=self.run,
            firm=firm,
            county=firm.region,
            record=owed.record,
            period=self.run.period,
            amount=owed.amount,
            rule_digest=self.digests.get(variant, self.run.rule_digest),
            facts=owed.facts,
            derivation=owed.derivation,
            account=self.run.rules["accounts"][0],
            before=before,
            change=change,
            marks="differs" if differs else "",
        )

    def _why(self, row: Row, judged: Judged) -> LeftOut:
        why = {ELIGIBLE: "nothing", INELIGIBLE: "changed", "excluded": "changed"}.get(
            judged.verdict, "unknown"
        )
        return self._left_out(row, why, judged.details)

    def _left_out(self, row: Row, why: str, details: Mapping[str, object]) -> LeftOut:
        return LeftOut(
            run=self.run,
            firm_id=row.pk,
            county=row.county,
            amount=row.amount,
            why=why,
            details=dict(details),
        )

    def _changed(self, numbers: list[int]) -> frozenset[int]:
        """Return the firms of which something changed after the screening began to read."""
        assert self.run.screening is not None
        since = self.run.screening.register.get("change_before", 0)
        changes = FactChange.objects.for_site("what changed after the screening").filter(pk__gt=since)
        return frozenset(changes.filter(firm_id__in=numbers).values_list("firm_id", flat=True))
