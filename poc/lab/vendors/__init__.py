"""Vendors: products of others, unmodified, each in a place of its own on this machine, told by a recipe of data."""
