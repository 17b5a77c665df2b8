"""The fund ledger: every fen from the budget to the firm, as immutable balanced transfers that the database holds."""
