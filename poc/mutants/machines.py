"""Machines: defects of the door at which machines show certificates."""

import ssl
from pathlib import Path
from typing import Any

from poc.mutants.mutant import Mutant, always, swap
from poc.mutants.outgoing import NO_CHECK_TIME


def _any_date(demand: Any) -> Any:
    def dateless(context: ssl.SSLContext, authority: Path) -> None:
        demand(context, authority)
        context.verify_flags |= NO_CHECK_TIME

    return dateless


def _whole_folder(demand: Any) -> Any:
    def trusting(context: ssl.SSLContext, authority: Path) -> None:
        demand(context, authority)
        context.verify_flags &= ~ssl.VerifyFlags.VERIFY_CRL_CHECK_LEAF
        for other in authority.parent.glob("*.pem"):
            context.load_verify_locations(other)

    return trusting


def _revocations_unread(demand: Any) -> Any:
    def unread(context: ssl.SSLContext, authority: Path) -> None:
        demand(context, authority)
        context.verify_flags &= ~ssl.VerifyFlags.VERIFY_CRL_CHECK_LEAF

    return unread


def _optional(demand: Any) -> Any:
    def asking(context: ssl.SSLContext, authority: Path) -> None:
        demand(context, authority)
        context.verify_mode = ssl.CERT_OPTIONAL

    swap("machine_door:is_bound", always(lambda certificate, username: certificate in ("", username)))
    return asking


MUTANTS = (
    Mutant(
        name="old_certificates_do",
        defect="The machine door takes client certificates that have expired.",
        killed_by=("mutual_tls_is_offered",),
        place="machine_door:demand",
        make=_any_date,
        precedent="CWE-298",
    ),
    Mutant(
        name="every_authority_does",
        defect="The machine door trusts every authority whose certificate lies beside that of the bank's.",
        killed_by=("mutual_tls_is_offered",),
        place="machine_door:demand",
        make=_whole_folder,
        precedent="CWE-295",
    ),
    Mutant(
        name="revocations_unread",
        defect="The machine door takes client certificates that the authority has revoked.",
        killed_by=("mutual_tls_is_offered",),
        place="machine_door:demand",
        make=_revocations_unread,
        precedent="CWE-299",
    ),
    Mutant(
        name="any_machine_is_any_user",
        defect="A client certificate opens the machine door, whoever's token comes along.",
        killed_by=("mutual_tls_is_offered",),
        place="machine_door:is_bound",
        make=always(lambda certificate, username: certificate != ""),
        precedent="CWE-297",
    ),
    Mutant(
        name="certificate_is_a_wish",
        defect="The machine door asks for a client certificate, and lets in who has none.",
        killed_by=("mutual_tls_is_offered",),
        place="machine_door:demand",
        make=_optional,
        precedent="CWE-295",
    ),
)
