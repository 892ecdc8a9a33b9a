"""Migrations: the database from empty to today, step by step (Alembic)."""
