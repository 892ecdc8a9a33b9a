"""Hands: who makes the partitions: this process, several of this machine, or the workers of a Dask cluster."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from synthetic_data.folders.manifest import Part
from synthetic_data.folders.order import versions

Make = Callable[[int], Part]
#: Makes the partitions of these numbers, in any order, and tells of each when it is finished.
Hands = Callable[[Make, Sequence[int]], Iterator[Part]]

#: How often a partition whose worker was lost is begun again before a cluster gives it up.
TRIES = 3
#: Where nobody stands between two processes.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class HandsError(RuntimeError):
    """Those who make the partitions are gone; what they finished is kept."""


def here(make: Make, numbers: Sequence[int]) -> Iterator[Part]:
    """Make the partitions one after the other in this process."""
    yield from map(make, numbers)


def processes(count: int) -> Hands:
    """Hands of so many processes, each with the memory of a cell or two; one means this process itself."""
    return here if count == 1 else partial(_by_processes, count)


def _by_processes(count: int, make: Make, numbers: Sequence[int]) -> Iterator[Part]:
    context = multiprocessing.get_context("spawn")  # threads of Arrow do not survive a fork
    with ProcessPoolExecutor(min(count, max(1, len(numbers))), mp_context=context, initializer=_follow) as pool:
        left = {pool.submit(make, number) for number in numbers}
        try:
            while left:
                done, left = wait(left, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        except BrokenProcessPool as fault:
            raise HandsError(
                "a worker process was killed, perhaps for want of memory; run it again to go on, with fewer --workers"
            ) from fault
        finally:
            for future in left:
                future.cancel()


def _follow() -> None:
    """End this worker when the process that started it has ended, however that was."""
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def cluster(address: str) -> Hands:
    """Hands of a Dask cluster whose scheduler listens at an address such as ``tls://10.0.0.5:8786``.

    Its workers see the bank's folder under the same path, and run this very version. What a cluster sends runs code
    here, so it has to prove who it is: over TLS with keys of both sides (``distributed.comm.tls`` in Dask's own
    configuration); in clear only on this machine. Raises HandsError for any other address.
    """
    _refuse_in_clear(address)
    return partial(_by_cluster, address)


def _refuse_in_clear(address: str) -> None:
    protocol, _, place = address.rpartition("://")
    if protocol in ("", "tcp", "ucx", "ws") and urlsplit(f"//{place}").hostname not in LOOPBACK:
        raise HandsError(
            f"scheduler {address}: anybody between could send code to run here; serve it as tls:// with certificates"
        )


def _by_cluster(address: str, make: Make, numbers: Sequence[int]) -> Iterator[Part]:
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as fault:
        raise HandsError(f"scheduler {address}: does not answer; start it, or check the address") from fault
    with client:
        _refuse_strangers(client.run(versions), address)
        left = [client.submit(make, number, pure=False, retries=TRIES) for number in numbers]
        try:
            for future in distributed.as_completed(left, loop=client.loop):
                yield future.result()
        except distributed.KilledWorker as fault:
            raise HandsError(f"scheduler {address}: lost {TRIES} workers over one partition; see their logs") from fault
        finally:
            client.cancel(left)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as fault:
        raise HandsError("--scheduler: needs Dask; install touchstone-crm[dask]") from fault
    return distributed


def _refuse_strangers(told: dict[str, dict[str, str]], address: str) -> None:
    if not told:
        raise HandsError(f"scheduler {address}: has no workers; start one with `dask worker {address}`")
    for worker, theirs in told.items():
        for name, mine in versions().items():
            if theirs.get(name) != mine:
                raise HandsError(
                    f"worker {worker}: has {name} {theirs.get(name)} where {mine} is here; "
                    "install the same version everywhere"
                )
