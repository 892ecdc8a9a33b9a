"""Run: one load run from sign-in to the last answer, whole or one worker's share of it."""

import gc
import importlib
import importlib.metadata
import time
from collections.abc import Callable, Iterator
from typing import Any

import gevent
from locust.env import Environment
from locust.event import Events

from loadtests.agent.beside import Beside
from loadtests.agent.diary import Diary, Rows, Tell, say
from loadtests.agent.health import Health
from loadtests.agent.scheduler import Scheduler
from loadtests.agent.users import Carrier, Job
from loadtests.arrivals import Arrival, arrivals, crowd
from loadtests.crew import WHOLE, Share
from loadtests.plan import Plan
from scenarios.port import Connector, Request, drive

#: Seconds after the last arrival within which answers still count as answers.
GRACE = 10.0
#: Seconds until all connections of the pool must stand.
PREPARE = 60.0


def connector_of(name: str) -> Connector:
    """Return a connector by the name under which an installed package offers it, or by ``module:Class``."""
    if ":" in name:
        module, _, kind = name.partition(":")
        own: Connector = getattr(importlib.import_module(module), kind)()
        return own
    for entry in importlib.metadata.entry_points(group="touchstone.connectors", name=name):
        made: Connector = entry.load()()
        return made
    raise LookupError(f"no installed package offers the connector {name!r}")


class Run:
    """One load run from sign-in to the last answer; of several workers each makes its share of it."""

    def __init__(self, plan: Plan, share: Share = WHOLE, tell: Tell = say) -> None:
        """Prepare the pool and the schedule; ``tell`` takes what is to be known while it goes on."""
        self.plan, self.share, self._tell = plan, share, tell
        self.users = share.users(plan.workload.users)
        self.job = Job(plan, connector_of(plan.connector))
        carrier = type("Carriers", (Carrier,), {"job": self.job, "host": plan.url, "ssl_context_factory": self.job.tls})
        self.environment = Environment(
            user_classes=[carrier],
            events=Events(),  # type: ignore[no-untyped-call]
            host=plan.url,
            stop_timeout=1,
        )
        self.runner: Any = self.environment.create_local_runner()
        self.stopped = False

    def prepare(self) -> None:
        """Sign every actor in and open all connections; raises what the target refused, or TimeoutError."""
        envoy = self.runner.user_classes[0](self.environment)
        for actor in sorted({step.actor for step in self.job.steps.values()}):
            credential = self.plan.credentials[actor]
            connector = self.job.connector
            self.job.sessions[actor] = (
                connector.session_of(credential.token)
                if credential.token
                else drive(connector.sign_in(credential), lambda r: envoy.exchange(r, None), connector.error_of)
            )
        users = self.users
        self.runner.start(users, spawn_rate=max(100, users))
        deadline = time.monotonic() + PREPARE
        while self.job.ready < users:
            if self.job.unreachable:
                raise ConnectionError(f"{self.plan.url} cannot be reached: {self.job.unreachable}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"only {self.job.ready} of {users} connections stood within {PREPARE:.0f} s")
            gevent.sleep(0.05)

    def press(self, rows: Rows, start: float | None = None) -> dict[str, object]:
        """Release all arrivals, wait for their answers, write the rows and return the run's other figures.

        ``start`` is the monotonic moment from which arrivals count; half a second from now if not named.
        """
        load = self.plan.workload
        beside = self._beside()
        gc.collect()
        gc.freeze()
        health = Health()
        now = time.monotonic()
        self.job.start = now + 0.5 if start is None else start
        began = time.time() + self.job.start - now
        self._tell({"clock": began})
        scheduler = Scheduler(self._due(), self.job.start, load.profile.seconds, self.job.release)
        self.job.scheduler = scheduler
        scheduler.run()
        batch = beside() if beside else None
        diary = Diary(self.job.recorder, load.promises(), rows, lambda: self._own(scheduler, health), self._tell)
        self._follow(scheduler, diary)
        health.stop()
        worked = batch.end() if batch else {}
        diary.close()
        lag = {f"dispatch_lag_p{name}_ms": _ms(scheduler.lag.quantile(q)) for name, q in (("99", 0.99), ("999", 0.999))}
        return {
            "began": began,
            "released": scheduler.released,
            "finished": self.job.finished,
            "dropped": 0 if self.stopped else scheduler.overdue(load.profile.seconds),
            "stopped_early": self.stopped,
            "generator": {**health.as_dict(), **lag},
            "lags": {"dispatch": scheduler.lag.counts, "loop": health.loop_lag.counts},
            "batch": worked,
            "errors": self.job.recorder.errors,
        }

    def end(self) -> None:
        """Let all connections go."""
        self.runner.quit()

    def _due(self) -> Iterator[Arrival]:
        """Yield this worker's arrivals: every worker walks the same schedule."""
        load, (worker, workers) = self.plan.workload, self.share
        if load.arrivals == "closed":
            return (one for one in crowd(load.users, load.rate, load.seed) if one.number % workers == worker)
        return arrivals(load.profile, load.arrivals, load.seed, worker=worker, workers=workers)

    def _own(self, scheduler: Scheduler, health: Health) -> dict[str, object]:
        """Return how the generator stands: arrivals released and finished so far, worst lag of its loop since asked."""
        return {"released": scheduler.released, "finished": self.job.finished, "loop_ms": health.worst_loop_ms()}

    def _beside(self) -> Callable[[], Beside] | None:
        """Connect the hands of a batch, and return what begins it; None if there is none."""
        load, batch = self.plan.workload, self.plan.workload.batch
        if batch is None or self.share.worker:
            return None  # a batch has its own few hands, which the first worker lends it
        hands = [self.runner.user_classes[0](self.environment) for _ in range(batch.hands)]
        for hand in hands:
            hand.exchange(Request(method="GET", path="/"), None)
        return lambda: Beside(self.job, batch, load.warm_up + batch.begins, hands)

    def _follow(self, scheduler: Scheduler, diary: Diary) -> None:
        length = self.plan.workload.profile.seconds
        while not self.stopped:
            gevent.sleep(0.1)
            now = time.monotonic() - self.job.start
            diary.turn(now)
            answered = scheduler.done and self.job.finished >= scheduler.released
            if (answered and (now >= length or not self.job.calls)) or now > length + GRACE:
                break
        scheduler.stop()


def _ms(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / 1000
