"""Reference CRM: a small bank CRM reached over HTTPS like any vendor's; it plays away and imports nothing of ours."""
