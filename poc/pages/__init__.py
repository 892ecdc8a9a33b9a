"""pages: what the committee, the architect and the manager see; drawn here, worked out elsewhere."""
