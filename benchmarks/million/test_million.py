"""Million: what the reference CRM does with a million customers: cost by step, growth, a 360 view, the rate it holds.

The service and its PostgreSQL run on one processor, whoever asks on another. Where these two are halves of one core, as
on a small virtual machine, they slow each other down; the machine is printed below the figures.
"""

import os
import random
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from benchmarks.costing import Cost, asked, cost, pinned, played
from benchmarks.million.furnished import Notes, furnish, opened, served
from loadtests.arithmetic.scaling import growth
from loadtests.plan import Plan
from loadtests.quantiles import bound
from loadtests.steps import Person
from loadtests.workload import parse, workload
from poc.connectors.connect import connect
from poc.lab.house import House, Tenancy
from poc.lab.service import Service, free_port
from poc.loadrun import press
from poc.settings import Target
from scenarios.actors import Actor
from scenarios.port import Request

MIX = workload("bank-peak").mix
SIZES = (1_000, 10_000, 100_000, 1_000_000)
#: People who are asked about: those of whom everything was poured, spread over the whole bank.
ASKED_ABOUT = 20_000
#: Requests of a step, and of a view; a third is asked before anything counts.
COUNT, VIEWS = 300, 2000
#: Arrivals a second that are tried, seconds of each, of which the first do not count.
RATES, SECONDS, WARM_UP = (200, 300, 400, 500, 600, 800, 1000, 1200, 1500), 10.0, 2.0
#: Steps of the mix that are played before, so that memory and plans are there.
BEFORE = 6000
LIMIT_MS = 200.0
THEIRS, OURS = 0, 1


class Bank(NamedTuple):
    """A bank that is served."""

    tenancy: Tenancy
    known: Target
    people: tuple[Person, ...]


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with opened() as ours:
        for size in SIZES:
            furnish(ours, size)
        yield ours


@pytest.fixture(scope="module", autouse=True)
def apart() -> None:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one processor cannot serve and ask at the same time")
    os.sched_setaffinity(0, {OURS})


def begun(house: House, size: int, processes: int = 1) -> Bank:
    tenancy, known = served(house, size, processes=processes)
    people = Notes(house, known.name).people
    pinned(house, tenancy.service, {THEIRS})
    drawn = tuple(random.Random(5).sample(people, min(len(people), ASKED_ABOUT)))
    return Bank(tenancy, known, drawn)


def costs(house: House, bank: Bank) -> dict[str, Cost]:
    """What each step of the mix costs."""
    crm, found = connect(bank.known), {}
    for name in MIX:
        mark = f"{time.time_ns():x}"[4:12]
        played(crm, bank.known.url, bank.known.ca, [name] * (COUNT // 3), bank.people, mark + "w")
        ask = lambda name=name, mark=mark: played(crm, bank.known.url, bank.known.ca, [name] * COUNT, bank.people, mark)  # noqa: E731
        found[name] = cost(bank.tenancy.service, house, COUNT, ask)
    return found


def of_the_mix(found: dict[str, Cost]) -> Cost:
    weights = sum(MIX.values())
    return Cost(*(sum(MIX[name] * one[place] for name, one in found.items()) / weights for place in range(3)))


def test_what_each_step_costs_and_how_that_grows_from_a_thousand_customers(house: House) -> None:
    found: dict[int, dict[str, Cost]] = {}
    for size in SIZES:
        bank = begun(house, size)
        found[size] = costs(house, bank)
        bank.tenancy.service.stop()
        print(f"\n{size:,} customers: {of_the_mix(found[size]).cpu_ms:.2f} ms a request", flush=True)
    print(f"\n{'ms of processor (service + PostgreSQL)':<40}" + "".join(f"{size:>16,}" for size in SIZES) + "  growth")
    for name in (*MIX, "the mix"):
        row = [of_the_mix(found[size]) if name == "the mix" else found[size][name] for size in SIZES]
        told = "".join(f"{one.service_ms:>9.2f}+{one.postgres_ms:<6.2f}" for one in row)
        print(f"{name:<40}{told}  {growth(SIZES, [one.cpu_ms for one in row]).exponent:.3f}")


def test_a_360_view_beside_a_bare_route_that_returns_the_same_bytes(house: House) -> None:
    bank = begun(house, SIZES[-1])
    draw, headers = random.Random(9), connect(bank.known).acting_as(Actor.AGENT).session().headers
    asks = [
        Request(method="GET", path=f"/v1/customers/{draw.choice(bank.people).number}/overview") for _ in range(VIEWS)
    ]
    sizes: list[int] = []
    asked(bank.known.url, bank.known.ca, asks[: VIEWS // 3], headers, sizes)
    file = house.folder / "overview.json"
    file.write_bytes(b"x" * (sum(sizes) // len(sizes)))
    papers = [str(house.papers.certificate), str(house.papers.key), str(file)]
    log = house.folder / "logs" / "bare.log"
    with Service.start("bare", "benchmarks.million.bare", [str(free_port()), *papers], log=log, environment={}) as bare:
        pinned(house, bare, {THEIRS})
        asked(bare.url, bank.known.ca, asks[: VIEWS // 3], headers)
        told: dict[str, list[Cost]] = {"360": [], "bare": []}
        for _ in range(3):
            for name, service in (("360", bank.tenancy.service), ("bare", bare)):
                rate = lambda url=service.url: asked(url, bank.known.ca, asks, headers)  # noqa: E731
                told[name].append(cost(service, house, VIEWS, rate))
    view, plain = (sorted(told[name])[1] for name in ("360", "bare"))
    bank.tenancy.service.stop()
    print(f"\n360 view of {file.stat().st_size:,} bytes: {view}\nbare route of as many: {plain}")
    print(f"share of its requests a second {view.per_second / plain.per_second:.0%},"
          f" of its requests for each second of processor {plain.service_ms / view.cpu_ms:.0%}")  # fmt: skip


def test_how_many_requests_a_second_of_the_mix_are_held(house: House) -> None:
    bank, best = begun(house, SIZES[-1]), 0.0
    steps = random.Random(1).choices(list(MIX), weights=list(MIX.values()), k=BEFORE)
    played(connect(bank.known), bank.known.url, bank.known.ca, steps, bank.people, f"{time.time_ns():x}"[4:12])
    for rate in RATES:
        told = {"name": "peak", "because": "benchmark", "arrivals": "poisson", "client": "raw", "rate": rate}
        load = parse({**told, "seconds": SECONDS, "warm_up": WARM_UP, "users": 96, "seed": 7, "mix": dict(MIX)})
        connector = "poc.connectors.reference:ReferenceConnector"
        mark = f"{time.time_ns():x}"[4:12]
        plan = Plan(
            target="million", url=bank.known.url, authority=str(bank.known.ca), connector=connector,
            credentials=bank.known.credentials(), people=bank.people, workload=load, mark=mark,
        )  # fmt: skip
        result = press(plan)
        reads, writes = (bound(result.histogram(kind=kind), 0.99) for kind in ("read", "write"))
        print(f"{rate}/s: p99 of reads {reads.upper} ms, of writes {writes.upper} ms, errors {result.error_share},"
              f" achieved {result.achieved_share:.1%}, {'; '.join(result.faults()) or 'generator well'}")  # fmt: skip
        if reads.upper is None or reads.upper > LIMIT_MS or writes.upper is None or writes.upper > LIMIT_MS:
            break
        if result.error_share or result.achieved_share < 0.99:
            break
        best = rate
    bank.tenancy.service.stop()
    print(f"held: {best}/s at p99 < {LIMIT_MS:.0f} ms")
