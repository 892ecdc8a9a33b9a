"""Store: a run survives crashes and full disks, and shows every byte that was changed."""

import os
import resource
import signal
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.actors import Actor
from scenarios.evidence import Evidence, Outcome
from scenarios.manifest import describe
from scenarios.port import Reply, Request
from scenarios.recording import Recording
from scenarios.store import LONGEST_KEPT, Store, StoreError
from tests.doubles import START

MANIFEST = describe(
    run="r",
    target="acme",
    title="Acme",
    started=START,
    bank={"digest": "d"},
    catalogue="c",
    labels=("weakened",),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "run", MANIFEST) as made:
        yield made


def piece(check: str, *, outcome: Outcome = Outcome.PASSED, supersedes: str | None = None) -> Evidence:
    return Evidence(
        run="r",
        target="acme",
        criterion="SEC-01",
        scenario="s",
        check=check,
        sentence="It holds.",
        outcome=outcome,
        started=START,
        supersedes=supersedes,
    )


def exchanged(store: Store, times: int = 1) -> list[str]:
    recording = Recording(store, scenario="s")
    reply = Reply(status=200, headers={}, body=b"{}")
    request = Request(method="GET", path="/v1/x", headers={"Authorization": "Bearer abcdef123456"})
    for _ in range(times):
        recording.keep(actor=Actor.RM_A, verb="get", request=request, reply=reply, at=START)
    return recording.ids


def test_what_was_added_is_read_back(store: Store) -> None:
    store.add([piece("a"), piece("b")])
    read = Store.open(store.folder)
    assert [one.check for one in read.evidence()] == ["a", "b"]
    assert (read.manifest, read.state) == (MANIFEST, "running")


def test_superseded_evidence_stays_on_file_and_no_longer_counts(store: Store) -> None:
    store.add([piece("a", outcome=Outcome.BLOCKED)])
    ((own, _),) = store.standing()
    store.add([piece("a", supersedes=own)])
    assert [one.outcome for one in store.evidence()] == [Outcome.PASSED]
    assert len(list(store.pieces())) == 2


def test_exchanges_are_found_by_id(store: Store) -> None:
    ids = exchanged(store, 3)
    found = Store.open(store.folder).exchanges([ids[2], ids[0]])
    assert [one.id for one in found] == ["x000003", "x000001"]
    assert "abcdef" not in found[0].request.headers["Authorization"]


def test_an_exchange_that_is_not_on_file_is_named(store: Store) -> None:
    exchanged(store)
    with pytest.raises(StoreError, match="no exchange x000099"):
        store.exchanges(["x000099"])


@pytest.mark.parametrize("name", ["manifest.json", "head.json", "evidence.jsonl", "exchanges.jsonl"])
def test_one_changed_byte_in_any_file_is_found_and_the_file_is_named(store: Store, name: str) -> None:
    exchanged(store, 2)
    store.add([piece("a"), piece("b")])
    path = store.folder / name
    data = path.read_bytes()
    for where in range(0, len(data), max(1, len(data) // 12)):
        path.write_bytes(data[:where] + bytes([data[where] ^ 1]) + data[where + 1 :])
        with pytest.raises(StoreError, match=name.replace(".", r"\.")):
            Store.open(store.folder).verify()
    path.write_bytes(data)
    Store.open(store.folder).verify()


def test_the_line_that_was_changed_is_named_with_the_remedy(store: Store) -> None:
    store.add([piece("a"), piece("b", outcome=Outcome.FAILED)])
    path = store.folder / "evidence.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"failed"', b'"passed"'))
    with pytest.raises(StoreError, match=r"evidence\.jsonl line 2 differs .* restore the run folder"):
        Store.open(store.folder).evidence()


def test_a_tail_that_was_cut_off_is_missed(store: Store) -> None:
    store.add([piece("a"), piece("b")])
    path = store.folder / "evidence.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(StoreError, match="ends after line 1 where 2 were written"):
        Store.open(store.folder).verify()


def test_a_missing_file_of_a_run_is_named(store: Store) -> None:
    (store.folder / "head.json").unlink()
    with pytest.raises(StoreError, match=r"head\.json is missing"):
        Store.open(store.folder).verify()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"layout": 99}', b"\xff"])
def test_a_folder_with_a_broken_manifest_is_no_run(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"manifest\.json is not the manifest of a run"):
        Store.open(tmp_path)


def test_a_folder_without_a_run_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no run in .* `touchstone run` makes one"):
        Store.open(tmp_path)


def test_a_run_is_not_begun_where_one_is(store: Store) -> None:
    with pytest.raises(StoreError, match="holds a run already"):
        Store.create(store.folder, MANIFEST)


def test_two_do_not_write_the_same_run(store: Store) -> None:
    with pytest.raises(StoreError, match="being written by another process"):
        Store.resume(store.folder)


def test_a_stop_is_asked_for_through_the_folder_and_forgotten_on_resuming(store: Store) -> None:
    Store.open(store.folder).request_stop()
    assert store.stop_requested()
    store.close()
    with Store.resume(store.folder) as resumed:
        assert not resumed.stop_requested()


def test_a_long_reply_is_kept_whole_beside_the_lines_and_guarded_like_them(store: Store) -> None:
    recording = Recording(store, scenario="s")
    long = Reply(status=200, headers={}, body=b"[" + b"1234567," * 40_000 + b"0]")
    for _ in range(2):
        request = Request(method="GET", path="/v1/exports/customers")
        recording.keep(actor=Actor.RM_A, verb="export", request=request, reply=long, at=START)
    store.add([piece("a")])
    (path,) = (store.folder / "bodies").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600, "what a target answered is for its owner alone"
    (line, _) = store.exchange_lines(recording.ids)
    assert store.long_body(line["reply"]["body"]["sha256"]) == long.body
    store.verify()
    data = path.read_bytes()
    path.write_bytes(data[:-3] + b"xyz")
    with pytest.raises(StoreError, match=rf"{path.name} differs"):
        store.verify()
    path.unlink()
    with pytest.raises(StoreError, match=rf"{path.name} is missing"):
        store.verify()


def test_a_reply_that_swells_beyond_all_bounds_is_not_unpacked(store: Store) -> None:
    bomb = store.folder / "bodies" / f"{'ab' * 32}.zz"
    bomb.parent.mkdir()
    bomb.write_bytes(zlib.compress(b"0" * (LONGEST_KEPT + 1), level=1))
    with pytest.raises(StoreError, match="differs from what was written"):
        store.long_body("ab" * 32)


@pytest.mark.parametrize("name", ["../../../etc/passwd", "ab" * 31, "AB" * 32, "ab" * 32 + "/.."])
def test_a_run_folder_cannot_point_outside_itself(store: Store, name: str) -> None:
    with pytest.raises(StoreError, match="names a reply"):
        store.long_body(name)


def test_a_full_disk_is_one_clear_line_and_the_run_goes_on_where_it_was(store: Store) -> None:
    store.add([piece("a")])
    size = (store.folder / "evidence.jsonl").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, hard))
    try:
        with pytest.raises(StoreError, match=r"cannot write .*evidence\.jsonl.*make room, then resume the run") as told:
            store.add([piece("b")])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "\n" not in str(told.value)
    store.close()
    with Store.resume(store.folder) as resumed:
        assert not resumed.torn
        resumed.add([piece("b")])
        resumed.verify()
        assert [one.check for one in resumed.evidence()] == ["a", "b"]


def test_a_run_that_was_killed_is_resumed_without_loss(tmp_path: Path) -> None:
    """A child writes exchanges without end and is killed in the middle; all that was added before stands."""
    folder = tmp_path / "run"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.scenarios.endless", str(folder)], stdout=subprocess.PIPE, cwd=Path.cwd()
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"added\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait(10)
    child.stdout.close()
    with (folder / "exchanges.jsonl").open("ab") as file:
        file.write(b'{"id":"torn')
    with Store.resume(folder) as resumed:
        assert resumed.torn
        assert [one.check for one in resumed.evidence()] == ["a"]
        before = resumed.taken
        assert before >= 3
        exchanged(resumed)
        resumed.add([piece("b")])
        resumed.verify()
        assert resumed.taken == before + 1
