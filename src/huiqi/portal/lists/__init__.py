"""Lists (名单、台账、库): who is on them, since when, why, and what being on them opens."""
