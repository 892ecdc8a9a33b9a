"""Routes: HTTP in, HTTP out and no rules of business; one file a noun."""
