"""Gauge: what a PostgreSQL database counts of itself, read over one connection that stays open."""

from collections.abc import Mapping

import psycopg

#: What the database counts since it began, and how many of its sessions are at work or wait for a lock at this moment.
COUNTS = """
SELECT d.xact_commit, d.xact_rollback, d.blks_hit, d.blks_read,
       count(*) FILTER (WHERE a.state = 'active'),
       count(*) FILTER (WHERE a.wait_event_type = 'Lock')
  FROM pg_stat_database d
  LEFT JOIN pg_stat_activity a ON a.datname = d.datname AND a.pid <> pg_backend_pid()
 WHERE d.datname = current_database()
 GROUP BY 1, 2, 3, 4
"""
#: Seconds that a look may take before it is given up: nobody waits for a database that has come to a stop.
PATIENCE = 2


class DatabaseGauge:
    """Looks at the database of a URL; whatever hinders a look leaves it empty, since unknown is not 0."""

    def __init__(self, url: str) -> None:
        """Prepare; the connection is made at the first look."""
        self._url = url
        self._line: psycopg.Connection | None = None

    def __call__(self) -> Mapping[str, float]:
        """Return commits, rolled_back, hit and read (blocks) since it began, active and waiting sessions as of now."""
        try:
            if self._line is None or self._line.closed:
                self._line = self._opened()
            row = self._line.execute(COUNTS).fetchone()
        except psycopg.Error:
            self.close()
            return {}
        names = ("commits", "rolled_back", "hit", "read", "active", "waiting")
        return {} if row is None else {name: float(value) for name, value in zip(names, row, strict=True)}

    def _opened(self) -> psycopg.Connection:
        options = f"-c statement_timeout={PATIENCE * 1000} -c application_name=touchstone-gauge"
        return psycopg.connect(self._url, autocommit=True, connect_timeout=PATIENCE, options=options)

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None
