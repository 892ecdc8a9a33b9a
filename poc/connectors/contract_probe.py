"""probe(): calls generated from a machine contract (schemathesis) in a child process, each reply held against it."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from poc.connectors.contract_cases import cases, rebuilt
from scenarios.fuzzing import FuzzReport, Violation
from scenarios.port import BenchFault

#: Seconds after which drawing is ended, and calling, whatever was seen so far; what it reports until then counts.
BUDGET, GRACE = 100.0, 30.0
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
    kept: Path | None = None,
) -> FuzzReport:
    """Make about ``calls`` calls, spread over all operations; raises BenchFault if the probe itself fails.

    The job, secrets included, travels over standard input, so that no list of processes shows it. Cases drawn before
    from the same contract are taken from the folder ``kept``, where there is one; it holds nothing of a target.
    """
    told = _child(
        {
            "contract": contract,
            "url": url,
            "ca": str(ca) if ca else None,
            "headers": dict(headers),
            "calls": calls,
            "seed": seed,
            "leave_out": list(leave_out),
            "budget": budget,
            "kept": str(kept) if kept else None,
        }
    )
    return FuzzReport(**{**told, "violations": tuple(Violation(**found) for found in told["violations"])})


def _child(job: Mapping[str, Any]) -> Mapping[str, Any]:
    """Have a job done by a process of its own and return what it tells."""
    patience = 2 * job["budget"] + GRACE
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


def main() -> None:
    """Do the job that standard input holds and write the report to standard output."""
    sys.stdout.write(json.dumps(work(json.loads(sys.stdin.buffer.read()))))


def work(job: Mapping[str, Any]) -> dict[str, object]:
    """Do a job in this process: load the contract, draw or read the cases, call, judge; return plain data."""
    import requests  # heavy guests stay out of the workbench's own start
    import schemathesis

    # our own settings, not those of a folder we happen to stand in; and every call comes with the actor's true token
    config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
    schema = schemathesis.openapi.from_dict(dict(job["contract"]), config=config)
    operations, drawn = cases(schema, job)
    session = requests.Session()
    session.trust_env = False
    session.verify = job["ca"] or True
    session.headers.update(job["headers"])
    begun, calls = time.perf_counter(), 0
    found: list[Violation] = []
    for told in drawn:
        if time.perf_counter() - begun > job["budget"]:
            break
        found += _judge(rebuilt(schema, told), job, session)
        calls += 1
    return {
        "calls": calls,
        "operations": operations,
        "violations": [asdict(one) for one in found],
        "seconds": time.perf_counter() - begun,
    }


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
