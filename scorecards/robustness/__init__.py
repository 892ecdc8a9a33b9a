"""Robustness: how sure a ranking is, and what would change it."""
