"""Users: the pool that carries arrivals; each drives a connector's generators over a session of its own."""

import random
import ssl
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from gevent.queue import SimpleQueue
from locust import FastHttpUser, task
from locust.contrib.fasthttp import FAILURE_EXCEPTIONS
from locust.exception import StopUser
from locust.user.task import LOCUST_STATE_RUNNING, LOCUST_STATE_STOPPING, LOCUST_STATE_WAITING

from loadtests.agent.recorder import Recorder
from loadtests.agent.scheduler import Scheduler
from loadtests.agent.wire import Answer, Asking, Wire
from loadtests.arrivals import Arrival, pick
from loadtests.plan import Plan
from loadtests.steps import Step, turn
from loadtests.workload import Stop, pause
from scenarios.actors import Actor
from scenarios.answers import Session
from scenarios.port import BenchFault, Connector, Refused, Reply, Request, drive


class Job:
    """What all users of one run share: the plan, the queue of arrivals, the sessions and the recorder."""

    def __init__(self, plan: Plan, connector: Connector) -> None:
        """Prepare."""
        self.plan, self.connector = plan, connector
        self.queue: SimpleQueue[Arrival] = SimpleQueue()
        self.sessions: dict[Actor, Session] = {}
        self.recorder = Recorder()
        self.start = 0.0
        self.finished = self.ready = 0
        self.unreachable = ""
        load = plan.workload
        self.weights = [(name, weight) for name, weight in load.mix.items() if weight > 0]
        self.stops: dict[str, tuple[Stop, ...]] = {name: load.stops(name) for name, _ in self.weights}
        self.steps: dict[str, Step] = {name: load.step(name) for name in load.played()}
        self.scheduler: Scheduler | None = None
        #: Whether an answer may call for another arrival, or a batch is at work: the run lasts to its end then.
        self.calls = load.arrivals == "closed" or load.batch is not None or bool(load.journeys)
        self._tls = ssl.create_default_context(cafile=plan.authority)

    def release(self, arrival: Arrival) -> None:
        """Hand an arrival that is due to whoever is free."""
        self.recorder.expect(int(arrival.due))
        self.queue.put_nowait(arrival)

    def ended(self, arrival: Arrival, name: str, *, well: bool) -> None:
        """Count an arrival as finished and call the next that follows from it: of its journey, or of a closed crowd."""
        self.finished += 1
        self.recorder.settle(int(arrival.due))
        assert self.scheduler is not None
        load, stops, now = self.plan.workload, self.stops[name], time.monotonic() - self.start
        if well and arrival.place + 1 < len(stops):
            place = arrival.place + 1
            due = now + pause(stops[place], load.seed, arrival.number, place)
            self.scheduler.follow(arrival._replace(due=due, place=place))
        elif load.arrivals == "closed":
            number = arrival.number + load.users
            draw = random.Random(f"{load.seed}/draw/{number}").random()
            self.scheduler.follow(Arrival(number, now, draw))

    def tls(self, cafile: str | None = None) -> ssl.SSLContext:
        """Return the client context of all users: it trusts the target's authority alone and checks its name.

        ``cafile`` is left unread: it would make every public authority a trusted one, anew for each connection.
        """
        return self._tls


class Carrier(FastHttpUser):
    """Carries one arrival after the other; how many there are decides how many requests can be under way."""

    abstract = True
    job: Job
    insecure = False
    concurrency = 1
    network_timeout = 30.0
    connection_timeout = 10.0
    _wire: Asking | None = None

    def on_start(self) -> None:
        """Open the connection before the clock runs: a handshake belongs to nobody's latency."""
        try:
            self.exchange(Request(method="GET", path="/"), None)
            self.job.ready += 1
        except BenchFault as fault:
            self.job.unreachable = str(fault)

    @task
    def carry(self) -> None:
        """Take arrivals from the queue until the end."""
        while True:
            if self._state == LOCUST_STATE_STOPPING:
                raise StopUser
            self._state = LOCUST_STATE_WAITING  # may be ended while idle
            arrival = self.job.queue.get()
            self._state = LOCUST_STATE_RUNNING
            name = pick(arrival.draw, self.job.weights)
            stop = self.job.stops[name][arrival.place]
            line = Line(self, stop.step, self.job.start + arrival.due)
            self.job.ended(arrival, name, well=line.play(arrival.number, arrival.place))

    def exchange(self, request: Request, session: Session | None) -> Reply:
        """Send one request over this user's connection; raises BenchFault if no answer comes."""
        path = f"{request.path}?{urlencode(request.query)}" if request.query else request.path
        headers = {**(session.headers if session else {}), **request.headers}
        body: Any = request.content
        if body is None and request.json is not None:
            body, headers["Content-Type"] = orjson.dumps(request.json), "application/json"
        began = time.monotonic()
        answer = self.wire().ask(request.method, path, body, headers)
        return Reply(status=answer.status, headers=answer.headers, body=answer.body, seconds=time.monotonic() - began)

    def wire(self) -> Asking:
        """Return what holds this user's connection to the target: Locust's client, or the raw one."""
        if self._wire is None:
            plan = self.job.plan
            if plan.workload.client == "raw":
                limits = {"connect_within": self.connection_timeout, "answer_within": self.network_timeout}
                self._wire = Wire(plan.url, self.job.tls(), **limits)
            else:
                self._wire = Fast(self.client.client.clientpool.get_client(plan.url))
        return self._wire


class Fast:
    """The connection of Locust's quick session, without the bookkeeping of its statistics, which nobody reads here."""

    def __init__(self, client: Any) -> None:
        """Take the client that holds the connection."""
        self._client = client

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send a request and wait for its answer; raises BenchFault if none comes."""
        try:
            answer = self._client.request(method, path, body=body, headers=headers)
            content = bytes(answer.read())
        except FAILURE_EXCEPTIONS as fault:
            raise BenchFault(f"{type(fault).__name__}: {fault}") from fault
        return Answer(answer.status_code, {name.lower(): value for name, value in answer.headers}, content)


class _Complete(Exception):
    """The last reply of a step is in."""


class Line:
    """One arrival's requests: the first counts from the moment it was due, the next ones from sending."""

    def __init__(self, user: Carrier, name: str, due: float, kind: str | None = None) -> None:
        """Prepare a step; ``due`` is monotonic, ``kind`` the class it counts as if not its own."""
        job = user.job
        step = job.steps[name]
        self._user, self._name, self._step, self._left = user, name, step, step.requests
        self._as, self._session = kind, job.sessions.get(step.actor)
        self._due: float | None = due
        self._second = int(due - job.start)

    def play(self, number: int, place: int = 0) -> bool:
        """Play the step and return whether it ended well; what went wrong is recorded."""
        job, plan = self._user.job, self._user.job.plan
        material = turn(number, plan.workload.seed, plan.mark, plan.people, place)
        try:
            drive(self._step.play(job.connector, material), self.send, job.connector.error_of)
        except _Complete:
            return True
        except Refused as no:
            job.recorder.blame(self._name, str(no))
        except BenchFault as fault:
            job.recorder.blame(self._name, f"fault: {fault}")
        except Exception as fault:  # a mapping that stumbles over a reply must not end the run, nor pass unseen
            self.spoil()
            job.recorder.blame(self._name, f"{type(fault).__name__}: {fault}")
        else:
            return True
        return False

    def send(self, request: Request) -> Reply:
        sent = time.monotonic()
        intended, self._due = self._due if self._due is not None else sent, None
        kind = self._as or ("read" if request.method == "GET" else self._step.kind)
        try:
            reply = self._user.exchange(request, self._session)
        except BenchFault:
            self._keep(kind, "fault", intended, sent)
            raise
        outcome = self._outcome(reply)
        self._keep(kind, outcome, intended, sent)
        self._left -= 1
        if not self._left and outcome == "ok":
            raise _Complete
        return reply

    def spoil(self) -> None:
        """Count an answer that could not be understood as an error."""
        now = time.monotonic()
        self._keep(self._as or self._step.kind, "fault", now, now)

    def _outcome(self, reply: Reply) -> str:
        connector = self._user.job.connector
        if connector.throttle_of(reply) is not None:
            return "throttled"
        return "refused" if connector.error_of(reply) is not None else "ok"

    def _keep(self, kind: str, outcome: str, intended: float, sent: float) -> None:
        now, recorder = time.monotonic(), self._user.job.recorder
        recorder.keep(self._second, self._name, kind, outcome, now - intended, now - sent)
