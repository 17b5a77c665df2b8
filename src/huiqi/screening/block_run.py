"""One block through every measure: verdicts, amounts, what exclusions leave, and rows that only the scalar reading holds."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from huiqi.findings import BadInput, Finding
from huiqi.policies.library import PolicyLibrary
from huiqi.rules.columns.frame import Block, Bools, Codes, Frame
from huiqi.rules.columns.judge import ORDER
from huiqi.rules.reasons import MissingFact
from huiqi.rules.verdicts import ELIGIBLE, LIKELY
from huiqi.screening.assess import RECEIPTS, assess, judge_one
from huiqi.screening.columns import ScreenedMeasure, Screener
from huiqi.screening.exclusions import Rival, kept, rivalries
from huiqi.screening.situations import completed, situation_of

_ELIGIBLE = ORDER.index(ELIGIBLE)
_MOST_FEN = 2**63 - 1


@dataclass(slots=True)
class ScreenedBlock:
    """Every measure for the subjects of a block. Money is fen.

    `counted` holds for each measure what is left after exclusions of what is surely owed; `lacking` the missing facts
    of rows that were judged one by one.
    """

    block: Block
    frame: Frame
    measures: list[ScreenedMeasure]
    counted: dict[str, NDArray[np.int64]]
    one_by_one: int
    excluded_one_by_one: int
    lacking: dict[tuple[str, int], frozenset[MissingFact]] = field(default_factory=dict)
    beyond: Bools | None = None
    """The subjects judged one by one; what columns say of their records means nothing."""

    def release(self) -> None:
        """Let go of the block: its frames point at each other and would stay until Python looks for circles."""
        self.frame.records.clear()


class BlockRun:
    """Screens blocks for one day; safe to share between threads."""

    def __init__(self, library: PolicyLibrary, as_of: datetime.date, claims_of: Collection[str] = ()) -> None:
        self.library = library
        self.as_of = as_of
        self.screener = Screener(library, as_of, claims_of)
        self.rivalries = rivalries(library.measures)
        self.capped = {each.id for each in library.measures if each.caps}

    def run(self, block: Block) -> ScreenedBlock:
        """Return the block screened."""
        block = completed(block, self.library, self.as_of)
        frame, measures = self.screener.screen(block)
        made = ScreenedBlock(block, frame, measures, {}, 0, 0)
        self._judge_beyond(made, measures)
        self._count(made, measures)
        self._exclude(made)
        return made

    def run_after(self, earlier: ScreenedBlock, changed: Collection[str]) -> ScreenedBlock:
        """Return the block of `earlier` by these rules, which differ from those it was screened by only in `changed`.

        `changed` holds measures, with both sides of an exclusion that only one of the two libraries has. The others are
        taken over. The earlier verdicts and amounts still stand after this; nothing more can be asked about them.
        """
        frame = earlier.frame
        for each in (frame, *frame.records.values()):
            if each is not None:
                each.remembered.clear()
        standing = {each.id: each for each in earlier.measures if each.id not in changed}
        names = sorted(self.library.by_id)
        anew = {name: self.screener.screen_measure(name, frame) for name in names if name not in standing}
        made = ScreenedBlock(
            earlier.block, frame, [standing.get(name) or anew[name] for name in names], {}, 0, 0
        )
        self._judge_beyond(made, list(anew.values()))
        if any(name in anew for _, names_of, _ in self.rivalries for name in names_of):
            self._count(made, made.measures)
            self._exclude(made)
        else:
            made.counted.update({name: earlier.counted[name] for name in standing})
            self._count(made, list(anew.values()))
        return made

    def _count(self, made: ScreenedBlock, measures: list[ScreenedMeasure]) -> None:
        for each in measures:
            certain = (each.verdict == _ELIGIBLE) & each.known
            made.counted[each.id] = np.where(certain, each.amount, 0)

    def _judge_beyond(self, made: ScreenedBlock, measures: list[ScreenedMeasure]) -> None:
        """Judge one by one the subjects with a value beyond its bound."""
        made.beyond = self.screener.beyond_bounds(made.frame)
        rows = np.flatnonzero(made.beyond)
        made.one_by_one = len(rows)
        for row in rows.tolist():
            situation = situation_of(made.block, row, self.library, self.as_of)
            for each in measures:
                judgement = judge_one(self.library, each.id, situation)
                granted = judgement.verdict in (ELIGIBLE, LIKELY)
                each.verdict[row] = ORDER.index(judgement.verdict)
                amount = judgement.amount if granted else None
                if amount is not None and amount > _MOST_FEN:
                    raise _too_much(each.id, made.block.first + row, amount)
                each.known[row] = amount is not None
                each.amount[row] = amount or 0
                applies = judgement.measure in each.variants and judgement.verdict != ORDER[-1]
                each.variant[row] = each.variants.index(judgement.measure) if applies else -1
                made.lacking[(each.id, row)] = judgement.missing | judgement.needs

    def _exclude(self, made: ScreenedBlock) -> None:
        by_id = {each.id: each for each in made.measures}
        aside = np.zeros(made.frame.rows, dtype=np.bool_)
        self._set_aside_receipts(made, by_id, aside)
        for level, names, pairs in self.rivalries:
            present = [by_id[name] for name in names if name in by_id]
            claimed = sum(((each.verdict == _ELIGIBLE).astype(np.int8) for each in present), np.int8(0))
            contested = np.asarray(claimed > 1)
            if not contested.any():
                continue
            if made.beyond is not None:
                aside |= contested & made.beyond
            if not level.startswith("record ") or self.capped & set(names):
                aside |= contested
                continue
            self._exclude_on_records(made, level.removeprefix("record "), present, pairs)
        rows = np.flatnonzero(aside)
        made.excluded_one_by_one = len(rows)
        for row in rows.tolist():
            self._bundle_of(made, row)

    def _set_aside_receipts(
        self, made: ScreenedBlock, by_id: dict[str, ScreenedMeasure], aside: Bools
    ) -> None:
        """Set aside the subjects that are owed a measure and have received one that it excludes."""
        receipts = made.frame.records.get(RECEIPTS)
        if receipts is None or receipts.index is None or not receipts.rows:
            return
        received = receipts.column("measure", True)
        if not isinstance(received, Codes):
            return
        for _, _, pairs in self.rivalries:
            for one, other in sorted(pairs):
                for owed, had in ((one, other), (other, one)):
                    table = np.array([word == had for word in received.words] + [False], dtype=np.bool_)
                    firms = receipts.index[table[received.codes]]
                    if owed in by_id and len(firms):
                        aside[firms] |= by_id[owed].verdict[firms] == _ELIGIBLE

    def _exclude_on_records(
        self,
        made: ScreenedBlock,
        record: str,
        present: list[ScreenedMeasure],
        pairs: frozenset[tuple[str, str]],
    ) -> None:
        rows = made.frame.records.get(record)
        if rows is None or not rows.rows or rows.index is None:
            return
        rivals: list[Rival] = []
        lacking: list[Bools] = []
        for each in present:
            without_amount = np.zeros(rows.rows, dtype=np.bool_)
            claimed = np.zeros(rows.rows, dtype=np.bool_)
            worth = np.zeros(rows.rows, dtype=np.int64)
            for where, _, columns in each.of_variants:
                claims = columns.claims
                if claims is None or claims.frame is not rows:
                    continue
                here = (claims.verdict == _ELIGIBLE) & (where & (each.verdict == _ELIGIBLE))[rows.index]
                claimed |= here
                if claims.amount is not None and claims.known is not None:
                    worth[here] = claims.amount[here]
                    without_amount |= here & ~claims.known
            lacking.append(without_amount)
            rivals.append(Rival(each.variants[0], claimed, worth))
        firms, begins = rows.segments()
        stay = kept(rivals, pairs)
        for each, rival, stays, unknown in zip(present, rivals, stay, lacking, strict=True):
            total = np.zeros(made.frame.rows, dtype=np.int64)
            total[firms] = np.add.reduceat(np.where(stays, rival.worth, 0), begins)
            lost = np.zeros(made.frame.rows, dtype=np.bool_)
            lost[firms] = np.logical_or.reduceat(rival.claimed & ~stays, begins)
            if made.beyond is not None:
                lost &= ~made.beyond
            # What gives way need not be known; what stays must be.
            left_open = np.zeros(made.frame.rows, dtype=np.bool_)
            left_open[firms] = np.logical_or.reduceat(stays & unknown, begins)
            counted = made.counted[each.id]
            counted[lost] = np.where(left_open[lost], 0, total[lost])

    def _bundle_of(self, made: ScreenedBlock, row: int) -> None:
        """Take the exact bundle of one subject, where an exclusion stands under a cap, a person or a receipt."""
        situation = situation_of(made.block, row, self.library, self.as_of)
        chosen = assess(self.library, situation).bundle.chosen
        amounts = {measure.id: amount or 0 for measure, _, amount in chosen}
        for each in made.measures:
            made.counted[each.id][row] = amounts.get(each.id, 0)


def _too_much(measure: str, row: int, fen: int) -> BadInput:
    what = f"{measure} comes to {fen} fen for the subject of row {row}"
    why = "no column of results holds so much, and no such amount is true"
    mend = "look for a wrong figure among the values of this subject"
    return BadInput([Finding("", 0, f"firm {row}", "amount-too-great", what, why, mend)])
