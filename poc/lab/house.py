"""House: the lab as a whole: one PostgreSQL, one authority, and as many reference CRMs as a trial needs, each its own.

A reference CRM gets a database of its own (a copy of a migrated template, made in a tenth of a second), keys of its own
and a process of its own. Weakened copies (mutants) start through another module, which no deployed service has.
"""

import base64
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import psycopg

from poc.lab.authority import Identity, identity, new_pair
from poc.lab.machines import AUTHORITY, machines
from poc.lab.postgres import SETTINGS, Cluster, DatabaseError, tool
from poc.lab.receivers import RECEIVER_HOST, receivers
from poc.lab.service import Service, free_port, refuse_if_taken
from poc.lab.stores import aside
from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.crypto import KEY_ID
from poc.reference_crm.vaulted import STORES
from poc.settings import Inside

#: The database that new ones are copied from.
TEMPLATE = "touchstone_template"


def database_of(name: str) -> str:
    """Return the name of the database in which a reference CRM of the lab keeps its data."""
    return "crm_" + re.sub(r"[^a-z0-9]+", "_", name.lower())[:40]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenancy:
    """A running reference CRM: where it is, whom it trusts, and the secret of its first administrator."""

    name: str
    service: Service
    authority: Path
    admin_password: str
    database_url: str
    machine_url: str
    mutants: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Return the address."""
        return self.service.url


@dataclass(slots=True)
class House:
    """Everything that runs on this machine for a trial; leaving the with block ends it all.

    ``way`` makes of a database's URL the one that services reach it by; ``around`` is added to their environment.
    """

    folder: Path
    cluster: Cluster
    papers: Identity
    receivers: Path
    machines: Path
    way: Callable[[str], str] = str
    around: Mapping[str, str] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)
    _migrated: bool = False

    @classmethod
    def open(cls, folder: Path, settings: Mapping[str, str] = SETTINGS) -> "House":
        """Start (or join) the lab whose data lives in ``folder``, its PostgreSQL set so; raises DatabaseError."""
        papers = folder / "authority"
        cluster = Cluster.open(folder / "postgres", settings=settings)
        return cls(folder, cluster, identity(papers), receivers(papers), machines(papers))

    def reference(
        self,
        name: str,
        *,
        mutants: Sequence[str] = (),
        port: int | None = None,
        trial_clock: bool = True,
        keep: bool = False,
        processes: int = 1,
    ) -> Tenancy:
        """Start a reference CRM with an empty database (``keep``: with the one it had, and its keys).

        So many ``processes`` share its work.

        Raises ServiceError when the port is taken or the service does not get ready, DatabaseError when its
        database cannot be made.
        """
        database = database_of(name)
        keys = self._keys(database, fresh=not keep)
        if port is not None:
            refuse_if_taken(port)
        self._template()
        if not (keep and self.cluster.exists(database)):
            self.cluster.create(database, template=TEMPLATE)
            self.checkpoints(name).unlink(missing_ok=True)
        return self._started(name, database, keys, mutants, port, trial_clock, processes)

    def copy(self, name: str, of: str) -> None:
        """Give a reference CRM a copy of another's database: data, users and keys as they are at this moment.

        The other one must be stopped, since PostgreSQL copies only what nobody uses. Raises DatabaseError.
        """
        source, database = database_of(of), database_of(name)
        if not self.cluster.exists(source):
            raise DatabaseError(f"there is no database {source} to copy: start and seed {of} first")
        self._keep_keys(database, self._keys(source, fresh=False))
        self.cluster.create(database, template=source)
        self.checkpoints(name).unlink(missing_ok=True)

    def checkpoints(self, name: str) -> Path:
        """Return the file in which a reference CRM seals its audit trail, outside its database."""
        return self.folder / "checkpoints" / f"{database_of(name)}.jsonl"

    def bank_key(self, name: str) -> Path:
        """Return the file in which the bank holds the key of a reference CRM, outside its database and its folder.

        The bank of a lab has one key pair, and each reference CRM a copy that can be taken away from it alone.
        """
        folder = self.folder / "bank"
        own, pair = folder / f"{database_of(name)}.pem", folder / "pair.pem"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not pair.exists():
            _keep_secret(pair, new_pair())
        taken = aside(own)
        if taken.exists():  # by a bench that died before it could put it back
            taken.replace(own)
        if not own.exists():
            _keep_secret(own, pair.read_bytes())
        return own.absolute()

    def inside(self, name: str) -> Inside:
        """Return the access behind the interface of a reference CRM of this lab; files only of our own server."""
        log = self.folder / "logs" / f"{database_of(name)}.log"
        folders = {"log": log, "files of the service": self.checkpoints(name).parent}
        own = self.cluster.server is not None
        url = urlsplit(self.cluster.url(database_of(name)))
        return Inside(
            database="" if url.password else url.geturl(),
            pg_dump=tool("pg_dump"),
            data=Path(self.cluster.server.pgdata) if own else None,
            folders={store: path.absolute() for store, path in folders.items()},
            table="customers",
            ciphertexts=("sealed",),
            indexes=tuple(f"{field}_index" for field in CUSTOMERS.indexed),
            encrypted=tuple(f"{store.table}.{name}" for store in STORES for name in store.columns),
            mark_bytes=KEY_ID,
            bank_key=self.bank_key(name),
        )

    def tidy(self, name: str) -> None:
        """Tidy the database of a reference CRM after a bulk load."""
        self.cluster.tidy(database_of(name))

    def expire(self, name: str, username: str) -> None:
        """Make all sessions of a user of a reference CRM run out, as if a day had passed without a request.

        Raises DatabaseError when there are none: the CRM then runs in another lab.
        """
        database = database_of(name)
        statement = "UPDATE sessions SET last_seen_at = now() - interval '1 day' WHERE username = %s"
        if self.cluster.exists(database):
            with psycopg.connect(self.cluster.url(database)) as connection:
                if connection.execute(statement, (username,)).rowcount:
                    return
        raise DatabaseError(f"{self.folder} has no session of {username} in {name}: it is served from another lab")

    def _started(
        self,
        name: str,
        database: str,
        keys: tuple[str, str],
        mutants: Sequence[str],
        port: int | None,
        trial_clock: bool,
        processes: int = 1,
    ) -> Tenancy:
        url, machine_port = self.cluster.url(database), free_port()
        service = Service.start(
            name,
            "poc.mutants.serve" if mutants else "poc.reference_crm.serve",
            [*self._arguments(port or free_port(), mutants, trial_clock, machine_port), "--processes", str(processes)],
            log=self.folder / "logs" / f"{database}.log",
            environment={
                **self.around,
                "TOUCHSTONE_CRM_DATABASE_URL": self.way(url),
                "TOUCHSTONE_CRM_MASTER_KEY": keys[0],
                "TOUCHSTONE_CRM_ADMIN_PASSWORD": keys[1],
                "TOUCHSTONE_CRM_BANK_KEY": str(self.bank_key(name)),
                "TOUCHSTONE_CRM_WEBHOOK_CA": str(self.papers.authority),
                "TOUCHSTONE_CRM_WEBHOOK_NETWORKS": f"{RECEIVER_HOST}/32",
                "TOUCHSTONE_CRM_TENANT_TEMPLATE": TEMPLATE,
                "TOUCHSTONE_CRM_AUDIT_CHECKPOINTS": str(self.checkpoints(name)),
            },
        )
        self._stack.callback(service.stop)
        return Tenancy(
            name=name,
            service=service,
            authority=self.papers.authority,
            admin_password=keys[1],
            database_url=url,
            machine_url=f"https://127.0.0.1:{machine_port}",
            mutants=tuple(mutants),
        )

    def _arguments(self, port: int, mutants: Sequence[str], trial_clock: bool, machine_port: int) -> list[str]:
        arguments = ["--port", str(port), "--certificate", str(self.papers.certificate), "--key", str(self.papers.key)]
        arguments += ["--client-ca", str(self.machines / AUTHORITY), "--machine-port", str(machine_port)]
        arguments += ["--trial-clock"] if trial_clock else []
        return arguments + [word for mutant in mutants for word in ("--mutant", mutant)]

    def _keys(self, database: str, *, fresh: bool) -> tuple[str, str]:
        """Return (master key, first administrator's password) of a database, made once and kept beside it."""
        path = self.folder / "keys" / database
        if fresh or not path.exists():
            master = base64.b64encode(secrets.token_bytes(32)).decode()
            self._keep_keys(database, (master, secrets.token_urlsafe(18)))
        master, password = path.read_text(encoding="utf-8").splitlines()[:2]
        return master, password

    def _keep_keys(self, database: str, keys: tuple[str, str]) -> None:
        path = self.folder / "keys" / database
        path.parent.mkdir(parents=True, exist_ok=True)
        _keep_secret(path, ("\n".join(keys) + "\n").encode())

    def _template(self) -> None:
        if self._migrated:
            return
        url = self.cluster.url(TEMPLATE) if self.cluster.exists(TEMPLATE) else self.cluster.create(TEMPLATE)
        command = [sys.executable, "-m", "poc.reference_crm.migrate", "--database-url", url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DatabaseError(f"the reference CRM's database could not be prepared: {done.stderr.strip()[-300:]}")
        self._migrated = True

    def close(self) -> None:
        """End all services, then PostgreSQL."""
        self._stack.close()
        self.cluster.stop()

    def __enter__(self) -> "House":
        """Close at the end of a with block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


def _keep_secret(path: Path, secret: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(secret)
