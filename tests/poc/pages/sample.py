"""Sample: a small assessment on disk, with evidence of all kinds, exchanges and a load test, for tests of the pages."""

from datetime import UTC, datetime
from pathlib import Path

from loadtests.result import LoadResult, Row
from loadtests.workload import workload
from scenarios.crm import Exchange
from scenarios.evidence import Evidence, Outcome
from scenarios.folders import AssessmentFolder
from scenarios.manifest import describe
from scenarios.port import Reply, Request
from scenarios.store import Store

#: The bin of a histogram that 40 ms fall into.
FORTY_MS = 6370
NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
BANK = {"digest": "ab" * 32, "seed": 7, "customers": 100, "profile": "cn-digital-bank"}
TARGETS = (
    ("reference", "Reference CRM", ()),
    ("leaky", "Leaky copy", ("deliberately weakened",)),
    ("cloud", "Cloud <CRM>", ("not verified live",)),
)


def write_sample(runs: Path, name: str = "sample") -> Path:
    """Write the assessment into a folder of runs and return its own folder."""
    folder = AssessmentFolder(runs, name)
    for target, title, labels in TARGETS:
        manifest = describe(
            run=name, target=target, title=title, started=NOON, bank=BANK, catalogue="c", labels=labels,
            settings={"url": "https://127.0.0.1:8443"},
        )  # fmt: skip
        with Store.create(folder.of(target), manifest) as store:
            ids = tuple(store.take(exchange(place), "story") for place in range(20))
            store.add(pieces(name, target, ids))
            store.set_state("done")
    pressed("reference").write(folder.of("reference"))
    return folder.path


def exchange(place: int) -> Exchange:
    headers = {"authorization": "Bearer [secret-0123456789]"}
    body = '{"name": "王"}'.encode()
    return Exchange(
        id="",
        actor="call-centre",
        verb="find",
        request=Request(method="GET", path=f"/v1/customers/{place}", headers=headers),
        reply=Reply(status=200, headers={"content-type": "application/json"}, body=body, seconds=0.012),
        at=NOON,
    )


def pieces(run: str, target: str, ids: tuple[str, ...]) -> list[Evidence]:
    weak = target == "leaky"
    cases = [
        ("SEC-02", "old_tls_is_refused", Outcome.FAILED if weak else Outcome.PASSED, True),
        ("SEC-02", "hsts_is_long_enough", Outcome.PASSED, False),
        ("SEC-08", "every_change_is_kept", Outcome.UNSUPPORTED if weak else Outcome.PASSED, False),
        ("CUS-02", "few_calls_suffice", Outcome.BLOCKED, False),
    ]
    return [
        Evidence(
            run=run, target=target, criterion=criterion, scenario="story", check=check,
            sentence=f"{check.replace('_', ' ').capitalize()}.", outcome=outcome, harm=harm, observed={"n": 3},
            expected="none", exchanges=ids, started=NOON,
        )
        for criterion, check, outcome, harm in cases
    ]  # fmt: skip


def pressed(target: str) -> LoadResult:
    """A load test of ten seconds with 100 reads of 40 ms in each."""
    rows = tuple(Row(second, "overview", "read", "response", "ok", FORTY_MS, 100) for second in range(13))
    return LoadResult(
        target=target, workload=workload("bank-peak").at(rate=100, seconds=10), began=0.0, released=1300, finished=1300,
        stopped_early=False, generator={}, errors={}, rows=rows,
    )  # fmt: skip
