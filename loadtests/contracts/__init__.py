"""contracts: what published quotas of CRM vendors mean for a day of a bank: which screen stalls, and when."""
