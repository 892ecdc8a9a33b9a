"""Domain: the bank's rules as pure functions; no network, no database, no clock of their own."""
