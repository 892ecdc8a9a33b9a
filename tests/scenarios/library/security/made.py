"""Made: answers and attempts made by hand, for judgements without a CRM."""

from collections.abc import Mapping
from typing import Any

from scenarios.actors import Actor
from scenarios.answers import OnFile
from scenarios.crm import Answer
from scenarios.library.security.attempts import Attempt
from scenarios.port import Refused, Reply


def reply(body: bytes = b"", *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status=status, headers=headers or {}, body=body)


def yes(value: Any = None, *, body: bytes = b"", actor: Actor = Actor.RM_A, what: str = "get") -> Attempt[Any]:
    return Attempt(actor=actor, what=what, answer=Answer(given=value, replies=(reply(body),)))


def no(reason: str, *, body: bytes = b"", actor: Actor = Actor.RM_A, what: str = "get") -> Attempt[Any]:
    answer: Answer[Any] = Answer(given=None, refusal=Refused(reason), replies=(reply(body, status=400),))
    return Attempt(actor=actor, what=what, answer=answer)


def missing(*, actor: Actor = Actor.RM_A, what: str = "get") -> Attempt[Any]:
    return Attempt(actor=actor, what=what, answer=None)


def on_file(number: str, kind: str = "Customer", version: str | None = "1", **fields: object) -> OnFile:
    return OnFile(kind=kind, number=number, fields={"number": number, **fields}, version=version)
