"""Unrecorded: acts of administration that leave no entry in the audit."""

from typing import Any

from poc.mutants.mutant import Make, Mutant, swap

KILLED_BY = ("administration_is_audited",)


def _silent(*actions: str) -> Make:
    """Return a maker after which acts and jottings leave some actions out."""

    def make(note: Any) -> Any:
        def jotting(jot: Any) -> Any:
            async def kept(self: Any, caller: Any, *entries: Any) -> None:
                await jot(self, caller, *(one for one in entries if one.action not in actions))

            return kept

        def noted(self: Any, action: str, subject: str, **more: Any) -> None:
            if action not in actions:
                note(self, action, subject, **more)

        swap("desk:Desk.jot", jotting)
        return noted

    return make


MUTANTS = (
    Mutant(
        name="settings_unrecorded",
        defect="Changed settings leave no entry in the audit.",
        killed_by=KILLED_BY,
        precedent="CWE-778",
        place="desk:Act.note",
        make=_silent("config.change"),
    ),
    Mutant(
        name="keys_unrecorded",
        defect="Keys are issued without an entry in the audit.",
        killed_by=KILLED_BY,
        precedent="CWE-778",
        place="desk:Act.note",
        make=_silent("key.issue"),
    ),
    Mutant(
        name="agreements_unrecorded",
        defect="Who agreed to a change is not in the audit, only that it was made.",
        killed_by=KILLED_BY,
        precedent="CWE-778 (SuiteCRM/SuiteCRM#2827)",
        place="desk:Act.note",
        make=_silent("approval.approve"),
    ),
    Mutant(
        name="factors_unrecorded",
        defect="That a second factor was enrolled is not in the audit.",
        killed_by=KILLED_BY,
        precedent="CWE-778",
        place="desk:Act.note",
        make=_silent("factor.confirm", "factor.add", "login.step_up"),
    ),
)
