"""serve: starts the reference CRM with planted defects; the lab's own door, which no deployed service has."""

import sys
from collections.abc import Sequence

from poc.mutants import broken, pressed, scanned
from poc.mutants.catalogue import mutants
from poc.reference_crm import serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Plant each ``--mutant NAME`` and hand the other arguments to the reference CRM; 2 for an unknown name."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    known = {mutant.name: mutant for mutant in (*mutants(), *scanned.MUTANTS, *pressed.MUTANTS, *broken.MUTANTS)}
    while "--mutant" in given:
        place = given.index("--mutant")
        name = given[place + 1] if place + 1 < len(given) else ""
        del given[place : place + 2]
        if name not in known:
            sys.stderr.write(f"unknown mutant {name!r}: choose from {', '.join(known)}\n")
            return 2
        known[name].plant()
    return serve.main(given)


if __name__ == "__main__":
    sys.exit(main())
