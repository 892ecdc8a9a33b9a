"""Exit fire-drill: what a bank would leave with: all out of one system, into another, the same questions to both."""
