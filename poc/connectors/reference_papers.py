"""Reference papers: documents of the reference CRM, handed in as JSON and downloaded as they are."""

import base64

from poc.connectors.reference_answers import SHAPES
from poc.connectors.replies import fields_of
from scenarios.papers import Attachment, Paper
from scenarios.port import Connector, Request, Steps, Unsupported
from synthetic_data.records import Customer, Record, Ticket


class ReferencePapers(Connector):
    """Documents hang on customers and on tickets; their media type is found by their content."""

    def attach(self, kind: type[Record], number: str, *, name: str, media_type: str, content: bytes) -> Steps[str]:
        """Hand a document in; the media type that the sender claims is not asked for."""
        told = {"name": name, "content": base64.b64encode(content).decode()}
        return str(fields_of((yield Request(method="POST", path=_path(kind, number), json=told)))["number"])

    def attachments(self, kind: type[Record], number: str) -> Steps["tuple[Attachment, ...]"]:
        """List them."""
        items = fields_of((yield Request(method="GET", path=_path(kind, number))))["items"]
        return tuple(
            Attachment(number=one["number"], name=one["name"], media_type=one["media_type"], size=one["size"])
            for one in items
        )

    def read_attachment(self, document: str, reason: str = "") -> Steps[Paper]:
        """Download it."""
        query = {"reason": reason} if reason else {}
        reply = yield Request(method="GET", path=f"/v1/attachments/{document}/content", query=query)
        told = reply.headers
        return Paper(
            content=reply.body,
            media_type=told.get("content-type", ""),
            disposition=told.get("content-disposition", ""),
            sniffing=told.get("x-content-type-options", ""),
        )

    def detach(self, document: str) -> Steps[None]:
        """Delete it."""
        yield Request(method="DELETE", path=f"/v1/attachments/{document}")


def _path(kind: type[Record], number: str) -> str:
    if kind not in (Customer, Ticket):
        raise Unsupported(f"the product hangs documents on customers and tickets, not on {kind.__name__} records")
    return f"{SHAPES.of(kind).path}/{number}/attachments"
