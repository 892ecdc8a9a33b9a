"""pressure: load tests that somebody orders by hand: given, carried out, watched, told and drawn."""
