"""Faults: what is wrong with a bank folder or with what was asked of it, in one line with its remedy."""


class FolderError(ValueError):
    """A bank folder that cannot be made, read or exported as asked; the message names the thing and the remedy."""
