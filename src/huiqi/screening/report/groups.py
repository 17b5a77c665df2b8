"""The push list's groups: what each row in play asks of whom before the firm has its due."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huiqi.rules.columns.judge import ORDER
from huiqi.rules.verdicts import ELIGIBLE, LIKELY
from huiqi.screening.assess import COUNTED
from huiqi.screening.report.measure_texts import MeasureTexts

PAY, TELL, CONFIRM, ASK, ASIDE = range(5)
GROUPS = ("pay", "tell", "confirm", "ask", "aside")
TITLES = {
    "pay": "可直接兑付",
    "tell": "符合，告知办理",
    "confirm": "只需确认",
    "ask": "须补充信息",
    "aside": "计为零",
}
ENGLISH = {
    "pay": "can be paid without asking",
    "tell": "eligible; to be told how to claim it",
    "confirm": "only a declaration or a decision is open",
    "ask": "must give which fact",
    "aside": "nothing due: gives way to another measure, or comes to nought",
}
ABOUT = {
    "pay": "符合条件、金额已定、免申即享的发放或减免",
    "tell": "符合条件，须按规定程序申请、申报、备案、审批，或不涉及金额",
    "confirm": "其余条件均已满足，只待企业申明或部门认定",
    "ask": "尚缺信息，不能判定或不能算出金额",
    "aside": "与其他措施不得重复享受而让位，或按公式算得 0 元",
}


def groups_of(
    texts: MeasureTexts,
    rule: NDArray[np.int32],
    verdict: NDArray[np.int8],
    known: NDArray[np.bool_],
    counted: NDArray[np.int64],
) -> NDArray[np.int8]:
    """Return the group of each row: eligible, likely or undetermined rows; `counted` is fen after exclusions."""
    has_amount = np.array([each.amount is not None for each in texts.rules], dtype=np.bool_)[rule]
    pays = np.array(
        [each.delivery == "automatic" and each.amount_is in COUNTED for each in texts.rules], dtype=np.bool_
    )[rule]
    made = np.full(len(rule), ASK, dtype=np.int8)
    made[verdict == ORDER.index(LIKELY)] = CONFIRM
    eligible = verdict == ORDER.index(ELIGIBLE)
    made[eligible & ~has_amount] = TELL
    settled = eligible & has_amount & known
    made[settled] = TELL
    made[settled & pays] = PAY
    made[settled & (counted == 0)] = ASIDE
    return made
