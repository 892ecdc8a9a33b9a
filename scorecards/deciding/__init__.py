"""Deciding: from ratings and a weighting to who leads, how surely, and what would change it."""
