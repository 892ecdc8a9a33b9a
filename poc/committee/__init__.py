"""Committee: where people who decide together keep what they said, sealed and signed, and read it back."""
