"""A line judged once more by what is known today: for changed facts, a reviewer who keeps it, and an objection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.delivery.claims import claim, release
from huiqi.portal.delivery.judging import Judged, MeasureJudge, Owed
from huiqi.portal.delivery.models import Line, Run
from huiqi.portal.firms.models import Firm
from huiqi.portal.firms.outside import outside_claims
from huiqi.portal.payments.payees import keys


@dataclass(frozen=True, slots=True)
class Anew:
    """How a line comes out now: what it is owed, None where nothing; `verdict` of the firm."""

    verdict: str
    owed: Owed | None


class Judges:
    """Judges firms for one run, on the run's day, by what the register says of them now."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._judge: MeasureJudge | None = None

    def of(self, lines: Sequence[Line]) -> Iterator[tuple[Line, Anew]]:
        """Yield each line with how it comes out; its firm is to be read already."""
        judged = self.firms({each.firm_id: each.firm for each in lines}.values())
        for line in lines:
            found = judged[line.firm_id]
            owed = next((each for each in found.owed if each.record == line.record), None)
            yield line, Anew(found.verdict if owed is not None or not found.owed else "record-gone", owed)

    def firms(self, firms: Iterable[Firm]) -> dict[int, Judged]:
        """Return how firms come out, by key."""
        judge = self._judge
        if judge is None:
            judge = self._judge = MeasureJudge(library(), self._run.measure, self._run.as_of, keys())
        wanted = list(firms)
        outside = outside_claims(wanted, self._run.as_of, judge.reads.facts | judge.reads.lists)
        return {each.pk: judge.judged(each, outside.get(each.pk, {})) for each in wanted}


def judged_for(run: Run, firm: Firm) -> Judged:
    """Judge a firm for a run by what is known now."""
    return Judges(run).firms([firm])[firm.pk]


def anew(line: Line) -> Anew:
    """Judge a line by what is known now."""
    return next(Judges(line.run).of([line]))[1]


def differs(line: Line, now: Anew) -> bool:
    """Whether a line rests on other facts, or comes to another amount, than it would now."""
    if now.owed is None or now.owed.amount != line.amount:
        return True
    return _values(line.facts) != _values(now.owed.facts)


def put(line: Line, owed: Owed) -> None:
    """Let a line rest on what it is owed now: claims, caps and exclusions are taken anew. The caller saves it.

    Raises Refused where another line has the entitlement, or a cap leaves no room.
    """
    release([line])
    line.amount, line.facts, line.derivation = owed.amount, list(owed.facts), dict(owed.derivation)
    line.taken_by = None
    hold(line)


def hold(line: Line) -> None:
    """Claim what a saved line is to have. Raises Refused where it cannot."""
    if not claim([line]):
        return
    raise Refused(
        "这项权益已在别处享受，或已达上限",
        why=line.reason,
        mend="请核对已享受的明细；确属重复的不予发放",
        code="line-taken-elsewhere",
    )


def _values(facts: list[dict[str, str]]) -> list[tuple[str, str]]:
    return sorted((each["fact"], each["value"]) for each in facts)
