"""Leaving: everything out of one target, into another, and the same questions to both, with the hours it took."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from poc.drill.files import Files, Untold, read, record_of
from poc.drill.questions import QUESTIONS, Answer, Question
from poc.pouring import BATCH_ROWS, CHUNK_ROWS, Batch, Patience, stages
from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.evidence import Evidence, Outcome
from scenarios.port import Unsupported
from scenarios.verdict import NotTestable
from synthetic_data.bank import Bank
from synthetic_data.records import KINDS, Account, Customer, Record

#: The criterion that a drill speaks of, and the story under which its evidence stands.
CRITERION, STORY = "INT-14", "exit_fire_drill"
#: What a bank cannot do without, whatever else is left behind.
CORE: tuple[type[Record], ...] = (Customer, Account)
#: Told what is done, of which kind, and how many rows.
Progress = Callable[[str, str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and what both sides said; ``agree`` is None where a side does not tell, ``why`` says which."""

    name: str
    before: Answer | None
    after: Answer | None
    agree: bool | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What came of leaving a target.

    ``kinds`` are rows by kind as the bank has them, as they came out, and as they went in; ``missing`` why a kind did
    not come; ``met`` whether its connector was written on the product, so that what it lacks is the product's lack;
    ``values`` how many single values the bank has, and how many of them came out unchanged; ``refused`` why
    rows were not taken, by kind; ``lost`` the fields of which values did not come, or came otherwise.
    """

    source: str
    met: bool
    kinds: Mapping[str, tuple[int, int, int]]
    missing: Mapping[str, str]
    values: tuple[int, int]
    lost: Mapping[str, int]
    refused: Mapping[str, str]
    asked: tuple[Asked, ...]
    seconds: tuple[float, float]

    @property
    def coverage(self) -> float:
        """Return the share of the bank's values that came out unchanged; 0 for an empty bank."""
        return self.values[1] / self.values[0] if self.values[0] else 0.0

    @property
    def agreed(self) -> int:
        """Return how many questions both sides answer alike."""
        return sum(one.agree is True for one in self.asked)

    @property
    def hours_per_million(self) -> float | None:
        """Return the hours that a million records would take at this pace, out and in; None if none came."""
        rows = sum(out for _, out, _ in self.kinds.values())
        return sum(self.seconds) / rows * 1_000_000 / 3600 if rows else None


def drill(
    source: CRM,
    copy: CRM,
    bank: Bank,
    *,
    name: str,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Drill:
    """Read a bank that was poured into ``source`` out of it, put it into the empty ``copy``, and ask both.

    What the copy does not take is told and does not stop the drill. Raises BenchFault if a target cannot be reached.
    """
    tell = progress or (lambda what, kind, rows: None)
    known = {kind: frozenset(one.number for one in bank.of(kind)) for kind in KINDS}
    begun = clock()
    before = read(source.acting_as(Actor.INTEGRATION), known, lambda kind, rows: tell("out", kind, rows))
    out = clock()
    took, refused = _put(copy.acting_as(Actor.INTEGRATION), before, bank, tell)
    done = clock()
    after = read(copy.acting_as(Actor.INTEGRATION), known, lambda kind, rows: tell("back", kind, rows))
    whole, same, lost = _compared(before, bank)
    return Drill(
        source=name,
        met=not source.connector.from_documents,
        kinds={
            kind.__name__: (len(bank.of(kind)), len(before.rows.get(kind, ())), took.get(kind, 0))
            for kind in KINDS
            if bank.of(kind)
        },
        missing={kind.__name__: why for kind, why in before.missing.items() if bank.of(kind)},
        values=(whole, same),
        lost=lost,
        refused=refused,
        asked=tuple(_asked(question, before, after) for question in QUESTIONS),
        seconds=(out - begun, done - out),
    )


def evidence_of(found: Drill, run: str, at: datetime) -> tuple[Evidence, ...]:
    """Return what a drill says of the source: what could be taken along, and whether it still answers the same.

    What a connector from documents has not written is not testable, and no lack of the product.
    """
    lacking = Outcome.FAILED if found.met else Outcome.NOT_TESTABLE
    came = {name: out for name, (_, out, _) in found.kinds.items()}
    core = [kind.__name__ for kind in CORE if not came.get(kind.__name__)]
    measures = {"entity_coverage_share": found.coverage, "answers_agree": float(found.agreed)}
    if (hours := found.hours_per_million) is not None:
        measures["hours_per_million"] = hours
    told: list[tuple[str, str, bool, object, Mapping[str, float]]] = [
        ("lists_can_be_exported", "Lists of records come out.", any(came.values()), came, {}),
        ("core_records_can_be_exported", "Customers and accounts come out.", not core, {"missing": core}, {}),
        (
            "the_copy_answers_alike",
            "What was taken along answers the same questions elsewhere.",
            found.agreed == len(found.asked),
            {"agree": found.agreed, "asked": len(found.asked), "coverage": round(found.coverage, 6)},
            measures if found.met else {},
        ),
    ]
    return tuple(
        Evidence(
            run=run, target=found.source, criterion=CRITERION, scenario=STORY, check=check, sentence=sentence,
            outcome=Outcome.PASSED if fine else lacking, observed=seen, measures=measured, started=at,
        )
        for check, sentence, fine, seen, measured in told
    )  # fmt: skip


def _put(copy: CRM, files: Files, bank: Bank, tell: Progress) -> tuple[dict[type[Record], int], dict[str, str]]:
    """Put what came into the copy, parents first; return how many rows it took, and why it refused others."""
    records = {kind: tuple(record_of(kind, row) for row in rows) for kind, rows in files.rows.items()}
    left = Bank(seed=bank.seed, profile=bank.profile, as_of=bank.as_of, records=records)
    patience, bulk = Patience(copy), copy.offers("bulk")
    took, refused = dict[type[Record], int](), dict[str, str]()
    for kind, batches in stages(left, f"drill-{bank.digest[:12]}", BATCH_ROWS if bulk else CHUNK_ROWS):
        for batch in batches:
            try:
                fine, why = (_in_bulk if bulk else _one_by_one)(patience, batch)
            except (Unsupported, NotTestable) as no:
                refused[kind.__name__] = str(no)
                break
            took[kind] = took.get(kind, 0) + fine
            if why:
                refused.setdefault(kind.__name__, why)
        tell("in", kind.__name__, took.get(kind, 0))
    return took, refused


def _in_bulk(patience: Patience, batch: Batch) -> tuple[int, str]:
    answer = patience.ask(lambda crm: crm.bulk(batch.rows, job=batch.job))
    if not answer.ok:
        return 0, f"{len(batch.rows)} rows: {answer.refusal}"
    report = answer.value
    first = report.rejected[0] if report.rejected else None
    return report.accepted, "" if first is None else f"{len(report.rejected)} rows, first: {first.field} {first.reason}"


def _one_by_one(patience: Patience, batch: Batch) -> tuple[int, str]:
    answers = [patience.ask(lambda crm, one=one: crm.create(one)) for one in batch.rows]  # type: ignore[misc]
    no = next((one.refusal for one in answers if not one.ok), None)
    return sum(one.ok for one in answers), "" if no is None else str(no)


def _compared(files: Files, bank: Bank) -> tuple[int, int, dict[str, int]]:
    """Return how many values the bank has, how many came out unchanged, and of which fields the others are."""
    whole = same = 0
    lost: dict[str, int] = {}
    for kind in KINDS:
        came = {str(row["number"]): row for row in files.rows.get(kind, ())}
        for record in bank.of(kind):
            row = came.get(record.number, {})
            for name, value in _values(record):
                whole += 1
                if name in row and row[name] == value:
                    same += 1
                else:
                    lost[f"{kind.__name__}.{name}"] = lost.get(f"{kind.__name__}.{name}", 0) + 1
    return whole, same, lost


def _values(record: Record) -> Iterator[tuple[str, object]]:
    for name in type(record).__dataclass_fields__:
        value = getattr(record, name)
        yield name, value.astimezone(UTC) if isinstance(value, datetime) else value


def _asked(question: Question, before: Files, after: Files) -> Asked:
    first, untold = _answer(question, before)
    second, silent = _answer(question, after)
    why = "; ".join(filter(None, (untold and f"the source does not tell: {untold}", silent and f"the copy: {silent}")))
    return Asked(
        name=question.__name__,
        before=first,
        after=second,
        agree=None if why else first == second,
        why=why,
    )


def _answer(question: Question, files: Files) -> tuple[Answer | None, str]:
    try:
        return question(files), ""
    except Untold as no:
        return None, str(no)


def told(found: Drill) -> Mapping[str, Any]:
    """Return a drill for machines."""
    out: Sequence[Mapping[str, object]] = [
        {"kind": kind, "bank": had, "out": came, "in": took, "missing": found.missing.get(kind, ""),
         "refused": found.refused.get(kind, "")}
        for kind, (had, came, took) in found.kinds.items()
    ]  # fmt: skip
    asked = [
        {"question": one.name, "agree": one.agree, "before": one.before, "after": one.after, "why": one.why}
        for one in found.asked
    ]
    return {
        "target": found.source,
        "met": found.met,
        "coverage": found.coverage,
        "agree": found.agreed,
        "asked": len(found.asked),
        "hours_per_million": found.hours_per_million,
        "seconds_out": found.seconds[0],
        "seconds_in": found.seconds[1],
        "kinds": out,
        "lost": dict(found.lost),
        "questions": asked,
    }
