"""Payments: batches, the bank's file out, its statement back, what fits nothing, recovery; the ledger is `funds`."""
