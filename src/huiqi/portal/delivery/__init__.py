"""Delivery: what a firm is owed reaches it once, exactly, on time, with proof."""
