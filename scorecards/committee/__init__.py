"""Committee: people who decide together: who they are, what they said and when, and how far they agree."""
