"""Ordeal: one fault pressed on a target: what witnesses asked, what they were told, and what is on file since."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from loadtests.fault import Fault, parse

#: The file of an ordeal in a folder of its own.
FILE = "ordeal.json"


class OrdealError(Exception):
    """An ordeal that cannot be read; the text names the file and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One request of a witness: when it was sent (seconds since the epoch), how long it took, and how it ended.

    ``end`` is ok, refused (``status`` and ``again_in`` seconds as told, None if not), lost (the connection broke),
    silent (no answer within the witness's patience) or left (the witness hung up on purpose).
    """

    at: float
    seconds: float
    end: str
    status: int | None = None
    reason: str = ""
    again_in: float | None = None

    @property
    def failed(self) -> bool:
        """Whether somebody who asked was not served."""
        return self.end in ("refused", "lost", "silent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One write under an idempotency key, asked for until it was confirmed or given up.

    ``found`` is how often it is on file afterwards, ``noted`` how often the audit has its creation, ``told`` under how
    many different ids a receiver heard of it; None: nobody could look. ``number`` is what the target gave.
    """

    mark: str
    tries: tuple[Try, ...]
    number: str = ""
    found: int | None = None
    noted: int | None = None
    told: int | None = None

    @property
    def confirmed(self) -> bool:
        """Whether the target said yes."""
        return any(one.end == "ok" for one in self.tries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What became of the audit: whether it is as it was sealed, and whether seals go on; None: not offered."""

    sound: bool | None = None
    findings: tuple[str, ...] = ()
    sealed_after_s: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordeal:
    """One fault, from ``began`` to ``ended``; moments are seconds since the epoch.

    ``struck`` is when the fault began, ``lifted`` when it was undone (the same for one over in a moment). ``mended`` is
    when the target had as many processes as before (None: never within patience). ``requests`` and ``failures`` are of
    the open load beside, by second since its beginning at ``pressed``. ``drained_after_s`` counts from ``lifted``.
    """

    fault: Fault
    target: str
    began: float
    pressed: float
    struck: float
    lifted: float
    ended: float
    wishes: tuple[Wish, ...]
    reads: tuple[Try, ...]
    trail: Trail
    mended: float | None
    drained_after_s: float | None = None
    listens: bool = False
    requests: Mapping[int, int] = field(default_factory=dict)
    failures: Mapping[int, int] = field(default_factory=dict)
    unanswered: int = 0
    rate: float = 0.0

    @property
    def tries(self) -> tuple[Try, ...]:
        """Return all tries of witnesses, in time, but for those they hung up on by themselves."""
        every = (*self.reads, *(one for wish in self.wishes for one in wish.tries if one.end != "left"))
        return tuple(sorted(every, key=lambda one: one.at))

    def write(self, folder: Path) -> None:
        """Store the ordeal."""
        folder.mkdir(parents=True, exist_ok=True)
        told = {**asdict(self), "fault": self.fault.model_dump(mode="json")}
        (folder / FILE).write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")


def read(folder: Path) -> Ordeal:
    """Read a stored ordeal; raises OrdealError."""
    try:
        told: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        wishes = tuple(Wish(**{**one, "tries": _tries(one["tries"])}) for one in told.pop("wishes"))
        trail = told.pop("trail")
        return Ordeal(
            fault=parse(told.pop("fault")),
            wishes=wishes,
            reads=_tries(told.pop("reads")),
            trail=Trail(**{**trail, "findings": tuple(trail["findings"])}),
            requests={int(second): n for second, n in told.pop("requests").items()},
            failures={int(second): n for second, n in told.pop("failures").items()},
            **told,
        )
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise OrdealError(f"{folder / FILE} is no readable ordeal: {wrong}. Run 'touchstone load fault run'.") from None


def _tries(told: list[dict[str, Any]]) -> tuple[Try, ...]:
    return tuple(Try(**one) for one in told)
