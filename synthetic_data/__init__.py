"""synthetic_data: what bank is it, and what is true of it?"""
