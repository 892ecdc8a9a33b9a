"""abreast(): takes steps side by side, each in a forked process of its own, at most so many at the same time."""

import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from threading import Thread

Step = Callable[[], None]


class AbreastError(Exception):
    """The process that took a step ended without a word, or with one that cannot be handed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A step that is being taken: its name, its process, and the line on which its end is told."""

    name: str
    process: ForkProcess
    line: Connection

    @classmethod
    def begun(cls, name: str, step: Step) -> "UnderWay":
        """Start the process of a step: it has all that we have, and nothing of it needs to be handed over."""
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_take, args=(step, theirs), name=name, daemon=True)
        process.start()
        theirs.close()
        return cls(name=name, process=process, line=ours)

    def trouble(self) -> Exception | None:
        """Return what went wrong in a step that has ended, None if all is well."""
        self.process.join()
        try:
            told = self.line.recv_bytes()
        except EOFError:
            return AbreastError(f"{self.name}: the process ended without a word (code {self.process.exitcode})")
        finally:
            self.line.close()
        return _unpacked(told)

    def end(self) -> None:
        """End the process, and whatever it has started, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.ident or 0, signal.SIGKILL)
        self.process.kill()  # it may not have a group of its own yet
        self.process.join()
        self.line.close()


def abreast(steps: Iterable[tuple[str, Step]], at_once: int) -> Generator[tuple[str, Exception | None], None, None]:
    """Take named steps, at most ``at_once`` at a time; yield the name and the trouble of each as it ends.

    A step is asked for when there is room for it, and may take its time to come: those under way go on meanwhile. Who
    stops listening ends what is under way. What a step changes in memory stays in its process; it speaks through
    files. Interrupts are heard by us alone, and a step does not outlive us.
    """
    waiting, under_way = iter(steps), dict[int, UnderWay]()
    try:
        while True:
            for step in islice(waiting, max(1, at_once) - len(under_way)):
                begun = UnderWay.begun(*step)
                under_way[begun.process.sentinel] = begun
            if not under_way:
                return
            for sentinel in wait(list(under_way)):
                assert isinstance(sentinel, int)
                ended = under_way.pop(sentinel)
                yield ended.name, ended.trouble()
    finally:
        for one in under_way.values():
            one.end()


def _take(step: Step, line: Connection) -> None:
    os.setpgid(0, 0)  # Ctrl-C in a terminal goes to a whole group: it is the parent's to hear
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # a handler that was inherited would act in the parent's name
    Thread(target=_follow_parent, daemon=True, name="follows the parent").start()
    trouble: Exception | None = None
    try:
        step()
    except Exception as fault:  # it is the parent's to tell
        trouble = fault
    line.send_bytes(_packed(trouble))


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.killpg(0, signal.SIGKILL)


def _packed(trouble: Exception | None) -> bytes:
    """Return a trouble as JSON: the place and name of its class, and the plain values that it was made of."""
    if trouble is None:
        return b"null"
    made_of = trouble.args
    if isinstance(trouble, OSError) and trouble.filename is not None:
        made_of = (trouble.errno, trouble.strerror, os.fsdecode(trouble.filename))
    kind = type(trouble)
    told = {"module": kind.__module__, "name": kind.__name__, "text": str(trouble)}
    plain = all(isinstance(one, str | int | float | None) for one in made_of)
    return json.dumps(told | ({"made_of": made_of} if plain else {})).encode()


def _unpacked(told: bytes) -> Exception | None:
    """Return a trouble as what it was where its class is known here and its values make it anew, else its words.

    Nothing is imported and nothing is run that was told: only a class of exceptions that this process has already.
    """
    facts = json.loads(told)
    if facts is None:
        return None
    words = AbreastError(f"{facts['name']}: {facts['text']}")
    kind = getattr(sys.modules.get(facts["module"]), facts["name"], None)
    if "made_of" not in facts or not (isinstance(kind, type) and issubclass(kind, Exception)):
        return words
    try:
        made: Exception = kind(*facts["made_of"])
    except Exception:  # a class that is not made of its own values: its words tell it
        return words
    return made if str(made) == facts["text"] else words
