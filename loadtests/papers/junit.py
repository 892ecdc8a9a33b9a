"""junit(): the verdicts of a load run as JUnit XML: a case for the generator and one for each objective."""

from datetime import UTC, datetime
from xml.etree import ElementTree as Tree

from loadtests.judging import Judgement, Sheet
from loadtests.result import LoadResult


def junit(result: LoadResult, sheet: Sheet) -> str:
    """Return the XML; what failed is a failure, what is not decided or void an error, so that neither is green."""
    failed = sum(one.verdict == "failed" for one in sheet.judgements)
    broken = sum(one.verdict in ("inconclusive", "invalid") for one in sheet.judgements) + bool(sheet.void)
    suite = Tree.Element(
        "testsuite",
        name=f"load {result.workload.name} on {result.target}",
        tests=str(len(sheet.judgements) + 1),
        failures=str(failed),
        errors=str(broken),
        skipped="0",
        time=f"{result.workload.profile.seconds:.3f}",
        timestamp=datetime.fromtimestamp(result.began, UTC).strftime("%Y-%m-%dT%H:%M:%S"),
    )
    valid = Tree.SubElement(suite, "testcase", classname="generator", name="the generator kept its own time")
    if sheet.void:
        Tree.SubElement(valid, "error", type="invalid", message=sheet.void)
    for one in sheet.judgements:
        _case(suite, one)
    Tree.indent(suite)
    return Tree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: Tree.Element, one: Judgement) -> None:
    case = Tree.SubElement(suite, "testcase", classname=one.objective.scope, name=one.objective.text)
    if one.verdict != "passed":
        kind = "failure" if one.verdict == "failed" else "error"
        Tree.SubElement(case, kind, type=one.verdict, message=_told(one))
    Tree.SubElement(case, "system-out").text = _told(one)


def _told(one: Judgement) -> str:
    parts = [one.note] if one.note else []
    if one.seen is not None:
        parts.append(f"seen {one.seen:.6g} of {one.objective.allowed:.6g} allowed")
    if one.lower is not None and one.upper is not None:
        parts.append(f"between {one.lower:.6g} and {one.upper:.6g} at 95 % each")
    if one.needed is not None:
        parts.append(f"{one.needed} more requests would decide it")
    return "; ".join([*parts, f"n {one.n}"])
