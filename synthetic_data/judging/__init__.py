"""Judging: what an answer of a CRM, a model or a rule is worth against the sealed truth."""
