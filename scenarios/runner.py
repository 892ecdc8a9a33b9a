"""run(): play every scenario on a target and yield one piece of evidence for every declared check."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from math import isfinite
from threading import Thread
from typing import Any, NamedTuple

from scenarios.crm import CRM
from scenarios.disk import StoreError
from scenarios.evidence import Evidence, Outcome
from scenarios.leash import Leash
from scenarios.lines import plain
from scenarios.port import Refused, Unsupported
from scenarios.recording import Memory, Recording, Sink
from scenarios.redaction import Redactor
from scenarios.scenario import Check, Scenario
from scenarios.store import Store
from scenarios.verdict import NotProven, NotTestable, Verdict
from synthetic_data.bank import Bank

#: A note is one line; the exchanges hold the rest.
LONGEST_NOTE = 300

#: Told which scenario begins, how many are done, and how many there are (an empty name at the end).
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A named person takes a criterion out of the sum, for a reason, until a day (the last on which it holds)."""

    criterion: str
    by: str
    reason: str
    until: date


class Played(NamedTuple):
    """How a story ended: what it saw, or the outcome and note that all its checks share."""

    seen: object
    outcome: Outcome | None
    note: str
    started: datetime
    seconds: float
    exchanges: tuple[str, ...]


def run(
    scenarios: Sequence[Scenario[Any]],
    crm: CRM,
    bank: Bank,
    *,
    run_id: str,
    target: str,
    store: Store | None = None,
    progress: Progress | None = None,
    waivers: Sequence[Waiver] = (),
    timeout: float = 180.0,
    stop: Callable[[], bool] | None = None,
    retry_blocked: bool = False,
) -> Iterator[Evidence]:
    """Play scenarios on a target, heavy ones last, and yield the evidence of each as soon as it is on disk.

    What ``store`` holds already is yielded and not played again, except, with ``retry_blocked``, scenarios of which a
    check was blocked by our own bench: only its blocked checks are judged anew. ``stop`` (or the store's stop file) is
    asked between scenarios. After ``timeout`` seconds a story is cut off and its checks are blocked, unless it has
    more patience of its own. Raises StoreError when the disk will not take what was seen; whatever else goes wrong
    becomes evidence.
    """
    player = Player(crm, bank, run_id, target, store, timeout)
    asked = stop or (store.stop_requested if store else lambda: False)
    order = sorted(scenarios, key=lambda one: one.heavy)
    on_file = _on_file(store)
    for done, one in enumerate(order):
        if asked():
            _settle(store, "stopped")
            return
        if progress:
            progress(one.name, done, len(order))
        yield from player.evidence(one, on_file.get(_key(one), {}), waivers, retry_blocked)
    _settle(store, "done")
    if progress:
        progress("", len(order), len(order))


class Player:
    """Plays the scenarios of one run, one after the other."""

    def __init__(self, crm: CRM, bank: Bank, run_id: str, target: str, store: Store | None, timeout: float) -> None:
        """Take what all plays of a run share."""
        # sessions of its own: who signed in before a run is not on its record
        self.crm, self.bank, self.run_id, self.target = crm.holding(None), bank, run_id, target
        self.store, self.timeout = store, timeout
        self.sink: Sink = store if store is not None else Memory()
        self.redactor = Redactor()
        for credential in crm.credentials.values():
            self.redactor.learn([credential.secret, credential.token or ""])

    def evidence(
        self,
        one: Scenario[Any],
        before: dict[str, tuple[str, Evidence]],
        waivers: Sequence[Waiver],
        retry_blocked: bool,
    ) -> Iterator[Evidence]:
        """Yield the evidence of one scenario: what is on file, and what has to be seen yet."""
        again = {name for name, (_, piece) in before.items() if retry_blocked and piece.outcome is Outcome.BLOCKED}
        wanted = [check for check in one.checks if check.name not in before or check.name in again]
        yield from (piece for name, (_, piece) in before.items() if name not in again)
        if not wanted:
            return
        waiver = self._waiver(one, waivers)
        played = self._waived(waiver) if waiver else self.play(one)
        pieces = [self._piece(one, check, played, before.get(check.name, ("", None))[0] or None) for check in wanted]
        if self.store is not None:
            self.store.add(pieces)
        yield from pieces

    def play(self, one: Scenario[Any]) -> Played:
        """Play a story within its time and tell how it ended."""
        recorder = Recording(self.sink, self.redactor, one.name)
        leash = Leash(self.crm.wire, recorder=recorder, clock=self.crm.clock)
        nonce = nonce_of(self.run_id, self.target, one.name, self.sink.taken)
        view = self.crm.playing(wire=leash, recorder=recorder, nonce=nonce)
        started = self.crm.clock.now()
        seen, outcome, note = within(max(self.timeout, one.patience), lambda: one.play(view, self.bank), leash)
        seconds = (self.crm.clock.now() - started).total_seconds()
        return Played(seen, outcome, self._brief(note), started, seconds, tuple(recorder.ids))

    def _piece(self, one: Scenario[Any], check: Check[Any], played: Played, supersedes: str | None) -> Evidence:
        return piece_of(
            one,
            check,
            played,
            run_id=self.run_id,
            target=self.target,
            supersedes=supersedes,
            brief=self._brief,
        )

    def _brief(self, note: str) -> str:
        return brief(self.redactor.text(note))

    def _waiver(self, one: Scenario[Any], waivers: Sequence[Waiver]) -> Waiver | None:
        today = self.crm.clock.now().date()
        return next((held for held in waivers if held.criterion == one.criterion and today <= held.until), None)

    def _waived(self, waiver: Waiver) -> Played:
        note = f"waived by {waiver.by} until {waiver.until.isoformat()}: {waiver.reason}"
        return Played(None, Outcome.NOT_APPLICABLE, brief(note), self.crm.clock.now(), 0.0, ())


def piece_of(
    one: Scenario[Any],
    check: Check[Any],
    played: Played,
    *,
    run_id: str,
    target: str,
    supersedes: str | None = None,
    brief: Callable[[str], str],
) -> Evidence:
    """Judge what a story saw by one check and return the evidence, whatever happens."""
    verdict, outcome, note = None, played.outcome, played.note
    if outcome is None:
        verdict, outcome, note = guarded(lambda: _sound(check.judge(played.seen)))
    if outcome is None and verdict is not None:
        outcome, note = (Outcome.PASSED if verdict.passed else Outcome.FAILED), verdict.note
    return Evidence(
        run=run_id,
        target=target,
        criterion=one.criterion,
        scenario=one.name,
        check=check.name,
        sentence=check.sentence,
        outcome=outcome or Outcome.BLOCKED,
        grade=check.grade,
        harm=check.harm,
        observed=plain(verdict.observed) if verdict else None,
        expected=plain(verdict.expected) if verdict else None,
        note=brief(note),
        measures=dict(verdict.measures) if verdict else {},
        facts={str(name): plain(fact) for name, fact in verdict.facts.items()} if verdict else {},
        exchanges=played.exchanges,
        started=played.started,
        seconds=played.seconds,
        supersedes=supersedes,
    )


def guarded(step: Callable[[], Any]) -> tuple[Any, Outcome | None, str]:
    """Take a step; say of what goes wrong whether it speaks of the product, the system or our own bench."""
    try:
        return step(), None, ""
    except StoreError:
        raise
    except Unsupported as missing:
        return None, Outcome.UNSUPPORTED, str(missing)
    except Refused as no:
        return None, Outcome.FAILED, f"refused: {no}"
    except NotTestable as hidden:
        return None, Outcome.NOT_TESTABLE, str(hidden)
    except NotProven as few:
        return None, Outcome.UNSCORED, str(few)
    except Exception as fault:  # whatever else is wrong is wrong with us, and must not cost a vendor anything
        return None, Outcome.BLOCKED, f"{type(fault).__name__}: {fault}"


def within(seconds: float, step: Callable[[], Any], leash: Leash) -> tuple[Any, Outcome | None, str]:
    """Take a guarded step in at most so many seconds; if it takes longer, its wire is cut and it is left behind."""
    ends: list[tuple[Any, Outcome | None, str]] = []
    losses: list[StoreError] = []

    def attempt() -> None:
        try:
            ends.append(guarded(step))
        except StoreError as loss:
            losses.append(loss)

    thread = Thread(target=attempt, name="story", daemon=True)
    thread.start()
    thread.join(seconds)
    if losses:
        raise losses[0]
    if not ends:
        leash.cut()
        return None, Outcome.BLOCKED, f"TimeoutError: the story took more than {seconds:g} s and was cut off"
    return ends[0]


def nonce_of(run_id: str, target: str, scenario: str, taken: int) -> str:
    """Return the nonce of a play: eight characters of 0-9 and a-f that follow from where its exchanges begin."""
    return sha256(f"{run_id}/{target}/{scenario}/{taken}".encode()).hexdigest()[:8]


def brief(note: str) -> str:
    """Return a note as one line of bounded length."""
    line = " ".join(note.split())
    return line if len(line) <= LONGEST_NOTE else line[: LONGEST_NOTE - 1] + "…"


def _sound(verdict: Verdict) -> Verdict:
    """Return a verdict whose measures are numbers: one that is none would be read as something it is not."""
    odd = [name for name, value in verdict.measures.items() if not isfinite(value)]
    if odd:
        raise ValueError(f"measure {odd[0]} is not a finite number")
    return verdict


def _on_file(store: Store | None) -> dict[tuple[str, str], dict[str, tuple[str, Evidence]]]:
    found: dict[tuple[str, str], dict[str, tuple[str, Evidence]]] = {}
    for own, piece in store.standing() if store is not None else ():
        found.setdefault((piece.criterion, piece.scenario), {})[piece.check] = (own, piece)
    return found


def _key(one: Scenario[Any]) -> tuple[str, str]:
    return one.criterion, one.name


def _settle(store: Store | None, state: str) -> None:
    if store is not None:
        store.set_state(state)
