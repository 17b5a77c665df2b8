"""The clock: the one source of deadlines and rhythms, each explained day by day."""
