"""What rights, decryption, masks and audit take of each endpoint (35 % at most is the aim), measured in one run.

Reads that come at one moment share a statement and a commit (``rounds``), which the audit asks for and which helps
without it too. So there are two services without guards: one that reads each alone, and one that shares as well.
"""

import statistics
from functools import partial

import psutil
import pytest

from benchmarks.costing import asked, cost
from poc import acts
from poc.connectors.connect import connect
from poc.lab.house import House
from poc.lab.service import Service, free_port
from poc.settings import target
from scenarios.actors import Actor
from scenarios.port import Request
from synthetic_data.generator import generate

CUSTOMERS, REQUESTS, WARM, TURNS = 400, 800, 150, 3
WITH, BARE = "with", {"alone": "--alone", "together": "--together"}
ENDPOINTS = {
    "read one": "/v1/customers/{number}",
    "page of 50": "/v1/customers?limit=50&sort=number",
    "overview": "/v1/customers/{number}/overview",
}


@pytest.fixture(scope="module")
def crm(tmp_path_factory):
    """A lab, a bank inside its reference CRM, and what that was started with; it is stopped."""
    with House.open(tmp_path_factory.mktemp("lab")) as house:
        listed, bank = house.folder / "targets.toml", generate(seed=1, customers=CUSTOMERS).bank
        tenancy = acts.serve(house, "reference", targets=listed)
        known = acts.admit(target("reference", listed), bank, house, targets=listed)
        acts.pour(known, bank)
        told = psutil.Process(tenancy.service.process.pid).environ()
        tenancy.service.stop()
        house.tidy("reference")
        yield house, known, bank, {name: value for name, value in told.items() if name.startswith("TOUCHSTONE_CRM_")}


def measured(house, known, bank, environment, guards):
    """Requests a second and processor ms of each endpoint, of the service with or without its guards."""
    papers = ["--certificate", str(house.papers.certificate), "--key", str(house.papers.key)]
    arguments = ["--port", str(free_port()), *papers, *([BARE[guards]] if guards in BARE else [])]
    log = house.folder / "logs" / f"guards-{guards}.log"
    with Service.start("crm", "benchmarks.unguarded", arguments, log=log, environment=environment) as service:
        crm = connect(known.model_copy(update={"url": service.url}))
        session = crm.acting_as(Actor.AGENT).session()
        numbers, found = [one.number for one in bank.customers], {}
        for name, path in ENDPOINTS.items():
            paths = [path.format(number=numbers[turn * 7 % len(numbers)]) for turn in range(REQUESTS)]
            asks = [Request(method="GET", path=path) for path in paths]
            ask = partial(asked, service.url, known.ca, headers=session.headers)
            ask(asks[:WARM])
            found[name] = cost(service, house, REQUESTS, partial(ask, asks))._asdict()
        return found


def between(runs):
    """The middle of several measurements of each endpoint."""
    return {
        name: {fact: statistics.median(run[name][fact] for run in runs) for fact in runs[0][name]} for name in ENDPOINTS
    }


def test_what_the_guards_take_of_the_throughput(benchmark, crm):
    house, known, bank, environment = crm

    def alternately():
        runs = [(one, measured(house, known, bank, environment, one)) for _ in range(TURNS) for one in (WITH, *BARE)]
        return {one: between([run for name, run in runs if name == one]) for one in (WITH, *BARE)}

    found = benchmark.pedantic(alternately, rounds=1)
    for name in ENDPOINTS:
        told = {f"{label}_{fact}": value for label, run in found.items() for fact, value in run[name].items()}
        spent = {label: run[name]["service_ms"] + run[name]["postgres_ms"] for label, run in found.items()}
        for one in BARE:
            told |= {
                f"taken_of_cpu_{one}": 1 - spent[one] / spent[WITH],
                f"taken_of_rate_{one}": 1 - found[WITH][name]["per_second"] / found[one][name]["per_second"],
            }
        benchmark.extra_info[name] = ", ".join(f"{fact} {value:.3g}" for fact, value in told.items())
