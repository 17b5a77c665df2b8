"""Background jobs without a broker: a table, claims, retries, progress; and what is due every day."""
