"""migrate(): brings a database from any earlier state, or from empty, to the newest one."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade the database at ``url`` (its owner's) to a revision."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.begin() as connection:
            command.upgrade(configuration(connection), revision)
    finally:
        engine.dispose()


def configuration(connection: object) -> Config:
    """Return Alembic's configuration over an open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; a failure is one line."""
    parser = argparse.ArgumentParser(prog="migrate", description="Bring a database of the reference CRM up to date.")
    parser.add_argument("--database-url", required=True, help="URL of the database, as its owner")
    given = parser.parse_args(arguments)
    try:
        migrate(given.database_url)
    except SQLAlchemyError as fault:
        reason = str(getattr(fault, "orig", None) or fault).strip().splitlines()[0]
        sys.stderr.write(f"migration failed: {reason}. Check --database-url and the rights of its user.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
