"""Endless: writes a run until it is killed."""

import sys
from pathlib import Path

from scenarios.store import Store
from tests.scenarios.test_store import MANIFEST, exchanged, piece

if __name__ == "__main__":
    with Store.create(Path(sys.argv[1]), MANIFEST) as store:
        exchanged(store, 3)
        store.add([piece("a")])
        sys.stdout.write("added\n")
        sys.stdout.flush()
        while True:
            exchanged(store, 10)
