"""Papers: defects in how documents are kept, named, and handed out."""

from typing import Any

from poc.mutants.mutant import Mutant, always, swap
from poc.mutants.resting import in_clear
from poc.reference_crm.access import Scope
from poc.reference_crm.domain.documents import PDF

PATH = ("attachment_leaks_nothing",)


def _whole_bank(desk: Any, caller: Any, what: str) -> Scope:
    return Scope(reach="all", branch="", role="integration")


def _whoever_reads_records(scope: Any) -> Any:
    """Ask neither how much of a record a role sees nor of what class a document is."""
    swap("operations.attachments:_sees_all", always(lambda desk, caller: True))
    return lambda desk, caller, what: desk.policy.scope(caller, f"customer.{what}")


def _printable(given: str, form: Any) -> str:
    return "".join(letter for letter in given if letter >= " ")


MUTANTS = (
    Mutant(
        name="document_by_its_number",
        defect="A document opens to whoever knows its number, whatever record it hangs on.",
        killed_by=(*PATH, "no_record_crosses", "no_secret_leaks"),
        place="operations.attachments:_scope",
        make=always(_whole_bank),
        precedent="CWE-639",
    ),
    Mutant(
        name="documents_of_masked_records",
        defect="Who sees no more of a customer than a name and a tier opens the customer's documents.",
        killed_by=(*PATH, "no_secret_leaks"),
        place="operations.attachments:_scope",
        make=_whoever_reads_records,
        precedent="CWE-863",
    ),
    Mutant(
        name="documents_in_clear",
        defect="Fields rest encrypted, and the documents beside them as they were handed in.",
        killed_by=("no_mark_is_found_in_any_store", "sensitive_fields_are_encrypted", "volumes_are_encrypted"),
        place="crypto:Vault.seal",
        make=in_clear(lambda place: place.startswith("attachments/")),
        precedent="CWE-312",
    ),
    Mutant(
        name="sender_says_the_type",
        defect="A file is what its sender calls it: pages and programs are taken for PDF.",
        killed_by=("a_file_is_what_it_claims",),
        place="domain.documents:form_of",
        make=always(lambda content: PDF),
        precedent="CWE-434",
    ),
    Mutant(
        name="files_shown_in_place",
        defect="Files are sent to be shown in the browser, on the address of the service.",
        killed_by=("a_file_comes_as_a_download",),
        place="routes.attachments:saved_as",
        make=always(lambda name: "inline"),
        precedent="CWE-79",
    ),
    Mutant(
        name="names_with_folders",
        defect="The name of a file is kept as it was sent, with its folders.",
        killed_by=("a_file_name_leads_nowhere",),
        place="domain.documents:safe_name",
        make=always(_printable),
        precedent="CWE-22",
    ),
)
