"""What is wrong with a workload is shown at the line where it stands."""

import pytest

from loadtests.places import line_of
from loadtests.workload import WorkloadError, source_of, written

TEXT = source_of("call-centre-agent")


def fault(text: str) -> str:
    with pytest.raises(WorkloadError) as found:
        written(text)
    return str(found.value)


@pytest.mark.parametrize(
    ("good", "bad"),
    [("rate: ", "rate: -"), ("arrivals: poisson", "arrivals: often"), ("p99 < ", "p99 under "), ("users: ", "user: ")],
)
def test_a_fault_stands_at_its_line(good: str, bad: str) -> None:
    assert good in TEXT
    spoilt = TEXT.replace(good, bad, 1)
    line = line_of(spoilt, fault(spoilt))
    assert line is not None
    assert bad.strip() in spoilt.splitlines()[line - 1]


def test_what_is_missing_stands_nowhere() -> None:
    assert line_of("name: x", "workload lacks rate: add it to the file") is None


def test_what_is_no_yaml_stands_nowhere_and_is_told() -> None:
    assert line_of("a: [", "whatever") is None
    assert "no YAML" in fault("a: [")
