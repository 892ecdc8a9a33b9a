"""arithmetic: what load measurements prove, and what they do not; pure functions, tried on published numbers."""
