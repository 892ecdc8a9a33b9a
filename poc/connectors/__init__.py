"""connectors: how is each system on trial spoken to?"""
