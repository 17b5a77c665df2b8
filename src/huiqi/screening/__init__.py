"""Who is owed what: one firm against every measure."""
