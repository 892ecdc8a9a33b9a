"""Killed: plays a run whose second story ends the process as a power cut would."""

import os
import signal
import sys
from pathlib import Path

from scenarios.crm import CRM
from scenarios.runner import run
from scenarios.scenario import Scenario, scenario
from scenarios.store import Store
from scenarios.verdict import Verdict, equal
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Customer
from tests.doubles import acme
from tests.scenarios.test_store import MANIFEST


def bank() -> Bank:
    return generate(seed=5, customers=8).bank


def stories(*, deadly: bool) -> list[Scenario[bool]]:
    """Three stories, each of which asks the target; the second may kill the process after it has asked."""
    told = []
    for number in ("one", "two", "three"):

        def play(crm: CRM, bank: Bank, number: str = number) -> bool:
            """Something is asked."""
            asked = crm.find(Customer, branch=number).ok
            if deadly and number == "two":
                os.kill(os.getpid(), signal.SIGKILL)
            return asked

        play.__name__ = number
        story = scenario("SEC-01")(play)

        @story.check
        def it_was_answered(seen: bool) -> Verdict:
            """It was answered."""
            return equal(seen, True)

        told.append(story)
    return told


if __name__ == "__main__":
    with Store.create(Path(sys.argv[1]), MANIFEST) as store:
        list(run(stories(deadly=True), acme(), bank(), run_id="r", target="acme", store=store))
