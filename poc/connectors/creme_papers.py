"""Papers: documents on records of Creme: each is a record of its own, tied to the one that it hangs on."""

from poc.connectors.creme_forms import form_of
from poc.connectors.creme_pages import Listing, listing
from poc.connectors.creme_rows import line_of, shown_form, taken_off
from poc.webforms import Told
from scenarios.papers import Attachment, Paper
from scenarios.port import Connector, Refused, Request, Steps
from synthetic_data.records import Record

#: The list of documents, the view of it that the product ships with, and the field in which a document's file stands.
LIST, VIEW, FILE = "/documents/documents", "documents-hf_document", "filedata"


class CremePapers(Connector):
    """Documents, hung on, listed, read and taken off."""

    def attach(self, kind: type[Record], number: str, *, name: str, media_type: str, content: bytes) -> Steps[str]:
        """Hang a document on a record; the newest of that name is the one."""
        entity = (yield from line_of(form_of(kind), number)).entity
        path = f"/documents/document/add_related/{entity}"
        asked = yield from shown_form(path)
        told: Told = {"title": name[:100]}
        body, sent_as = asked.with_file(told, FILE, name, media_type, content)
        yield Request(method="POST", path=path, content=body, headers={"content-type": sent_as})
        shown = yield from _hanging(entity)
        return f"{shown.kind}.{max(int(one.entity) for one in shown.lines)}"

    def attachments(self, kind: type[Record], number: str) -> Steps["tuple[Attachment, ...]"]:
        """Read which documents hang on a record: their titles; neither kind nor size stands in the list."""
        shown = yield from _hanging((yield from line_of(form_of(kind), number)).entity)
        return tuple(
            Attachment(number=f"{shown.kind}.{one.entity}", name=one.cells.get("title", "")) for one in shown.lines
        )

    def read_attachment(self, document: str, reason: str = "") -> Steps[Paper]:
        """Download a document; the product asks for no reason."""
        kind, entity = _parts(document)
        path = f"/creme_core/download/{kind}/{entity}/{FILE}"
        reply = yield Request(method="GET", path=path, headers={"accept": "*/*"})
        told = reply.headers
        return Paper(
            content=reply.body,
            media_type=told.get("content-type", ""),
            disposition=told.get("content-disposition", ""),
            sniffing=told.get("x-content-type-options", ""),
        )

    def detach(self, document: str) -> Steps[None]:
        """Take a document off file."""
        yield from taken_off(_parts(document)[1])


def _hanging(entity: str) -> Steps[Listing]:
    """Read the documents that are tied to a record."""
    asked = f'{{"op":"AND","val":[["relations__object_entity",{int(entity)}]]}}'
    query = {"content": "1", "hfilter": VIEW, "rows": "100", "page": "1", "q_filter": asked}
    return listing((yield Request(method="GET", path=LIST, query=query, step="documents")).body)


def _parts(document: str) -> tuple[str, str]:
    """Return content type and number of a document; raises Refused for what can be none."""
    kind, _, entity = document.partition(".")
    if not (kind.isdigit() and entity.isdigit()):
        raise Refused("not-found", status=404, detail=f"there is no document {document}")
    return kind, entity
