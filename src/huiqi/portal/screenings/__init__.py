"""Screenings of the register started from the site, and the measures with who is entitled in an office's area."""
