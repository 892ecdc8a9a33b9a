"""A workload that cannot be run says which figure is wrong and what would be right."""

import pytest

from loadtests.workload import WorkloadError, names, parse, workload


def test_the_shipped_workload_is_the_contracts_mix():
    load = workload("bank-peak")
    assert (load.rate, load.seconds, load.arrivals) == (400, 30, "poisson")
    assert sum(load.mix.values()) == 100
    assert "bank-peak" in names()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rate": -1}, "rate = -1 must be above 0"),
        ({"rate": "fast"}, "rate = 'fast' is no number"),
        ({"arrivals": "often"}, "use constant or poisson"),
        ({"mix": {"dance": 1}}, "unknown steps dance"),
        ({"mix": {}}, "at least one step"),
        ({"colour": 1}, "unknown keys colour"),
        ({"warm_up": -2}, "must not be negative"),
    ],
)
def test_a_bad_figure_is_named_with_its_remedy(change, words):
    with pytest.raises(WorkloadError, match=words):
        parse({**workload("bank-peak").as_dict(), **change})


def test_a_missing_figure_is_named():
    data = workload("bank-peak").as_dict()
    del data["rate"]
    with pytest.raises(WorkloadError, match="lacks rate"):
        parse(data)


def test_an_unknown_workload_names_the_known_ones():
    with pytest.raises(WorkloadError, match="bank-peak"):
        workload("no-such")


def test_what_is_stored_reads_back_the_same():
    load = workload("bank-peak").at(rate=10, seconds=5)
    assert parse(load.as_dict()) == load
