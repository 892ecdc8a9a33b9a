"""Papers: bodies and answers about documents that hang on records, for checking what comes in and for publication."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, StringConstraints

from poc.reference_crm.schemas import Strict


class NewAttachment(BaseModel):
    """A document to be: its content in base64, and its class (C3 shows restricted values whole, C2 does not)."""

    model_config = Strict
    name: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    content: Annotated[str, StringConstraints(min_length=4, pattern=r"^[A-Za-z0-9+/]+={0,2}$")]
    data_class: Literal["C2", "C3"] = "C3"


class Attachment(BaseModel):
    """A document on file; its size in bytes."""

    number: str
    name: str
    data_class: Literal["C2", "C3"]
    media_type: str
    size: int
    added_by: str
    added_at: AwareDatetime


class Attachments(BaseModel):
    """What hangs on a record, newest first."""

    items: list[Attachment]
