"""Conftest: says on which machine was measured, and what each benchmark has to tell beside its times."""

from pathlib import Path

import pytest

from scenarios.manifest import machine, revision


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--million", action="store_true", help="Grow a bank of a million customers too.")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    facts = machine()
    model = processor_name(Path("/proc/cpuinfo"))
    memory = int(str(facts["memory_bytes"])) / 2**30
    terminalreporter.write_line("")
    terminalreporter.write_line(
        f"machine: {facts['processors']} x {model or facts['processor']}, {memory:.0f} GiB, "
        f"{facts['system']} {facts['release']}, Python {facts['python']}; code {revision()}"
    )
    session = getattr(config, "_benchmarksession", None)
    for one in getattr(session, "benchmarks", ()):
        told = ", ".join(f"{name} {value:,.1f}" if isinstance(value, float) else f"{name} {value}"
                         for name, value in one.extra_info.items())  # fmt: skip
        if told:
            terminalreporter.write_line(f"{one.name}: {told}")


def processor_name(file: Path) -> str:
    """The name of the processor as Linux tells it, empty where it does not."""
    if not file.exists():
        return ""
    lines = (line for line in file.read_text("utf-8").splitlines() if line.startswith("model name"))
    return next(lines, "").partition(":")[2].strip()
