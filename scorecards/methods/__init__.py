"""Methods: the arithmetic of choosing among alternatives, as functions of plain arrays."""
