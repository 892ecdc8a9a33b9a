"""Stand-ins: what vendors' documents promise, spoken over HTTP on loopback; never the vendors, and never shown as such.

They exist so that connectors and load tests for clouds can be tried where no cloud can be reached.
"""
