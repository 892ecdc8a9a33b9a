"""Pouring: nothing goes in twice, a target's "too fast" is honoured, and what leans on another comes later."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import pytest

from poc.pouring import HANDS, Patience, Pourer, side_by_side, stages
from poc.receipts import Receipts
from poc.seeding import seed
from scenarios.actors import Actor
from scenarios.answers import BulkReport
from scenarios.port import BenchFault, Connector, Refused, Reply, Request, Steps
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Account, Customer, Record
from tests.doubles import AcmeServer, QuietClock, acme
from tests.poc.ledger import Ledger, Nodding, meet


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=60).bank


@dataclass(slots=True)
class Choosy(Nodding):
    """A wire that answers as it was told to, one request after the other, then yes."""

    answers: list[Reply | BenchFault] = field(default_factory=list)

    def send(self, request: Request) -> Reply:
        if request.path == "/bulk" and self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, BenchFault):
                raise answer
            return answer
        return Reply(status=200, headers={}, body=b"{}")


def too_fast(seconds: int) -> Reply:
    return Reply(status=429, headers={"retry-after": str(seconds)}, body=b"")


def only(bank: Bank, kind: type[Record], rows: tuple[Record, ...]) -> Bank:
    return Bank(seed=bank.seed, profile=bank.profile, as_of=bank.as_of, records=MappingProxyType({kind: rows}))


class Plain(Ledger):
    """A product without bulk, lists and double detection: whatever is created twice is there twice."""

    bulk, revert, list = Connector.bulk, Connector.revert, Connector.list

    def __init__(self, dies_after: int = 10**9) -> None:
        super().__init__()
        self.created: list[str] = []
        self.dies_after = dies_after

    def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
        yield Request(method="POST", path="/one")
        self.created.append(record.number)
        self.rows[type(record), record.number] = record
        if len(self.created) == self.dies_after:
            raise KeyboardInterrupt
        return record.number


def test_a_ward_comes_in_a_later_stage_than_the_guardian(bank: Bank) -> None:
    one, two, three = bank.customers[:3]
    chain = (replace(one, guardian=two.number), replace(two, guardian=three.number), replace(three, guardian=None))
    planned = [batch for _, batches in stages(only(bank, Customer, chain), "job", 10) for batch in batches]
    assert [[row.number for row in batch.rows] for batch in planned] == [[three.number], [two.number], [one.number]]
    assert [batch.stage for batch in planned] == [0, 1, 2]
    assert [batch.job for batch in planned] == ["job-customer-0", "job-customer-1", "job-customer-2"]


def test_guardians_of_each_other_still_go_in(bank: Bank) -> None:
    one, two = bank.customers[:2]
    ring = (replace(one, guardian=two.number), replace(two, guardian=one.number))
    planned = [batch for _, batches in stages(only(bank, Customer, ring), "job", 10) for batch in batches]
    assert [len(batch.rows) for batch in planned] == [2]


def test_every_row_is_in_exactly_one_batch(bank: Bank) -> None:
    planned = [batch for _, batches in stages(bank, "job", 7) for batch in batches]
    assert sum(len(batch.rows) for batch in planned) == bank.rows
    assert len({batch.job for batch in planned}) == len(planned)
    assert max(len(batch.rows) for batch in planned) == 7


def test_the_first_trouble_ends_the_work() -> None:
    begun: list[int] = []

    def work(one: int) -> int:
        begun.append(one)
        if one == 3:
            raise ValueError("no more")
        return one

    with pytest.raises(ValueError, match="no more"):
        list(side_by_side(range(1000), work, HANDS))
    assert len(begun) <= 3 + 2 * HANDS


def test_a_wait_is_as_long_as_the_target_asks(bank: Bank) -> None:
    clock = QuietClock()
    wire = Choosy(answers=[too_fast(120), too_fast(7)])
    seed(meet(Ledger(), wire, clock), bank, hands=1)
    assert [round(seconds) for seconds in clock.slept] == [120, 7]


def test_a_target_that_is_always_too_slow_is_told(bank: Bank) -> None:
    wire = Choosy(answers=[too_fast(1)] * 99)
    with pytest.raises(BenchFault, match=r"30 times in a row .*declare its limits"):
        seed(meet(Ledger(), wire), bank, hands=1)


def test_a_wait_of_hours_is_left_to_the_user(bank: Bank) -> None:
    with pytest.raises(BenchFault, match="asks to wait 7200 s: seed again after that"):
        seed(meet(Ledger(), Choosy(answers=[too_fast(7200)])), bank, hands=1)


def test_a_lost_reply_is_asked_for_again_under_the_same_job(bank: Bank) -> None:
    ledger, clock = Ledger(), QuietClock()
    seed(meet(ledger, Choosy(answers=[BenchFault("no reply")] * 3), clock), bank, hands=1)
    assert clock.slept == [1.0, 2.0, 4.0]
    assert len(ledger.rows) == bank.rows
    with pytest.raises(BenchFault, match=r"no reply; what is in stays in: seed again"):
        seed(meet(Ledger(), Choosy(answers=[BenchFault("no reply")] * 4)), bank, hands=1)


def test_receipts_tell_what_the_target_answered(bank: Bank) -> None:
    receipts = Receipts(target="t", bank=bank.digest)
    seed(meet(Ledger()), bank, receipts=receipts)
    first, rows = receipts.of("taken")[0], len(receipts.put[0].numbers)
    assert first["answered"] == {"job": first["job"], "accepted": rows, "state": "done", "status": 200}


def test_a_target_that_takes_less_than_it_was_given_is_told(bank: Bank) -> None:
    class Silent(Ledger):
        def bulk(self, records: object, *, dry_run: bool = False, job: str | None = None) -> Steps[BulkReport]:
            yield Request(method="POST", path="/bulk")
            return BulkReport(job="j", accepted=1)

    with pytest.raises(BenchFault, match=r"took 1 of [0-9]+ Customer rows of job .* named no reason"):
        seed(meet(Silent()), bank)


def test_a_seeding_that_died_goes_on_and_creates_nothing_twice(bank: Bank) -> None:
    receipts, product = Receipts(target="t", bank=bank.digest), Plain(dies_after=137)
    with pytest.raises(KeyboardInterrupt):
        seed(meet(product), bank, receipts=receipts, hands=1)
    seed(meet(product), bank, receipts=receipts, hands=1)
    assert len(product.created) == len(set(product.created)) == len(product.rows) == bank.rows


def test_a_record_that_is_there_already_is_taken_as_it_is(bank: Bank) -> None:
    class Jealous(Plain):
        def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
            yield Request(method="POST", path="/one")
            if (type(record), record.number) in self.rows:
                raise Refused("duplicate", status=409)
            self.rows[type(record), record.number] = record
            return record.number

    product = Jealous()
    seed(meet(product), bank)
    seed(meet(product), bank)
    assert len(product.rows) == bank.rows


def test_the_fictional_vendor_is_filled_with_what_it_keeps_at_its_own_pace(bank: Bank) -> None:
    server, receipts = AcmeServer(silent_every=5), Receipts(target="acme", bank=bank.digest)
    told = seed(acme(server), bank, receipts=receipts)
    assert told.rows == {"Customer": len(bank.customers), "Account": len(bank.accounts)}
    assert set(told.left_out) >= {"Ticket", "Consent"}
    assert {noun: len(rows) for noun, rows in server.rows.items()} == {
        "contacts": len(bank.customers),
        "contracts": len(bank.accounts),
    }
    assert [one["kind"] for one in receipts.of("left out")] == list(told.left_out)


def test_a_target_with_numbers_of_its_own_is_known_by_them(bank: Bank) -> None:
    class Numbering(Plain):
        def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
            yield from super().create(record, key=key)
            return f"X-{record.number}"

    receipts = Receipts(target="t", bank=bank.digest)
    rows = bank.of(Account)[:3]
    crm = meet(Numbering()).acting_as(Actor.INTEGRATION)
    _, (batch,) = next(iter(stages(only(bank, Account, rows), "job", 50)))
    Pourer.of(crm, receipts).pour(batch)
    assert receipts.put[0].numbers == tuple(f"X-{row.number}" for row in rows)


def test_a_refusal_that_means_no_is_told_with_number_and_remedy(bank: Bank) -> None:
    class Closed(Plain):
        def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
            yield Request(method="POST", path="/one")
            raise Refused("forbidden", status=403)

        def get(self, kind: type[Record], number: str, *, include: object = ()) -> Iterator[Request]:  # type: ignore[override]
            raise AssertionError("nothing suggests that it is there")

    with pytest.raises(BenchFault, match=rf"would not take Customer {bank.customers[0].number}: forbidden"):
        seed(meet(Closed()), bank, hands=1)


def test_hands_wait_for_each_others_throttle() -> None:
    clock = QuietClock()
    patience = Patience(meet(Ledger(), clock=clock))
    patience._hold(60)
    patience.ask(lambda crm: crm.get(Customer, "C1"))
    assert round(clock.slept[0]) == 60
