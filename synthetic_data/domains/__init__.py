"""Domains: what is grown on a cell of customers, each domain by itself."""
