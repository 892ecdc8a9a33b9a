"""Fuzzing: what a wire that generates calls from a machine contract is asked for, and what it reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One generated call whose reply breaks the contract: what was broken, where, and the line that repeats it."""

    rule: str
    operation: str  # GET /v1/customers/{number}
    status: int
    detail: str
    curl: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzReport:
    """What came of generated calls: how many were made, and which of them (each once) broke the contract."""

    calls: int
    operations: int
    violations: tuple[Violation, ...] = ()
    seconds: float = 0.0


@runtime_checkable
class Fuzzer(Protocol):
    """A wire that can also generate calls from a machine contract; optional, since a replay cannot."""

    def fuzz(
        self,
        contract: Mapping[str, object],
        *,
        calls: int,
        seed: int,
        headers: Mapping[str, str],
        leave_out: tuple[str, ...] = (),
    ) -> FuzzReport:
        """Make about ``calls`` generated calls; leaves out operations whose path holds one of ``leave_out``."""
        ...
