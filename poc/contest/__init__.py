"""Contest: products of others beside the reference CRM: the same bank, the same questions, the same rates."""
