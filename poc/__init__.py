"""poc: which systems are on trial, and who is looking?"""
