"""Audits: how near a generated bank is to what is published about real ones."""
