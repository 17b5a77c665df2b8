"""Template tags of the screenings."""
