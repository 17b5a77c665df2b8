"""Personal values at rest: encrypted in their own columns, looked up by keyed digest, masked by role, erasable."""
