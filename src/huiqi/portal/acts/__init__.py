"""Business acts (业务动作): permission, lock, guard, change and event in one transaction (DESIGN principle 6)."""
