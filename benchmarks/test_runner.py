"""Runner: what one exchange costs with the driver, the record and the store around a connector, and without them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from scenarios.crm import CRM
from scenarios.manifest import describe
from scenarios.port import Reply, Request, drive
from scenarios.runner import run
from scenarios.scenario import Scenario, scenario
from scenarios.store import Store
from scenarios.verdict import Verdict, equal
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Customer
from tests.doubles import START, AcmeServer, acme

EXCHANGES = 1000


class Ready(AcmeServer):
    """A wire whose reply is ready: what is measured is ours alone."""

    __slots__ = ("reply",)
    reply: Reply

    def send(self, request: Request) -> Reply:
        if request.path == "/v3/login":
            return super().send(request)
        return self.reply


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=7, customers=20).bank


@pytest.fixture
def crm(bank: Bank) -> CRM:
    server = Ready()
    target = acme(server)
    server.reply = Reply(status=200, headers={"content-type": "application/json"}, body=shown(bank), seconds=0.001)
    return target


def shown(bank: Bank) -> bytes:
    """A customer as Acme shows it."""
    other = acme()
    number = other.create(bank.customers[0]).value
    return other.get(Customer, number).replies[0].body


def tell(benchmark: BenchmarkFixture) -> None:
    each = benchmark.stats.stats.median / EXCHANGES * 1e6
    benchmark.extra_info.update(exchanges=EXCHANGES, us_per_exchange=round(each, 1))
    print(f"\n{benchmark.name}: {each:.0f} us an exchange")


def test_a_bare_connector(benchmark: BenchmarkFixture, crm: CRM) -> None:
    def play() -> None:
        for _ in range(EXCHANGES):
            drive(crm.connector.get(Customer, "C1"), crm.wire.send, crm.connector.error_of)

    benchmark.pedantic(play, rounds=5)
    tell(benchmark)


def test_a_run_kept_in_memory(benchmark: BenchmarkFixture, crm: CRM, bank: Bank) -> None:
    benchmark.pedantic(lambda: list(run([reading()], crm, bank, run_id="r", target="acme")), rounds=5)
    tell(benchmark)


def test_a_run_kept_on_disk(benchmark: BenchmarkFixture, crm: CRM, bank: Bank, folders: Iterator[Path]) -> None:
    made = describe(run="r", target="acme", title="Acme", started=START, bank={}, catalogue="c")

    def play() -> None:
        with Store.create(next(folders), made) as store:
            list(run([reading()], crm, bank, run_id="r", target="acme", store=store))

    benchmark.pedantic(play, rounds=5)
    tell(benchmark)


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Path]:
    return (tmp_path / str(number) for number in range(100))


def reading() -> Scenario[int]:
    @scenario("CUS-01")
    def one_is_read_often(crm: CRM, bank: Bank) -> int:
        """One customer is read a thousand times."""
        return sum(crm.get(Customer, "C1").ok for _ in range(EXCHANGES))

    @one_is_read_often.check
    def each_time_there_was_an_answer(seen: int) -> Verdict:
        """Each time there was an answer."""
        return equal(seen, EXCHANGES)

    return one_is_read_often
