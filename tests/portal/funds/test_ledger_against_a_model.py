"""The ledger against a small model in memory: random transfers, retries, reorderings, crashes and expiries."""

import pytest
from own_sites import new_site

TRIAL = """
import ledger_model
print(json.dumps(ledger_model.trial(int(sys.argv[1]), int(sys.argv[2]))))
"""
OPERATIONS = 20_000
LONG = 100_000


def trial(folder, operations, seed):
    return new_site(folder).python(TRIAL, operations, seed, seconds=60 * 60)


def test_the_ledger_does_what_the_model_does(tmp_path):
    outcomes = trial(tmp_path, OPERATIONS, seed=7)
    # The trial is worth something only if every kind of end was met often.
    assert set(outcomes) == {"", "key", "limit", "resolves", "time", "amount", "reverses"}
    assert min(outcomes.values()) > 20, outcomes
    assert sum(outcomes.values()) == OPERATIONS


@pytest.mark.long
def test_the_ledger_does_what_the_model_does_for_long(tmp_path):
    assert sum(trial(tmp_path, LONG, seed=8).values()) == LONG
