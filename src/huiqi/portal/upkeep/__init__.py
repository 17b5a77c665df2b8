"""Keeping a site: its backup, its restoration, and what is wrong with an installation."""
