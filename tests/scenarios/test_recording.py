"""Recording: every exchange is kept, under an id, without its secrets."""

from concurrent.futures import ThreadPoolExecutor

from scenarios.actors import Actor
from scenarios.port import Reply, Request
from scenarios.recording import Memory, Nowhere, Recording
from tests.doubles import START

REQUEST = Request(method="GET", path="/x", headers={"Authorization": "Bearer abcdef123456"})
REPLY = Reply(status=200, headers={}, body=b"{}")


def keep(recording: Recording, fault: str = "") -> str:
    return recording.keep(
        actor=Actor.RM_A, verb="get", request=REQUEST, reply=None if fault else REPLY, at=START, fault=fault
    )


def test_ids_are_told_in_order_and_found_in_memory() -> None:
    memory = Memory()
    recording = Recording(memory, scenario="s")
    assert [keep(recording), keep(recording)] == recording.ids == ["x000001", "x000002"]
    assert [one.id for one in memory.exchanges] == recording.ids
    assert memory.taken == 2


def test_what_is_kept_holds_no_token() -> None:
    memory = Memory()
    keep(Recording(memory), fault="Bearer abcdef123456 was sent in vain")
    assert "abcdef" not in repr(memory.exchanges)
    assert memory.exchanges[0].reply is None


def test_threads_never_share_an_id() -> None:
    memory = Memory()
    recording = Recording(memory)
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: keep(recording), range(200)))
    assert len(set(ids)) == len(memory.exchanges) == 200


def test_nowhere_counts_and_forgets() -> None:
    nowhere = Nowhere()
    assert keep(Recording(nowhere)) == "x000001"
    assert nowhere.taken == 1
