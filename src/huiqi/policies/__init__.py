"""Folders of measures, stacked by region: load them, choose what is in force, bind them to clauses."""
