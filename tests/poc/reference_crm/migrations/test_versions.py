"""Versions: every step names the one before it, and together they lead from empty to newest."""

from pathlib import Path

from alembic.script import ScriptDirectory

from poc.reference_crm import migrations
from poc.reference_crm.migrate import configuration


def test_the_steps_form_one_chain() -> None:
    scripts = ScriptDirectory.from_config(configuration(None))
    steps = [step.revision for step in scripts.walk_revisions()]
    files = sorted(Path(next(iter(migrations.__path__)), "versions").glob("0*.py"))
    assert len(scripts.get_heads()) == 1
    assert len(steps) == len(files)
