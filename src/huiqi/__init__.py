"""Huiqi (惠企): SME-relief policy that executes, from the clause to the verdict."""

__version__ = "0.1.0"
