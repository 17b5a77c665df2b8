"""Rosters as they come (CSV, workbooks, Parquet, folders) read into a prepared population, nothing dropped silently."""
