"""A workload that cannot be run says which field is wrong and what would be right."""

from pathlib import Path

import pytest

from loadtests.workload import Stop, WorkloadError, names, parse, pause, workload

OWN = {"actor": "call-centre", "counts": "read", "verb": "find", "kind": "customer", "with": {"mobile": "1"}}


def changed(**change):
    return {**workload("bank-peak").as_dict(), **change}


def test_the_shipped_workload_is_the_contracts_mix():
    load = workload("bank-peak")
    assert (load.rate, load.seconds, load.arrivals) == (400, 30, "poisson")
    assert sum(load.mix.values()) == 100


def test_three_roles_a_batch_beside_online_work_and_the_long_tests_are_shipped():
    roles, long = {"branch-adviser", "call-centre-agent", "mobile-app"}, {"growing-data", "soak", "ten-times"}
    assert set(names()) == {"bank-peak", "batch-window"} | roles | long
    assert workload("batch-window").batch is not None
    assert workload("call-centre-agent").customer_fields() == ("mobile",)


@pytest.mark.parametrize("name", names())
def test_what_is_stored_of_a_shipped_workload_reads_back_the_same(name):
    load = workload(name)
    assert parse(load.as_dict()) == load
    assert load.promises()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rate": -1}, "rate = -1 must be greater than 0"),
        ({"rate": "fast"}, "rate = 'fast' must be a valid number"),
        ({"rate": float("nan")}, "rate = nan"),
        ({"arrivals": "often"}, "must be 'poisson', 'constant' or 'closed'"),
        ({"mix": {"dance": 1}}, "unknown steps dance: known are .*overview"),
        ({"mix": {}}, "mix = {}"),
        ({"mix": {"overview": 0}}, "at least one step with a weight above 0"),
        ({"colour": 1}, "unknown field colour: known are arrivals"),
        ({"warm_up": -2}, "must be greater than or equal to 0"),
        ({"profile": "wavy"}, "profile 'wavy' is unknown: use .*salary-day"),
        ({"profile": [[0, 1], [0.5, 1]]}, "the first point stands at 0, the last at 1"),
        ({"profile": [[0, 1], [0.5, 2], [1, 1]]}, "rates are shares of the peak"),
        ({"journeys": {"visit": ["overview", "fly"]}}, "journey visit has unknown steps fly"),
        ({"journeys": {"visit": [{"think": [1, 2]}, "overview"]}}, "must begin with a step"),
        ({"journeys": {"visit": ["overview", {"think": [3, 1]}]}}, r"think \[3.0, 1.0\]: the shorter time comes first"),
        ({"journeys": {"overview": ["read"]}}, "overview is a step already"),
        ({"steps": {"x": {**OWN, "verb": "dance"}}}, "steps.x: verb 'dance' cannot be used"),
        ({"steps": {"x": {**OWN, "kind": "klant"}}}, "kind 'klant' is unknown: use .*customer"),
        ({"steps": {"x": {**OWN, "with": {"mobil": "1"}}}}, "find takes no mobil: it takes .*mobile"),
        ({"steps": {"x": {**OWN, "with": {"mobile": "{customer.phone}"}}}}, "a customer has no field phone"),
        ({"objectives": {"read": ["p99 fast"]}}, "'p99 fast' of read cannot be read: write it as one of p99 < 200 ms"),
        ({"objectives": {"rings": ["p99 < 1 s"]}}, "objectives of 'rings': name read, write, all, batch or a step"),
        ({"objectives": {"batch": ["done within 9 s"]}}, "there is none: add batch"),
        ({"batch": {"begins": 1, "hands": 1, "items": 9}}, "lacks batch.mix"),
    ],
)
def test_a_bad_field_is_named_with_its_remedy_in_one_line(change, words):
    with pytest.raises(WorkloadError, match=words) as told:
        parse(changed(**change))
    assert "\n" not in str(told.value)


def test_a_missing_figure_is_named():
    data = changed()
    del data["rate"]
    with pytest.raises(WorkloadError, match="lacks rate"):
        parse(data)


def test_an_unknown_workload_names_the_known_ones():
    with pytest.raises(WorkloadError, match="bank-peak"):
        workload("no-such")


def test_a_file_that_is_no_yaml_is_told_with_its_line(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: [", "utf-8")
    with pytest.raises(WorkloadError, match="line 1"):
        workload(path)
    path.write_text("- a list", "utf-8")
    with pytest.raises(WorkloadError, match="a table of fields"):
        workload(path)


def test_another_rate_does_not_change_what_is_claimed():
    load = workload("bank-peak").at(rate=10, seconds=5)
    assert (load.rate, load.seconds, load.claimed_rate) == (10, 5, 400)
    assert parse(load.as_dict()) == load


def test_a_wrong_rate_from_the_command_line_is_told_too():
    with pytest.raises(WorkloadError, match="rate = 0"):
        workload("bank-peak").at(rate=0)


def test_a_journey_is_its_steps_with_the_thinking_before_each():
    load = parse(
        changed(journeys={"visit": ["search", {"think": [1, 2]}, {"think": [3, 4]}, "read"]}, mix={"visit": 1})
    )
    assert load.stops("visit") == (Stop("search"), Stop("read", 4, 6))
    assert load.stops("read") == (Stop("read"),)
    assert load.played() == ("read", "search")
    thought = [pause(Stop("read", 4, 6), 7, number, 1) for number in range(50)]
    assert all(4 <= each <= 6 for each in thought)
    assert thought == [pause(Stop("read", 4, 6), 7, number, 1) for number in range(50)]


def test_a_step_alone_needs_no_thinking():
    assert pause(Stop("read"), 7, 1, 1) == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "refers to parts of itself"),
        ("a: " + "[" * 20_000, "more than 500 brackets"),
        ("a: " + "[" * 499, "cannot be read|nested too deep"),
        ("rate: " + "9" * 5_000, "cannot be read"),
        ("# " + "x" * 100_000, "give at most 100,000"),
        ("a: !!python/object/apply:os.getcwd []", "could not determine a constructor"),
    ],
    ids=["swells", "nested", "nested within bounds", "digits", "long", "runs code"],
)
def test_a_hostile_file_is_refused_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    with pytest.raises(WorkloadError, match=told) as refused:
        workload(tmp_path / "mine.yaml")
    assert "\n" not in str(refused.value)
