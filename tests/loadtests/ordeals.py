"""Ordeals of a target that behaves, and how it may misbehave."""

from dataclasses import replace

from loadtests.fault import fault
from loadtests.ordeal import Ordeal, Trail, Try, Wish


def tried(at, end="ok", seconds=0.1, **more):
    return Try(at=at, seconds=seconds, end=end, **more)


def told_off(at, status=503, again_in=2.0, reason="unavailable"):
    return tried(at, "refused", status=status, again_in=again_in, reason=reason)


def ordeal(name="kill-database", **change):
    """Thirty seconds: struck at 105, lifted at 111 (at once for a kill), twenty writes of which half were repeated."""
    known = fault(name)
    wishes = tuple(
        Wish(
            mark=f"m-{n}",
            number=f"n-{n}",
            tries=(told_off(105 + n / 10), tried(112 + n / 10)) if n % 2 else (tried(100 + n / 10),),
            found=1,
            noted=1,
            told=1,
        )
        for n in range(24)
    )
    reads = tuple(
        told_off(100 + n / 4) if name == "kill-database" and 105 <= 100 + n / 4 < 111 else tried(100 + n / 4)
        for n in range(80)
    )
    base = Ordeal(
        fault=known,
        target="good",
        began=100.0,
        pressed=98.0,
        struck=105.0,
        lifted=105.0 + known.lasts,
        ended=130.0,
        wishes=wishes,
        reads=reads,
        trail=Trail(sound=True, sealed_after_s=1.0),
        mended=112.0,
        drained_after_s=4.0,
        listens=True,
        requests=dict.fromkeys(range(32), 10),
        failures=dict.fromkeys(range(7, 13), 10),
    )
    return replace(base, **change)


def with_wish(one, **change):
    """Return an ordeal whose first confirmed wish is changed."""
    return replace(one, wishes=(replace(one.wishes[0], **change), *one.wishes[1:]))
