"""papers: a load run in the formats that other tools read."""
