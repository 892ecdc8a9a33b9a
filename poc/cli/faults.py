"""Faults: turns whatever went wrong into one line with its remedy, and an exit code."""

import errno
import os
from typing import NamedTuple

from pydantic import ValidationError
from typer import Abort
from typer.exceptions import TyperException

from scenarios.port import Refused

#: All is well; a threshold was missed; what the user gave is wrong; our own bench failed; the user stopped it.
FINE, MISSED, BAD_INPUT, OUR_FAULT, STOPPED = 0, 99, 2, 3, 130


class Fault(NamedTuple):
    """What to tell the user, and how to leave."""

    message: str
    code: int


#: Where an exception must come from to be one of ours, whose message already names the thing and the remedy.
ROOMS = frozenset({"poc", "scorecards", "loadtests", "scenarios", "synthetic_data"})


def explain(error: BaseException) -> Fault:
    """Return one line and an exit code for anything that a command may raise; never a stack trace.

    The rooms' own exceptions carry their remedy: a ValueError among them says that what was given is wrong, any other
    that the bench failed. What nobody foresaw is a fault of ours and says so.
    """
    match error:
        case TyperException():
            command = getattr(getattr(error, "ctx", None), "command_path", "touchstone")
            return Fault(f"{_line(error.format_message()).rstrip('.')}. See: {command} --help", BAD_INPUT)
        case KeyboardInterrupt() | Abort():
            return Fault("stopped; what was already written is kept.", STOPPED)
        case ValidationError():
            return _invalid(error)
        case Refused():
            return Fault(
                f"the target said no: {_line(str(error))}. Check the target's address and credentials.", BAD_INPUT
            )
        case _ if type(error).__module__.partition(".")[0] in ROOMS:
            return Fault(_line(str(error)), BAD_INPUT if isinstance(error, ValueError) else OUR_FAULT)
        case OSError():
            return _of_the_system(error)
    return Fault(
        f"a fault of Touchstone itself: {type(error).__name__}: {_line(str(error))}. "
        "Set TOUCHSTONE_DEBUG=1 to see where, and report it.",
        OUR_FAULT,
    )


def _invalid(error: ValidationError) -> Fault:
    first, more = error.errors()[0], error.error_count() - 1
    where = ".".join(str(part) for part in first["loc"]) or error.title
    others = f" ({more} more)" if more else ""
    return Fault(f"{where} = {first['input']!r}: {first['msg']}{others}. Mend it and try again.", BAD_INPUT)


def _of_the_system(error: OSError) -> Fault:
    thing = f"'{os.fsdecode(error.filename)}'" if isinstance(error.filename, str | bytes) and error.filename else ""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return Fault(
                f"the disk is full{_of(thing)}; nothing half-written is kept. Free some space, then run it again.",
                OUR_FAULT,
            )
        case errno.EADDRINUSE:
            return Fault("the port is in use. Choose another with --port, or stop what holds it.", BAD_INPUT)
        case errno.ENOENT:
            return Fault(f"there is no {thing or 'such file'}. Check the path.", BAD_INPUT)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return Fault(
                f"{thing or 'the file'} may not be read or written by this user. Change its permissions.", BAD_INPUT
            )
        case errno.ENOTDIR | errno.EISDIR | errno.EEXIST:
            return Fault(f"{thing or 'the path'}: {error.strerror}. Give another path.", BAD_INPUT)
    return Fault(f"the operating system said no: {_line(str(error))}.", OUR_FAULT)


def _of(thing: str) -> str:
    return f" ({thing})" if thing else ""


def _line(text: str) -> str:
    return " ".join(text.split())
