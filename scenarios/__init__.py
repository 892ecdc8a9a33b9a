"""scenarios: what is asked of a CRM, and what was seen?"""
