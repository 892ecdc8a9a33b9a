"""Business: what a choice returns and costs, and how sure that is; kept apart from how good the product is."""
