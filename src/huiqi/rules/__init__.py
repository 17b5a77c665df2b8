"""The rule language: read, type, evaluate with reasons, render and check one measure."""
