"""Bulk: many records of a kind in one call; good rows are taken, bad ones named, a job is resumed or taken back."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from poc.reference_crm.access import Caller
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.kinds import Kind
from poc.reference_crm.models import checked
from poc.reference_crm.operations.inserts import insert_rows
from poc.reference_crm.operations.reverting import still_needed, take_back
from poc.reference_crm.operations.stacking import stacked, unstacked
from poc.reference_crm.problems import FieldError, Problem, missing


@dataclass(slots=True, kw_only=True)
class Load:
    """A load under way. ``accepted`` holds place -> number, ``rejected`` place -> what is wrong with that row."""

    job: str
    accepted: dict[int, str] = field(default_factory=dict)
    rejected: dict[int, FieldError] = field(default_factory=dict)
    state: str = "done"
    dry_run: bool = False

    def told(self) -> dict[str, object]:
        """Return the report."""
        return {
            "job": self.job,
            "accepted": len(self.accepted),
            "rejected": [
                {"row": place, "field": error.field, "reason": error.message}
                for place, error in sorted(self.rejected.items())
            ],
            "state": self.state,
            "dry_run": self.dry_run,
        }


class _DryRun(Exception):
    """Everything was tried; nothing is to stay."""


async def load(
    desk: Desk,
    caller: Caller,
    kind: Kind,
    rows: Sequence[bytes],
    *,
    job: str | None = None,
    dry_run: bool = False,
    offset: int = 0,
) -> dict[str, object]:
    """Load rows, each one record as JSON; the same row under the same job is never loaded twice.

    A trial run does all the same and leaves nothing. ``offset`` is the place of the first row in the whole file.
    """
    done = Load(job=job or f"J-{secrets.token_hex(8).upper()}", dry_run=dry_run)
    async with desk.act(caller, "bulk.load") as act:
        try:
            async with act.connection.transaction():
                await _open_job(act, done.job, kind)
                await _take(act, desk, kind, dict(enumerate(rows, offset)), done)
                if dry_run:
                    raise _DryRun
        except _DryRun:
            pass  # the inner transaction is rolled back, which is all that a trial run asks for
        counts = {"accepted": len(done.accepted), "rejected": len(done.rejected)}
        act.note("bulk.load", f"bulk/{done.job}", after={"kind": kind.segment, "dry_run": dry_run, **counts})
    return done.told()


async def _open_job(act: Act, job: str, kind: Kind) -> None:
    await act.connection.execute(
        "INSERT INTO bulk_jobs (job, kind, username, state, created_at) VALUES ($1, $2, $3, 'done', $4)"
        " ON CONFLICT DO NOTHING",
        job,
        kind.segment,
        act.caller.username,
        act.now,
    )
    known = await act.connection.fetchrow("SELECT kind, username, state FROM bulk_jobs WHERE job = $1 FOR UPDATE", job)
    if (known["kind"], known["username"]) != (kind.segment, act.caller.username):
        raise Problem(reason="conflict", detail="this job id is taken by another kind or user: choose another")
    if known["state"] == "reverted":
        raise Problem(reason="conflict", detail="this job was taken back: load under another job id")


def digest_of(row: bytes) -> bytes:
    """Return what a row is known by again."""
    return hashlib.blake2b(row, digest_size=16).digest()


async def _take(act: Act, desk: Desk, kind: Kind, rows: Mapping[int, bytes], done: Load) -> None:
    digests = {place: digest_of(row) for place, row in rows.items()}
    done.accepted |= await _taken_before(act, done.job, digests)
    values: dict[int, dict[str, object]] = {}
    for place, row in rows.items():
        if place not in done.accepted:
            told = checked(kind, row)
            if isinstance(told, list):
                done.rejected[place] = told[0]
            else:
                values[place] = told
    before = set(done.accepted)
    for wave in waves(kind, values):
        await _insert(act, desk, kind, wave, done)
    await _write_rows(act, done, digests, [place for place in done.accepted if place not in before])
    await _audit_rows(act, kind, done.job, [number for place, number in done.accepted.items() if place not in before])


async def _taken_before(act: Act, job: str, digests: Mapping[int, bytes]) -> dict[int, str]:
    if not digests:
        return {}
    known = await act.connection.fetch(
        "SELECT place, digest, number FROM bulk_rows WHERE job = $1 AND first <= $2 AND last >= $3",
        job,
        max(digests),
        min(digests),
    )
    return {row["place"]: row["number"] for row in known if digests.get(row["place"]) == row["digest"]}


def waves(kind: Kind, rows: Mapping[int, dict[str, object]]) -> list[dict[int, dict[str, object]]]:
    """Return rows in the order in which they can go on file: one that names another row of the file comes after it."""
    own = [name for name, one in kind.by_name.items() if kind.segment in one.refers]
    if not own:
        return [dict(rows)] if rows else []
    left, ordered = dict(rows), []
    while left:
        coming = {row.get("number") for row in left.values()}
        ready = {place: row for place, row in left.items() if not any(row.get(name) in coming for name in own)}
        ordered.append(ready or left)
        left = {place: row for place, row in left.items() if place not in ordered[-1]}
    return ordered


async def _insert(act: Act, desk: Desk, kind: Kind, wave: Mapping[int, dict[str, object]], done: Load) -> None:
    places = list(wave)
    inserted = await insert_rows(act, desk, kind, list(wave.values()))
    done.rejected |= {places[index]: error for index, error in inserted.rejected.items()}
    taken = [place for index, place in enumerate(places) if index not in inserted.rejected]
    done.accepted |= {place: str(row["number"]) for place, row in zip(taken, inserted.rows, strict=True)}


async def _write_rows(act: Act, done: Load, digests: Mapping[int, bytes], places: Sequence[int]) -> None:
    if places:
        await act.connection.execute(
            "INSERT INTO bulk_parts (job, first, last, places, digests, numbers)"
            f" VALUES ($1, $2, $3, {unstacked(4, 'int')}, $5, {unstacked(6)})",
            done.job,
            min(places),
            max(places),
            stacked(places),
            [digests[place] for place in places],
            stacked([done.accepted[place] for place in places]),
        )
    bad = list(done.rejected)
    if not bad:
        return
    await act.connection.execute(
        "INSERT INTO bulk_rejects (job, place, digest, field, reason)"
        " SELECT $1, * FROM unnest($2::int[], $3::bytea[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING",
        done.job,
        bad,
        [digests[place] for place in bad],
        [done.rejected[place].field for place in bad],
        [done.rejected[place].message for place in bad],
    )


async def _audit_rows(act: Act, kind: Kind, job: str, numbers: Sequence[str]) -> None:
    """Enter every record that was put on file into the trail, in one statement."""
    await act.connection.execute(
        "INSERT INTO audit (at, who, role, action, subject, origin, after, result, trace)"
        " SELECT $1, $2, $3, 'record.create', $4 || '/' || number, $5, $6, 'ok', $7"
        f" FROM unnest({unstacked(8)}) AS number",
        act.now,
        act.caller.username,
        act.caller.role,
        kind.segment,
        act.caller.origin,
        {"source": "bulk", "job": job},
        act.caller.trace,
        stacked(numbers),
    )


async def report(desk: Desk, caller: Caller, job: str) -> dict[str, object]:
    """Return what came of a job so far, over all its calls."""
    async with desk.act(caller, "bulk.load") as act:
        known = await _job(act, job)
        rows = await act.connection.fetch("SELECT place, number FROM bulk_rows WHERE job = $1", job)
        bad = await act.connection.fetch("SELECT place, field, reason FROM bulk_rejects WHERE job = $1", job)
        told = Load(
            job=job,
            accepted={row["place"]: row["number"] for row in rows},
            rejected={row["place"]: FieldError(field=row["field"], message=row["reason"]) for row in bad},
            state=known["state"],  # type: ignore[arg-type]
        )
        act.note("bulk.read", f"bulk/{job}")
        return told.told()


async def _job(act: Act, job: str) -> Mapping[str, object]:
    row: Mapping[str, object] | None = await act.connection.fetchrow(
        "SELECT kind, username, state FROM bulk_jobs WHERE job = $1 FOR UPDATE", job
    )
    if row is None or row["username"] != act.caller.username:
        raise missing("job")
    return row


async def revert(desk: Desk, caller: Caller, job: str) -> dict[str, object]:
    """Take back all that a job put on file, without residue; refused while other records hang on it."""
    async with desk.act(caller, "bulk.load") as act:
        known = await _job(act, job)
        kind = await still_needed(act, job, str(known["kind"]))
        count = await take_back(act, kind, job)
        act.note("bulk.revert", f"bulk/{job}", after={"kind": kind.segment, "accepted": count})
        return {"job": job, "accepted": count, "rejected": [], "state": "reverted", "dry_run": False}
