"""A subject with a value beyond its bound is judged one by one, exclusions included."""

import datetime

import pytest

from huiqi.findings import BadInput
from huiqi.policies.library import load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.situation import Situation
from huiqi.screening.assess import assess
from huiqi.screening.block_run import BlockRun
from huiqi.screening.situations import block_of

AS_OF = datetime.date(2022, 7, 31)


def textile_firm(premium: int) -> Situation:
    """A firm to which two deferrals of one premium (fen) are open: one excludes the other."""
    facts = {
        "region": "530102",
        "industry": "C17",
        "in_difficulty": True,
        "in_hard_hit_area": True,
        "hit_by_epidemic": True,
    }
    row = {"insurance": "pension", "period_end": AS_OF, "employer_premium": premium}
    return Situation(AS_OF, "enterprise", facts, {"premium": (row,)}, given={"size": "small"})


def test_a_premium_beyond_the_bound_is_deferred_once():
    library = load_library(shipped_policies())
    beyond = library.facts.records["premium"].facts["employer_premium"].most * 100 + 1
    situations = [textile_firm(320_000), textile_firm(beyond)]
    screened = BlockRun(library, AS_OF).run(block_of(situations, library))
    assert screened.one_by_one == 1
    for row, situation in enumerate(situations):
        chosen = {measure.id: amount or 0 for measure, _, amount in assess(library, situation).bundle.chosen}
        counted = {name: int(fen[row]) for name, fen in screened.counted.items() if fen[row]}
        assert counted == {name: amount for name, amount in chosen.items() if amount}
        deferrals = [name for name in counted if name.startswith("social-insurance-deferral")]
        assert len(deferrals) == 1


def test_an_amount_that_no_column_holds_is_told_with_its_subject():
    library = load_library(shipped_policies())
    facts = {"region": "530102", "industry": "H6210"}
    lease = {"landlord": "government", "monthly_rent": 2**62, "months_leased": 12}
    firm = Situation(
        AS_OF, "enterprise", facts, {"lease": (lease,)}, {"risk-county-2022": False}, {"size": "small"}
    )
    with pytest.raises(BadInput, match=rf"rent-waiver comes to {3 * 2**62} fen for the subject of row 7;"):
        BlockRun(library, AS_OF).run(block_of([firm], library, first=7))
