"""Auditing: what `touchstone bank audit` does, told as tables or as facts for machines."""

from pathlib import Path

import typer

from poc.audits import AuditView
from poc.cli.voice import Report, tabulate
from poc.words import words
from synthetic_data.audits.audit import FAR, NEAR, UNMEASURED, UNPUBLISHED, audit
from synthetic_data.audits.sources import grown, kept
from synthetic_data.generator import MOST, GenerationError
from synthetic_data.profile import load_profile


def audited(folder: Path | None, customers: int, seed: int, profile: str, language: str, report: Report) -> AuditView:
    """Audit the bank in a folder, or one that is grown meanwhile; raises what those who read or grow it raise."""
    if folder is not None:
        bank = kept(folder)
    elif 1 <= customers <= MOST:
        bank = grown(seed, load_profile(profile), customers)
    else:
        raise GenerationError(f"customers: {customers} is outside 1..{MOST}; choose a number in between")

    def done(customers: int) -> None:
        report("audit", customers, bank.customers)

    return AuditView(audit=audit(bank.parts, bank.clock, bank.profile, progress=done), say=words(language))


def show(view: AuditView) -> None:
    """Print the figures, a table for each topic, and what they come to."""
    say = view.say
    for topic, findings in view.topics():
        rows = [
            {
                say("audit.figure"): view.name(one),
                say("audit.found"): view.found(one),
                say("audit.published"): view.published(one),
                say("audit.within"): view.within(one),
                say("audit.verdict"): view.verdict(one),
                say("audit.source"): view.source(one),
            }
            for one in findings
        ]
        tabulate(rows, as_json=False, title=topic)
    typer.echo(view.lead())


def as_facts(view: AuditView) -> dict[str, object]:
    """Return an audit for machines; what is unknown is null."""
    audit = view.audit
    return {
        "profile": audit.profile,
        "customers": audit.customers,
        "as_of": audit.as_of,
        **{verdict: audit.counted(verdict) for verdict in (NEAR, FAR, UNPUBLISHED, UNMEASURED)},
        "figures": [
            {
                "key": one.key,
                "topic": one.topic,
                "unit": one.unit,
                "found": one.found,
                "verdict": one.verdict,
                **{f"published_{name}" if name == "value" else name: told for name, told in one.published},
            }
            for one in audit.findings
        ],
    }
