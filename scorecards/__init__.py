"""scorecards: what is that worth to us, and how sure are we?"""
