"""Runner: every declared check becomes one piece of evidence, whatever happens."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from scenarios.crm import CRM
from scenarios.evidence import Evidence, Outcome
from scenarios.manifest import describe
from scenarios.port import BenchFault, Refused, Unsupported
from scenarios.runner import Waiver, run
from scenarios.scenario import FullSize, Scenario, scenario
from scenarios.store import Store, StoreError
from scenarios.verdict import NotProven, NotTestable, Verdict, equal
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Customer
from tests.doubles import START, AcmeServer, acme
from tests.scenarios.killed import bank as bank_of_the_killed
from tests.scenarios.killed import stories


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=8).bank


def story(ends: Callable[[], object], *, name: str = "story", heavy: bool = False) -> Scenario[object]:
    def play(crm: CRM, bank: Bank) -> object:
        """A story."""
        return ends()

    play.__name__ = name
    told = scenario("SEC-01", heavy=heavy)(play)

    @told.check
    def it_is_one(seen: object) -> Verdict:
        """It is one."""
        return equal(seen, 1, ones=1.0)

    @told.harm
    def it_is_no_harm(seen: object) -> Verdict:
        """It is no harm."""
        return equal(seen is not None, True)

    return told


def raising(error: Exception) -> Callable[[], object]:
    def fail() -> object:
        raise error

    return fail


def played(told: Scenario[object], bank: Bank, **how: object) -> dict[str, Evidence]:
    pieces = run([told], acme(), bank, run_id="r", target="acme", **how)  # type: ignore[arg-type]
    return {piece.check: piece for piece in pieces}


def test_a_check_that_holds_has_passed_and_keeps_its_measures(bank: Bank) -> None:
    piece = played(story(lambda: 1), bank)["it_is_one"]
    assert (piece.outcome, piece.measures, piece.sentence, piece.harm) == (
        Outcome.PASSED,
        {"ones": 1.0},
        "It is one.",
        False,
    )


def test_a_check_that_does_not_hold_has_failed_and_shows_both_sides(bank: Bank) -> None:
    piece = played(story(lambda: 2), bank)["it_is_one"]
    assert (piece.outcome, piece.observed, piece.expected) == (Outcome.FAILED, 2, 1)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Unsupported("the product offers no merge"), Outcome.UNSUPPORTED),
        (Refused("forbidden", status=403), Outcome.FAILED),
        (NotTestable("no clock to move"), Outcome.NOT_TESTABLE),
        (NotProven("9,000 more are needed"), Outcome.UNSCORED),
        (BenchFault("no reply"), Outcome.BLOCKED),
        (ZeroDivisionError("ours"), Outcome.BLOCKED),
    ],
)
def test_what_ends_a_story_is_the_outcome_of_all_its_checks(bank: Bank, error: Exception, outcome: Outcome) -> None:
    pieces = played(story(raising(error)), bank)
    assert {name: piece.outcome for name, piece in pieces.items()} == {"it_is_one": outcome, "it_is_no_harm": outcome}


def test_a_fault_of_ours_names_itself_in_one_short_line(bank: Bank) -> None:
    piece = played(story(raising(ZeroDivisionError("ours\n" + "x" * 1000))), bank)["it_is_one"]
    assert piece.note.startswith("ZeroDivisionError: ours x")
    assert len(piece.note) == 300


def test_a_check_that_reads_a_refused_answer_has_failed_and_the_others_are_judged(bank: Bank) -> None:
    @scenario("SEC-01")
    def reading(crm: CRM, bank: Bank) -> object:
        """A customer who is not there is read."""
        return crm.get(Customer, "nobody")

    @reading.check
    def it_has_a_name(seen: object) -> Verdict:
        """It has a name."""
        return equal(seen.value["name"], "x")  # type: ignore[attr-defined]

    @reading.check
    def the_reason_is_told(seen: object) -> Verdict:
        """The reason is told."""
        return equal(seen.reason, "not-found")  # type: ignore[attr-defined]

    pieces = played(reading, bank)
    assert pieces["it_has_a_name"].outcome is Outcome.FAILED
    assert "not-found" in pieces["it_has_a_name"].note
    assert pieces["the_reason_is_told"].outcome is Outcome.PASSED
    assert len(pieces["the_reason_is_told"].exchanges) == 2  # sign-in and read


def test_a_verb_that_the_vendor_lacks_is_unsupported(bank: Bank) -> None:
    @scenario("CUS-18")
    def merging(crm: CRM, bank: Bank) -> object:
        """Two become one."""
        return crm.merge("a", "b").value

    @merging.check
    def one_is_left(seen: object) -> Verdict:
        """One is left."""
        return equal(seen, 1)

    piece = played(merging, bank)["one_is_left"]
    assert (piece.outcome, piece.note) == (Outcome.UNSUPPORTED, "the product offers no merge")


def test_a_measure_that_is_no_number_blocks_its_check_instead_of_passing_for_zero(bank: Bank) -> None:
    told = story(lambda: 1)

    @told.check
    def it_is_measured(seen: object) -> Verdict:
        """It is measured."""
        return equal(1, 1, p99_ms=float("nan"))

    piece = played(told, bank)["it_is_measured"]
    assert (piece.outcome, piece.measures) == (Outcome.BLOCKED, {})


def test_a_story_that_takes_too_long_is_cut_off_and_sends_nothing_more(bank: Bank) -> None:
    server, gate, late = AcmeServer(), threading.Event(), []

    @scenario("SEC-01")
    def dawdling(crm: CRM, bank: Bank) -> object:
        """A story that never ends."""
        gate.wait(5)
        late.append(raising_of(lambda: crm.get(Customer, "nobody")))
        return 1

    dawdling.check(story(lambda: 1).checks[0].judge)
    piece = next(iter(run([dawdling], acme(server), bank, run_id="r", target="acme", timeout=0.05)))
    gate.set()
    for thread in [one for one in threading.enumerate() if one.name == "story"]:
        thread.join(5)
    assert piece.outcome is Outcome.BLOCKED
    assert "0.05 s" in piece.note
    assert (late, server.asked) == ([BenchFault], 0)


def test_a_story_with_more_patience_is_not_cut_off_before_it(bank: Bank) -> None:
    @scenario("SEC-01", full=FullSize(play=lambda crm, bank: threading.Event().wait(0.1), told="longer", seconds=5.0))
    def lasting(crm: CRM, bank: Bank) -> object:
        """A story that lasts."""
        return 1

    lasting.check(story(lambda: 1).checks[0].judge)
    piece = next(iter(run([lasting.in_full()], acme(AcmeServer()), bank, run_id="r", target="acme", timeout=0.01)))
    assert "cut off" not in piece.note


def raising_of(step: Callable[[], object]) -> type[BaseException] | None:
    try:
        step()
    except Exception as error:
        return type(error)
    return None


def test_heavy_stories_come_last(bank: Bank) -> None:
    told = [story(lambda: 1, name="big", heavy=True), story(lambda: 1, name="small")]
    order = [piece.scenario for piece in run(told, acme(), bank, run_id="r", target="acme")]
    assert order == ["small", "small", "big", "big"]


def test_progress_is_told_before_each_story_and_at_the_end(bank: Bank) -> None:
    heard: list[tuple[str, int, int]] = []
    told = [story(lambda: 1, name="one"), story(lambda: 1, name="two")]
    list(run(told, acme(), bank, run_id="r", target="acme", progress=lambda *words: heard.append(words)))
    assert heard == [("one", 0, 2), ("two", 1, 2), ("", 2, 2)]


@pytest.mark.parametrize(("until", "outcome"), [(date(2026, 6, 30), "not_applicable"), (date(2026, 6, 29), "passed")])
def test_a_waiver_takes_a_criterion_out_until_it_expires(bank: Bank, until: date, outcome: str) -> None:
    waiver = Waiver(criterion="SEC-01", by="Ada Wong", reason="no cards yet", until=until)
    piece = played(story(lambda: 1), bank, waivers=[waiver])["it_is_one"]
    assert piece.outcome == outcome
    assert ("Ada Wong" in piece.note) is (outcome == "not_applicable")


# -- with a store ----------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "run", manifest()) as made:
        yield made


def manifest() -> object:
    return describe(run="r", target="acme", title="Acme", started=START, bank={"digest": "d"}, catalogue="c")


def test_what_is_on_file_is_not_played_again(bank: Bank, store: Store) -> None:
    plays: list[int] = []
    told = story(lambda: plays.append(1) or 1)
    first = list(run([told], acme(), bank, run_id="r", target="acme", store=store))
    second = list(run([told], acme(), bank, run_id="r", target="acme", store=store))
    assert (plays, second) == ([1], first)
    assert store.state == "done"


def test_only_blocked_checks_are_judged_again_and_the_new_piece_supersedes_the_old(bank: Bank, store: Store) -> None:
    seen: list[object] = [2, 1]
    told = story(lambda: seen.pop(0))

    @told.check
    def our_bench_holds(value: object) -> Verdict:
        """Our bench holds."""
        return equal(1 if value == 1 else 1 / 0, 1)

    before = {p.check: p.outcome.value for p in run([told], acme(), bank, run_id="r", target="a", store=store)}
    again = run([told], acme(), bank, run_id="r", target="a", store=store, retry_blocked=True)
    after = {piece.check: piece.outcome.value for piece in again}
    assert before == {"it_is_one": "failed", "it_is_no_harm": "passed", "our_bench_holds": "blocked"}
    assert after == {"it_is_one": "failed", "it_is_no_harm": "passed", "our_bench_holds": "passed"}
    assert {piece.check: piece.outcome.value for piece in store.evidence()} == after
    assert len(list(store.pieces())) == 4


def test_a_stop_is_heard_between_stories_and_the_rest_is_played_on_resuming(bank: Bank, store: Store) -> None:
    told = [story(lambda: store.request_stop() or 1, name="one"), story(lambda: 1, name="two")]
    first = [piece.scenario for piece in run(told, acme(), bank, run_id="r", target="acme", store=store)]
    assert (set(first), store.state) == ({"one"}, "stopped")
    store.close()
    with Store.resume(store.folder) as resumed:
        rest = [piece.scenario for piece in run(told, acme(), bank, run_id="r", target="acme", store=resumed)]
        assert (set(rest), resumed.state) == ({"one", "two"}, "done")


def test_a_disk_that_takes_no_more_ends_the_run_and_is_no_evidence(bank: Bank, store: Store) -> None:
    def full(*_: object) -> object:
        raise StoreError("cannot write exchanges.jsonl: No space left on device")

    with pytest.raises(StoreError, match="No space left"):
        list(run([story(full)], acme(), bank, run_id="r", target="acme", store=store))
    assert store.evidence() == ()


def test_each_play_has_a_nonce_of_its_own_that_follows_from_the_run(bank: Bank) -> None:
    nonces: list[str] = []

    @scenario("SEC-01")
    def naming(crm: CRM, bank: Bank) -> object:
        """Something is named."""
        nonces.append(crm.acting_as(crm.actor).nonce)
        return 1

    naming.check(story(lambda: 1).checks[0].judge)
    for run_id in ("r1", "r2", "r1"):
        list(run([naming], acme(), bank, run_id=run_id, target="acme"))
    assert nonces[0] == nonces[2] != nonces[1]


def test_a_run_that_was_killed_goes_on_with_the_story_that_was_cut_short(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    killed = subprocess.run([sys.executable, "-m", "tests.scenarios.killed", str(folder)], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    with Store.resume(folder) as store:
        before = store.evidence()
        told, server = stories(deadly=False), AcmeServer()
        crm = acme(server)
        pieces = list(run(told, crm, bank_of_the_killed(), run_id="r", target="acme", store=store))
        begun = [piece.scenario for piece in pieces]
        store.verify()
    assert [piece.scenario for piece in before] == ["one"]
    assert begun == ["one", "two", "three"]
    assert pieces[0] == before[0]
    assert server.asked == 3  # one sign-in and two stories: what was done is not asked again
