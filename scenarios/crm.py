"""CRM: a target as one actor meets it: drives a connector over a wire, keeps exchanges, tells refusal from fault."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Concatenate, ParamSpec, TypeVar

from scenarios.actors import Actor, Credential
from scenarios.answers import Session
from scenarios.exchange import Answer as Answer
from scenarios.exchange import Clock as Clock
from scenarios.exchange import Exchange as Exchange
from scenarios.exchange import Handshake as Handshake
from scenarios.exchange import Recorder as Recorder
from scenarios.exchange import Sessions as Sessions
from scenarios.exchange import Wire as Wire
from scenarios.fuzzing import Fuzzer, FuzzReport
from scenarios.port import BenchFault, Connector, Refused, Reply, Request, Steps, Unsupported, drive
from scenarios.verdict import NotTestable

P = ParamSpec("P")
T = TypeVar("T")

#: How often a throttled request is sent again before the bench gives up and calls itself blocked.
PATIENCE = 5


def verb(
    method: Callable[Concatenate[Connector, P], Steps[T]],
) -> "Callable[Concatenate[CRM, P], Answer[T]]":
    """Make a CRM's verb of a connector's: same arguments, answers instead of steps."""
    name = method.__name__

    def ask(crm: "CRM", /, *args: P.args, **kwargs: P.kwargs) -> Answer[T]:
        return crm.ask(name, lambda: getattr(crm.connector, name)(*args, **kwargs))

    ask.__name__, ask.__doc__ = name, method.__doc__
    return ask


class CRM:
    """A target seen by one actor. ``acting_as`` gives it to another; all views share sessions and recorder.

    A verb raises ``Unsupported`` if the product lacks it and ``BenchFault`` if our own bench failed; a refusal is an
    answer until its value is read.
    """

    def __init__(
        self,
        connector: Connector,
        wire: Wire,
        *,
        credentials: Mapping[Actor, Credential],
        recorder: Recorder,
        clock: Clock,
        actor: Actor = Actor.INTEGRATION,
        sessions: Sessions | None = None,
        nonce: str = "0",
    ) -> None:
        """Join a connector to a wire in the name of an actor.

        ``nonce`` is short, made of 0-9 and a-z, and differs from play to play: stories name what they create by it,
        so that they can be played again on a system in use, and re-judged from what was stored.
        """
        self.connector, self.wire, self.credentials = connector, wire, credentials
        self.recorder, self.clock, self.actor = recorder, clock, actor
        self.sessions = sessions if sessions is not None else Sessions()
        self.nonce = nonce
        self.waits = True

    def acting_as(self, actor: Actor) -> "CRM":
        """Return the same target as another actor meets it."""
        return CRM(
            self.connector,
            self.wire,
            credentials=self.credentials,
            recorder=self.recorder,
            clock=self.clock,
            actor=actor,
            sessions=self.sessions,
            nonce=self.nonce,
        )

    def playing(self, *, wire: Wire, recorder: Recorder, nonce: str) -> "CRM":
        """Return the same target for one play: over a wire that can be cut, with a record and a nonce of its own."""
        return CRM(
            self.connector,
            wire,
            credentials=self.credentials,
            recorder=recorder,
            clock=self.clock,
            actor=self.actor,
            sessions=self.sessions,
            nonce=nonce,
        )

    def without_waiting(self) -> "CRM":
        """Return a view for which "too fast" is a refusal (reason ``throttled``) instead of a wait: to test rations."""
        view = self.acting_as(self.actor)
        view.sessions, view.waits = self.sessions, False
        return view

    def has(self, actor: Actor) -> bool:
        """Whether the target's settings say how this actor gets in (anonymous always does)."""
        return actor is Actor.ANONYMOUS or actor in self.credentials

    @property
    def credential(self) -> Credential:
        """Return what the actor signs in with; raises BenchFault if the settings do not say."""
        try:
            return self.credentials[self.actor]
        except KeyError:
            raise BenchFault(f"no credential for actor {self.actor}: add it to the target's settings") from None

    def offers(self, name: str) -> bool:
        """Whether the product has a verb."""
        return name in type(self.connector).verbs()

    # -- one request after the other -----------------------------------------------------------------------------
    def session(self) -> Session | None:
        """Return the actor's session, signing in on first use and before it runs out; None for anonymous.

        Raises Refused if sign-in is.
        """
        return self._session([], [])

    def _session(self, ids: list[str], replies: list[Reply]) -> Session | None:
        if self.actor is Actor.ANONYMOUS:
            return None
        with self.sessions.lock:
            held = self.sessions.held.get(self.actor)
            stale_at = self.sessions.stale_at.get(self.actor)
            if held is None or (stale_at is not None and self.clock.now() >= stale_at):
                held = self._enter(ids, replies)
                self.sessions.held[self.actor] = held
                if held.seconds is not None:
                    self.sessions.stale_at[self.actor] = self.clock.now() + timedelta(seconds=held.seconds * 0.8)
            return held

    def forget(self) -> None:
        """Drop the actor's session, so that the next verb signs in anew."""
        with self.sessions.lock:
            self.sessions.held.pop(self.actor, None)
            self.sessions.stale_at.pop(self.actor, None)

    def holding(self, session: Session | None) -> "CRM":
        """Return a view of the same actor with a session of its own (an old token, a second login)."""
        own = Sessions()
        if session is not None:
            own.held[self.actor] = session
        view = self.acting_as(self.actor)
        view.sessions, view.waits = own, self.waits
        return view

    def _enter(self, ids: list[str], replies: list[Reply]) -> Session:
        """Sign in; what was exchanged belongs to the answer only if it ended there."""
        credential = self.credential
        if credential.token is not None:
            return self.connector.session_of(credential.token)
        own_ids: list[str] = []
        own_replies: list[Reply] = []
        try:
            return drive(
                self.connector.sign_in(credential),
                lambda request: self._send("sign_in", request, None, own_ids, own_replies),
                self.connector.error_of,
            )
        except Refused:
            ids.extend(own_ids)
            replies.extend(own_replies)
            raise

    def ask(self, name: str, steps: Callable[[], Steps[T]]) -> Answer[T]:
        """Play one verb to its end and return the answer with its exchanges.

        Where nobody met the product, what is not written is not known to be lacking: NotTestable, not Unsupported.
        """
        try:
            return self._asked(name, steps)
        except Unsupported as lacking:
            if source := self.connector.from_documents:
                raise NotTestable(f"{lacking}, as far as its connector was written from {source}") from None
            raise

    def _asked(self, name: str, steps: Callable[[], Steps[T]]) -> Answer[T]:
        ids: list[str] = []
        replies: list[Reply] = []
        try:
            generator = steps()
            session = None if name == "sign_in" else self._session(ids, replies)
            given = drive(
                generator, lambda request: self._send(name, request, session, ids, replies), self.connector.error_of
            )
        except Refused as no:
            return _answer(None, no, ids, replies)
        return _answer(given, None, ids, replies)

    def fuzz(self, contract: Mapping[str, object], *, calls: int, seed: int, leave_out: tuple[str, ...]) -> FuzzReport:
        """Make generated calls against a machine contract as this actor; raises NotTestable over a wire that cannot."""
        if not isinstance(self.wire, Fuzzer):
            raise NotTestable("this way to the target cannot generate calls")
        session = self.session()
        headers = session.headers if session else {}
        return self.wire.fuzz(contract, calls=calls, seed=seed, headers=headers, leave_out=leave_out)

    def raw(self, request: Request) -> Answer[Reply]:
        """Send a request as it is (contract tests, forged tokens); any reply is a yes, judged by the caller."""
        ids: list[str] = []
        replies: list[Reply] = []
        try:
            reply = self._send("raw", request, self._session(ids, replies), ids, replies)
        except Refused as no:
            return _answer(None, no, ids, replies)
        return _answer(reply, None, ids, replies)

    def _send(
        self, name: str, request: Request, session: Session | None, ids: list[str], replies: list[Reply]
    ) -> Reply:
        for _ in range(PATIENCE):
            reply = self._once(name, request, session, ids)
            replies.append(reply)
            wait = self.connector.throttle_of(reply)
            if wait is None:
                return reply
            if not self.waits:
                raise Refused("throttled", status=reply.status, detail=f"again in {wait:g} s")
            self.clock.sleep(min(wait, 30.0))
            request = self.connector.again(request)
        raise BenchFault(f"{name} was throttled {PATIENCE} times in a row: slow down or declare the target's limit")

    def _once(self, name: str, request: Request, session: Session | None, ids: list[str]) -> Reply:
        at = self.clock.now()
        headers = {**(session.headers if session else {}), **request.headers}
        sent = Request(
            method=request.method,
            path=request.path,
            query=request.query,
            json=request.json,
            headers=headers,
            content=request.content,
            step=request.step or name,
        )
        try:
            reply = self.wire.send(sent)
        except BenchFault as fault:
            ids.append(
                self.recorder.keep(actor=self.actor, verb=name, request=sent, reply=None, at=at, fault=str(fault))
            )
            raise
        ids.append(self.recorder.keep(actor=self.actor, verb=name, request=sent, reply=reply, at=at))
        return reply

    # -- the verbs ------------------------------------------------------------------------------------------------
    sign_in = verb(Connector.sign_in)
    sign_out = verb(Connector.sign_out)
    renew = verb(Connector.renew)
    create = verb(Connector.create)
    get = verb(Connector.get)
    list = verb(Connector.list)
    find = verb(Connector.find)
    search = verb(Connector.search)
    update = verb(Connector.update)
    delete = verb(Connector.delete)
    unmask = verb(Connector.unmask)
    count = verb(Connector.count)
    export = verb(Connector.export)
    bulk = verb(Connector.bulk)
    revert = verb(Connector.revert)
    overview = verb(Connector.overview)
    duplicates = verb(Connector.duplicates)
    merge = verb(Connector.merge)
    unmerge = verb(Connector.unmerge)
    roll_up = verb(Connector.roll_up)
    subject_request = verb(Connector.subject_request)
    ticket_clock = verb(Connector.ticket_clock)
    ticket_act = verb(Connector.ticket_act)
    automate = verb(Connector.automate)
    trigger = verb(Connector.trigger)
    fired = verb(Connector.fired)
    subscribe = verb(Connector.subscribe)
    unsubscribe = verb(Connector.unsubscribe)
    register_key = verb(Connector.register_key)
    keyring = verb(Connector.keyring)
    rotate_key = verb(Connector.rotate_key)
    choose_cipher = verb(Connector.choose_cipher)
    encrypt_anew = verb(Connector.encrypt_anew)
    get_sealed = verb(Connector.get_sealed)
    history = verb(Connector.history)
    as_of = verb(Connector.as_of)
    restore = verb(Connector.restore)
    audit = verb(Connector.audit)
    audit_stream = verb(Connector.audit_stream)
    audit_seals = verb(Connector.audit_seals)
    audit_copy = verb(Connector.audit_copy)
    verify_audit = verb(Connector.verify_audit)
    tamper = verb(Connector.tamper)
    set_up_flow = verb(Connector.set_up_flow)
    retire_flow = verb(Connector.retire_flow)
    simulate_flow = verb(Connector.simulate_flow)
    propose = verb(Connector.propose)
    approval = verb(Connector.approval)
    decide = verb(Connector.decide)
    lend_approval = verb(Connector.lend_approval)
    policy = verb(Connector.policy)
    assign = verb(Connector.assign)
    disable = verb(Connector.disable)
    add_user = verb(Connector.add_user)
    contract = verb(Connector.contract)
    enrol_factor = verb(Connector.enrol_factor)
    confirm_factor = verb(Connector.confirm_factor)
    step_up = verb(Connector.step_up)
    issue_key = verb(Connector.issue_key)
    end_key = verb(Connector.end_key)
    provision = verb(Connector.provision)
    find_provisioned = verb(Connector.find_provisioned)
    deprovision = verb(Connector.deprovision)
    limit_idle = verb(Connector.limit_idle)
    view_as = verb(Connector.view_as)
    set_condition = verb(Connector.set_condition)
    lift_condition = verb(Connector.lift_condition)
    conditions = verb(Connector.conditions)
    set_rights = verb(Connector.set_rights)
    whoami = verb(Connector.whoami)
    trust_provider = verb(Connector.trust_provider)
    drop_provider = verb(Connector.drop_provider)
    link_subject = verb(Connector.link_subject)
    depart = verb(Connector.depart)
    arrive = verb(Connector.arrive)
    require_sign_on = verb(Connector.require_sign_on)
    ask_passkey = verb(Connector.ask_passkey)
    add_passkey = verb(Connector.add_passkey)
    challenge_passkey = verb(Connector.challenge_passkey)
    enter_with_passkey = verb(Connector.enter_with_passkey)
    open_tenant = verb(Connector.open_tenant)
    tenants = verb(Connector.tenants)
    close_tenant = verb(Connector.close_tenant)
    wall_off = verb(Connector.wall_off)
    take_wall_down = verb(Connector.take_wall_down)
    lineage = verb(Connector.lineage)
    alert_rules = verb(Connector.alert_rules)
    watch_for = verb(Connector.watch_for)
    alerts = verb(Connector.alerts)
    announce_leaver = verb(Connector.announce_leaver)
    attach = verb(Connector.attach)
    attachments = verb(Connector.attachments)
    read_attachment = verb(Connector.read_attachment)
    detach = verb(Connector.detach)
    now = verb(Connector.now)
    advance = verb(Connector.advance)


def _answer(given: T | None, refusal: Refused | None, ids: "list[str]", replies: "list[Reply]") -> Answer[T]:
    return Answer(
        given=given,
        refusal=refusal,
        seconds=sum(reply.seconds for reply in replies),
        exchanges=tuple(ids),
        replies=tuple(replies),
    )
