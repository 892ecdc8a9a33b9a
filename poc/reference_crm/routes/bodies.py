"""Bodies: the rows that a bulk request carries, as one document or one record a line."""

import orjson
from fastapi import Request

from poc.reference_crm.contracts import MOST_ROWS
from poc.reference_crm.problems import Problem, invalid

LINES = "application/x-ndjson"


async def rows_of(request: Request) -> list[bytes]:
    """Return the rows of a bulk body, each as JSON: of ``{"rows": [...]}``, or one a line of NDJSON."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if media == LINES:
        return _few([line for line in body.splitlines() if line.strip()])
    if media != "application/json":
        raise Problem(reason="invalid", status=415, detail=f"send the rows as application/json or {LINES}")
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as fault:
        raise invalid("body", f"is no JSON: {fault}"[:200]) from None
    rows = document.get("rows") if isinstance(document, dict) and document.keys() == {"rows"} else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise invalid("rows", 'must be a list of records: {"rows": [{...}, ...]}')
    return _few([orjson.dumps(row, option=orjson.OPT_SORT_KEYS) for row in rows])


def _few(rows: list[bytes]) -> list[bytes]:
    if len(rows) > MOST_ROWS:
        raise invalid("rows", f"may be {MOST_ROWS} at most in one call", str(len(rows)))
    return rows
