"""Pictures: the figures of the pages as still pictures for paper, drawn from the same description."""
