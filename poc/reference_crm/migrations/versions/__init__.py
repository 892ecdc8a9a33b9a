"""Versions: one file a step; the number in the file name is its place."""
