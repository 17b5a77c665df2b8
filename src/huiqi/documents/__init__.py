"""Official texts as clauses: where a cited sentence stands."""
