"""Logs: one JSON object a line on stderr, with trace and outcome of requests and never personal data."""

import logging
import sys
from datetime import UTC, datetime

import orjson


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; ``extra={"facts": {...}}`` adds named facts."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. Of an exception only its type is told, because its text may quote a customer."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = type(record.exc_info[1]).__name__
            line["where"] = _where(record.exc_info[1])
        return orjson.dumps(line, default=str).decode()


def _where(fault: BaseException) -> str:
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""


def configure(level: int = logging.INFO) -> None:
    """Send the service's log to stderr as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("reference_crm")
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False
