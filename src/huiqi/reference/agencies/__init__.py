"""Offices by the names that official texts print, resolved to one name of a registry."""

from huiqi.reference.agencies.places import Place
from huiqi.reference.agencies.registry import Agency, resolve

__all__ = ["Agency", "Place", "resolve"]
