"""lab: the machine room: an embedded PostgreSQL, a certificate authority, and services started as processes."""
