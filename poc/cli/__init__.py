"""cli: the door for those who type."""

from poc.cli.door import main

__all__ = ["main"]
