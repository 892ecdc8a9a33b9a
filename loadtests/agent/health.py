"""Health: how the generator itself fares: loop lag, own CPU, pauses of the garbage collector."""

import gc
import time

import gevent
import psutil  # type: ignore[import-untyped]

from loadtests.histogram import Histogram

#: Heartbeat of the event loop in seconds.
_BEAT = 0.01


class Health:
    """Samples the generator while it runs."""

    def __init__(self) -> None:
        """Start sampling at once."""
        self.loop_lag = Histogram()
        self.cpu: list[float] = []
        self.machine: list[float] = []
        self.worst_pause = self._worst_loop = 0.0
        self._began = 0.0
        self._spent = time.process_time()
        gc.callbacks.append(self._pause)
        self._greenlets = [gevent.spawn(self._beat), gevent.spawn(self._watch)]

    def stop(self) -> None:
        """End sampling."""
        self._spent = time.process_time() - self._spent
        gevent.killall(self._greenlets)
        gc.callbacks.remove(self._pause)

    def _beat(self) -> None:
        while True:
            due = time.monotonic() + _BEAT
            gevent.sleep(_BEAT)
            late = time.monotonic() - due
            self.loop_lag.record(int(late * 1e6))
            self._worst_loop = max(self._worst_loop, late)

    def worst_loop_ms(self) -> float:
        """Return the worst lag of the event loop since it was last asked for, in ms."""
        worst, self._worst_loop = self._worst_loop, 0.0
        return worst * 1000

    def _watch(self) -> None:
        own = psutil.Process()
        own.cpu_percent()
        psutil.cpu_percent()
        while True:
            gevent.sleep(1)
            self.cpu.append(own.cpu_percent())
            self.machine.append(psutil.cpu_percent())

    def _pause(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.monotonic()
        else:
            self.worst_pause = max(self.worst_pause, time.monotonic() - self._began)

    def as_dict(self) -> dict[str, object]:
        """Return the figures (ms, percent of one core, seconds of processor, MiB at the end)."""
        cpu, machine = sorted(self.cpu), sorted(self.machine)
        return {
            "loop_lag_p99_ms": _ms(self.loop_lag, 0.99),
            "loop_lag_max_ms": _ms(self.loop_lag, 1.0),
            "cpu_p95_percent": cpu[int(0.95 * (len(cpu) - 1))] if cpu else None,
            "machine_p50_percent": machine[len(machine) // 2] if machine else None,
            "gc_pause_max_ms": self.worst_pause * 1000,
            "cpu_seconds": self._spent,
            "memory_mb": psutil.Process().memory_info().rss / 2**20,
        }


def _ms(histogram: Histogram, q: float) -> float | None:
    value = histogram.quantile(q)
    return None if value is None else value / 1000
