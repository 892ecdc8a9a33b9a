"""What rights, decryption, masks and audit take of each endpoint (35 % at most is the aim), measured in one run."""

import asyncio
import ssl
import statistics
import time

import psutil
import pytest

from poc import acts
from poc.connectors.connect import connect
from poc.lab.house import House
from poc.lab.service import Service, free_port
from poc.settings import target
from scenarios.actors import Actor
from synthetic_data.generator import generate

CUSTOMERS, LINES, REQUESTS, WARM, TURNS = 400, 8, 800, 150, 3
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


def cpu(service, house):
    """Processor seconds of the service and of PostgreSQL so far."""
    server = [psutil.Process(service.process.pid)]
    ours = str(house.folder / "postgres")
    masters = [
        one for one in psutil.process_iter(["cmdline"]) if any(ours in word for word in one.info["cmdline"] or ())
    ]
    family = {one.pid: one for master in masters for one in (master, *master.children(recursive=True))}
    ended = sum(master.cpu_times().children_user + master.cpu_times().children_system for master in masters)
    ours, theirs = (sum(sum(one.cpu_times()[:2]) for one in some) for some in (server, family.values()))
    return ours, theirs + ended


async def asked(url, ca, token, paths):
    """Ask for paths over some lines at a time, each line as soon as it was answered; return requests a second."""
    host, _, port = url.removeprefix("https://").partition(":")
    trust, left = ssl.create_default_context(cafile=ca), list(paths)

    async def line():
        reader, writer = await asyncio.open_connection(host, int(port), ssl=trust)
        try:
            while left:
                head = f"GET {left.pop()} HTTP/1.1\r\nHost: crm\r\nAuthorization: Bearer {token}\r\n\r\n"
                writer.write(head.encode())
                told = await reader.readuntil(b"\r\n\r\n")
                assert told.startswith(b"HTTP/1.1 200"), told
                length = next(one for one in told.lower().split(b"\r\n") if one.startswith(b"content-length:"))
                await reader.readexactly(int(length.partition(b":")[2]))
        finally:
            writer.close()
            await writer.wait_closed()

    begun = time.perf_counter()
    await asyncio.gather(*(line() for _ in range(LINES)))
    return len(paths) / (time.perf_counter() - begun)


def measured(house, known, bank, environment, *, guarded):
    """Requests a second and processor ms of each endpoint, of the service with or without its guards."""
    papers = ["--certificate", str(house.papers.certificate), "--key", str(house.papers.key)]
    arguments = ["--port", str(free_port()), *papers, *([] if guarded else ["--unguarded"])]
    log = house.folder / "logs" / f"guarded-{guarded}.log"
    with Service.start("crm", "benchmarks.unguarded", arguments, log=log, environment=environment) as service:
        crm = connect(known.model_copy(update={"url": service.url}))
        session = crm.acting_as(Actor.AGENT).session()
        token, found = session.headers["Authorization"].removeprefix("Bearer "), {}
        numbers = [one.number for one in bank.customers]
        for name, path in ENDPOINTS.items():
            paths = [path.format(number=numbers[turn * 7 % len(numbers)]) for turn in range(REQUESTS)]
            asyncio.run(asked(service.url, known.ca, token, paths[:WARM]))
            before = cpu(service, house)
            rate = asyncio.run(asked(service.url, known.ca, token, paths))
            spent = [1000 * (now - then) / REQUESTS for now, then in zip(cpu(service, house), before, strict=True)]
            found[name] = {"per_second": rate, "service_ms": spent[0], "postgres_ms": spent[1]}
        return found


def between(runs):
    """The middle of several measurements of each endpoint."""
    return {
        name: {fact: statistics.median(run[name][fact] for run in runs) for fact in runs[0][name]} for name in ENDPOINTS
    }


def test_what_the_guards_take_of_the_throughput(benchmark, crm):
    house, known, bank, environment = crm

    def alternately():
        runs = [measured(house, known, bank, environment, guarded=turn % 2 == 0) for turn in range(2 * TURNS)]
        return between(runs[::2]), between(runs[1::2])

    guarded, bare = benchmark.pedantic(alternately, rounds=1)
    for name in ENDPOINTS:
        spent, least = (run[name]["service_ms"] + run[name]["postgres_ms"] for run in (guarded, bare))
        told = {
            "taken_of_cpu": 1 - least / spent,
            "taken_of_rate": 1 - guarded[name]["per_second"] / bare[name]["per_second"],
        }
        told |= {f"{label}_{fact}": value for label, run in (("with", guarded), ("without", bare))
                 for fact, value in run[name].items()}  # fmt: skip
        benchmark.extra_info[name] = ", ".join(f"{fact} {value:.3g}" for fact, value in told.items())
