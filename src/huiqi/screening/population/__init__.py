"""Populations that are made up: a plausible one of a region to try on, and one that proves both readings equal.

Nothing here is about a real firm. Names, codes and figures are drawn; every output says `synthetic`.
"""
