"""Database: the vendor lab's own PostgreSQL: it stays while a product runs, and each product has a role of its own."""

from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from poc.lab.postgres import Cluster, DatabaseError, socket_of

#: What a machine that also carries the products can spare. Durability stays as in production.
SETTINGS = {
    "shared_buffers": "256MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
}
#: Who may connect how: the lab as superuser through the socket that only its owner reaches, products by password.
DOORS = "local all postgres trust\nlocal all all scram-sha-256\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Databases:
    """The databases of the products: ``stem`` is where a product works, ``stem_begun`` as it was when all was ready."""

    folder: Path

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return Cluster.runs(self.folder)

    def up(self) -> Cluster:
        """Start the server, or join it; raises DatabaseError."""
        cluster = Cluster.start(self.folder, SETTINGS, stays=True)
        doors = cluster.server.pgdata / "pg_hba.conf"
        if doors.read_text("utf-8") != DOORS:
            doors.write_text(DOORS, "utf-8")
            with psycopg.connect(cluster.uri, autocommit=True) as connection:
                connection.execute("SELECT pg_reload_conf()")
        return cluster

    def socket(self) -> str:
        """Return the folder of the server's socket."""
        return socket_of(self.up().uri)[0]

    def give(self, stem: str, password: str) -> None:
        """Make role and empty database of a product anew."""
        cluster = self.up()
        cluster.drop(_kept(stem))
        cluster.create(stem)
        role, word = sql.Identifier(stem), sql.Literal(password)
        with psycopg.connect(cluster.uri, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (stem,)).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, word))
            connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(role, role))

    def keep(self, stem: str) -> None:
        """Keep a copy of a product's database, whose processes were ended, as it is now."""
        self._copy(stem, _kept(stem))

    def renew(self, stem: str) -> None:
        """Put a product's database back to what was kept; raises DatabaseError when nothing was."""
        if not self.up().exists(_kept(stem)):
            raise DatabaseError(
                f"the database of {stem} is gone, and so is the copy of its beginning: install it again"
            )
        self._copy(_kept(stem), stem)

    def lacks(self, stem: str) -> str:
        """Return what is wrong with a product's database, "" if it can be reached; starts nothing."""
        if not self.running:
            return "the database server of the vendor lab does not run"
        try:
            with psycopg.connect(self.up().url(stem), connect_timeout=5):
                return ""
        except psycopg.Error:
            return f"the database {stem} is gone"

    def drop(self, stem: str) -> None:
        """Take a product's databases and role away."""
        cluster = self.up()
        for name in (stem, _kept(stem)):
            cluster.drop(name)
        with psycopg.connect(cluster.uri, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(stem)))

    def down(self) -> None:
        """Stop the server if it runs, whoever started it."""
        if self.running:
            self.up().end()

    def _copy(self, source: str, name: str) -> None:
        cluster = self.up()
        cluster.create(name, template=source)
        owner = source.removesuffix(_kept("")) if source.endswith(_kept("")) else source
        with psycopg.connect(cluster.uri, autocommit=True) as connection:
            statement = sql.SQL("ALTER DATABASE {} OWNER TO {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(owner)))


def _kept(stem: str) -> str:
    return f"{stem}_begun"
