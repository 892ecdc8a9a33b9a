"""Course: a drill from a listed target into a reference CRM of the lab that is started empty for it, and filed."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

from poc import acts
from poc.connectors.connect import connect, prove
from poc.drill import telling
from poc.drill.leaving import Drill, Progress, drill, evidence_of, told
from poc.lab.house import House
from poc.settings import Target
from scenarios.actors import Actor, Credential
from scenarios.folders import AssessmentFolder
from synthetic_data.bank import Bank

#: The name of the copy in the lab, and of the user who fills it.
COPY, USER = "drill-copy", "drill"


def left(source: Target, bank: Bank, *, lab: Path, progress: Progress | None = None) -> Drill:
    """Leave a target: all out of it, into an empty reference CRM in a lab, and the same questions to both.

    The target must hold ``bank`` (`touchstone seed`). Raises SettingsError, DatabaseError, ServiceError or BenchFault.
    """
    met = connect(source)
    prove(met, source)
    with House.open(lab) as house:
        tenancy = house.reference(COPY)
        place = Target(name=COPY, connector="reference", url=tenancy.url, ca=tenancy.authority)
        admin = Credential(username="admin", secret=tenancy.admin_password)
        user = Credential(username=USER, secret=secrets.token_urlsafe(18))
        _ = connect(place, credentials={Actor.ADMIN: admin}).acting_as(Actor.ADMIN).add_user(user, "integration").value
        copy = connect(place, credentials={Actor.INTEGRATION: user})
        return drill(met, copy, bank, name=source.name, progress=progress)


def filed(found: Drill, source: Target, bank: Bank, runs: AssessmentFolder) -> None:
    """File what a drill says beside what else was seen of the target, in the place of an earlier drill.

    Its whole stands beside the run as data and as a page for each language.
    """
    acts.add(evidence_of(found, runs.name, datetime.now(UTC)), source, bank, runs)
    telling.write(told(found), runs.of(source.name))
