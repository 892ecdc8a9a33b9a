"""Record: a decision as one file for machines, the truth of which all others are copies: the same bytes again."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import orjson

from poc import business
from poc.assessment import Assessment, Subject, opened
from poc.business import Worked, case_at, worked
from poc.committee.joining import SAID, decided_by
from poc.committee.minutes import minutes
from poc.deciding import decided, facts
from scorecards.committee.selection import Selection
from scorecards.deciding.decision import Decision

#: What the file says of its own shape; a reader refuses a layout it does not know.
LAYOUT = 2
#: Packages whose versions may change a figure.
COUNTED = ("touchstone-crm", "numpy", "scipy")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """A decision with all it rests on.

    ``worked`` is the business case beside it and ``committee`` the selection of those who decided, if there are any.
    """

    assessment: Assessment
    decision: Decision
    worked: Worked | None = None
    committee: Selection | None = None

    def as_object(self) -> dict[str, object]:
        """Return what the file holds; what is not known is null, never 0."""
        seen, weighting = self.assessment, self.assessment.weighting
        return {
            "layout": LAYOUT,
            "assessment": seen.name,
            "question": "which system to choose, if any",
            "alternatives": [*(one.name for one in seen.subjects), "keep what there is", "do nothing"],
            "weighting": {
                "name": weighting.name, "digest": weighting.digest, "because": weighting.because,
                "agreed_by": list(weighting.agreed_by), "agreed_on": weighting.agreed_on,
                "dimensions": dict(weighting.dimensions),
                "waivers": [{"gate": one.gate, "name": one.name, "reason": one.reason, "expires": one.expires,
                             "target": one.target} for one in weighting.waivers],
            },
            "evidence": [_evidence(one) for one in seen.subjects],
            "gates": {one.target: {gate.criterion: gate.state.value for gate in one.gates}
                      for one in seen.scorecard.standings},
            "decision": facts(self.decision),
            "conditions": self.conditions(),
            "committee": None if self.committee is None else minutes(self.committee),
            "business_case": None if self.worked is None else business.facts(self.worked),
            "made_with": {name: version(name) for name in COUNTED},
        }  # fmt: skip

    def conditions(self) -> list[str]:
        """Return the criteria whose gates are still open for the leader: each becomes a test, a clause or a risk."""
        if self.decision.leader is None:
            return []
        gates = self.assessment.scorecard.of(self.decision.leader).gates
        return [gate.criterion for gate in gates if gate.state.open]

    def as_json(self) -> bytes:
        """Return the file: keys sorted, so that the same decision has the same bytes."""
        options = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
        options |= orjson.OPT_APPEND_NEWLINE
        return orjson.dumps(self.as_object(), option=options)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the file."""
        return hashlib.sha256(self.as_json()).hexdigest()


def made(
    place: Path, weighting: str | Path, case: Path | None, *, draws: int, seed: int, committee: Selection | None = None
) -> Record:
    """Return the record of an assessment on disk, with the business case of a TOML file if one is named.

    With a ``committee`` it is decided as they weigh and judge; raises LedgerError where they are not so far.
    """
    beside = None if case is None else worked(case_at(case), draws=draws, seed=seed)
    return recorded(opened(place, weighting), beside, committee, draws=draws, seed=seed)


def recorded(seen: Assessment, beside: Worked | None, committee: Selection | None, *, draws: int, seed: int) -> Record:
    """Return the record of an assessment, decided by its committee where there is one."""
    if committee is None:
        return Record(assessment=seen, decision=decided(seen, draws=draws, seed=seed), worked=beside)
    found = decided_by(committee, seen, draws=draws, seed=seed)
    return Record(assessment=found.assessment, decision=found.decision, worked=beside, committee=committee)


def _evidence(one: Subject) -> Mapping[str, object]:
    seen = Counter(piece.outcome.value for piece in one.evidence if piece.scenario != SAID)
    return {
        "target": one.name, "title": one.title, "labels": list(one.manifest.labels), "run": one.manifest.run,
        "started": one.manifest.started, "state": one.state, "head_sha256": one.head_sha256,
        "code": one.manifest.code, "catalogue": one.manifest.catalogue, "bank": dict(one.manifest.bank),
        "outcomes": dict(seen),
    }  # fmt: skip
