"""probe(): calls generated from a machine contract (schemathesis) in child processes, each reply held against it."""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scenarios.fuzzing import FuzzReport, Violation
from scenarios.port import BenchFault

#: Seconds after which the probe is ended, whatever it has seen so far; what it reports until then counts.
BUDGET, GRACE = 100.0, 30.0
#: Processes that share the work. Targets are examined side by side, so the cores are shared already: with a second
#: process for each of three targets the generator's own start costs more than it saves.
HANDS = 1
#: How often the operations are gone through at most, until as many calls are made as were asked for.
TURNS = 8
#: Characters of a finding's text and of the line that repeats it.
DETAIL, CURL = 300, 1500

#: What is held against every reply. Sound calls that are refused are no violation: a bank's rules say more than types.
RULES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)


def probe(
    contract: Mapping[str, object],
    *,
    url: str,
    ca: Path | None,
    headers: Mapping[str, str],
    calls: int,
    seed: int,
    leave_out: Sequence[str] = (),
    budget: float = BUDGET,
) -> FuzzReport:
    """Make about ``calls`` calls, spread over all operations; raises BenchFault if the probe itself fails.

    The job, secrets included, travels over standard input, so that no list of processes shows it.
    """
    job = {
        "contract": contract,
        "url": url,
        "ca": str(ca) if ca else None,
        "headers": dict(headers),
        "seed": seed,
        "leave_out": list(leave_out),
        "budget": budget,
    }
    shares = [{**job, "hand": hand, "calls": calls // HANDS + (hand < calls % HANDS)} for hand in range(HANDS)]
    with ThreadPoolExecutor(HANDS) as pool:
        return _joined(tuple(pool.map(_child, shares)))


def _child(job: Mapping[str, Any]) -> Mapping[str, Any]:
    """Have one share of a job done by a process of its own and return what it tells."""
    patience = job["budget"] + GRACE
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "poc.connectors.contract_probe"],
            input=json.dumps(job, default=str).encode(),
            capture_output=True,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BenchFault(f"the contract probe did not end within {patience:.0f} s: try fewer calls") from None
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise BenchFault(f"the contract probe failed: {last[0]}")
    told: Mapping[str, Any] = json.loads(done.stdout)
    return told


def _joined(told: Sequence[Mapping[str, Any]]) -> FuzzReport:
    return FuzzReport(
        calls=sum(one["calls"] for one in told),
        operations=sum(one["operations"] for one in told),
        violations=tuple(Violation(**found) for one in told for found in one["violations"]),
        seconds=max(one["seconds"] for one in told),
    )


def main() -> None:
    """Do the job that standard input holds and write the report to standard output."""
    # what is drawn is a forest of small things, most of it kept: the collector would go through all of it for nothing
    gc.set_threshold(200_000, 50, 1_000)
    sys.stdout.write(json.dumps(work(json.loads(sys.stdin.buffer.read()))))


def work(job: Mapping[str, Any]) -> dict[str, object]:
    """Do a job in this process: load the contract, generate, call, judge; return the report as plain data."""
    import requests  # heavy guests stay out of the workbench's own start
    import schemathesis
    from schemathesis import GenerationMode

    begun = time.perf_counter()
    # our own settings, not those of a folder we happen to stand in; and every call comes with the actor's true token
    config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
    schema = schemathesis.openapi.from_dict(dict(job["contract"]), config=config)
    operations = tuple(_chosen(schema, job["leave_out"]))[job["hand"] :: HANDS]
    session = requests.Session()
    session.trust_env = False
    session.verify = job["ca"] or True
    session.headers.update(job["headers"])
    # Sound calls for every other operation and unsound ones for the rest; the seed tells with which to begin.
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)[:: 1 if job["seed"] % 2 else -1]
    found: list[Violation] = []
    calls = 0
    for turn in range(TURNS):  # an operation of which few cases can be made leaves calls to the next turn
        turned = {**job, "seed": job["seed"] + turn}
        for place, (share, operation) in enumerate(_shares(operations, job["calls"] - calls, turn)):
            if share and time.perf_counter() - begun < job["budget"]:
                mode = modes[(place + turn) % 2]
                calls += _generated(operation, mode, share, turned, session, found)
    return {
        "calls": calls,
        "operations": len(operations),
        "violations": [asdict(one) for one in found],
        "seconds": time.perf_counter() - begun,
    }


def _chosen(schema: Any, leave_out: Sequence[str]) -> Iterator[Any]:
    for result in schema.get_all_operations():
        operation = result.ok()
        if not any(word in operation.path for word in leave_out):
            yield operation


def _shares(operations: Sequence[Any], calls: int, turn: int) -> Iterator[tuple[int, Any]]:
    """Yield how many calls each operation gets; what is left over goes to others in every turn, one each."""
    each, rest = divmod(max(0, calls), max(1, len(operations)))
    for i, operation in enumerate(operations):
        yield each + ((i - turn * _STRIDE) % len(operations) < rest), operation


#: How far those who get a call that is left over move from turn to turn.
_STRIDE = 17


def _generated(
    operation: Any, mode: Any, wanted: int, job: Mapping[str, Any], session: Any, found: list[Violation]
) -> int:
    """Draw cases of one mode and call them; an operation of which no such case can be made yields fewer."""
    from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
    from hypothesis.errors import Unsatisfiable
    from schemathesis.core.errors import SerializationNotPossible

    made = 0

    @seed(job["seed"])
    @settings(
        max_examples=wanted,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def draw(case: Any) -> None:
        nonlocal made
        if made < wanted:
            made += 1
            found.extend(_judge(case, job, session))

    try:
        draw()
    except (Unsatisfiable, SerializationNotPossible):  # no such case exists, or its body has a form we cannot write
        return made
    return made


def _judge(case: Any, job: Mapping[str, Any], session: Any) -> list[Violation]:
    """Call one case and return what its reply breaks: at most one finding a call, the gravest."""
    from schemathesis.checks import CHECKS

    response = case.call(base_url=job["url"], session=session, timeout=20, verify=session.verify)
    try:
        case.validate_response(response, checks=CHECKS.get_by_names(list(RULES)))
    except BaseExceptionGroup as broken:
        gravest = min(broken.exceptions, key=lambda one: (response.status_code < 500, str(one)))
        return [_violation(case, response, gravest, job)]
    return []


def _violation(case: Any, response: Any, failure: BaseException, job: Mapping[str, Any]) -> Violation:
    curl = case.as_curl_command(headers=dict.fromkeys(job["headers"], "[Filtered]"), base_url=job["url"])
    return Violation(
        rule=str(getattr(failure, "title", type(failure).__name__)),
        operation=f"{case.method} {case.path}",
        status=int(response.status_code),
        detail=" ".join(str(getattr(failure, "message", failure)).split())[:DETAIL],
        curl=str(curl)[:CURL],
    )


if __name__ == "__main__":
    main()
