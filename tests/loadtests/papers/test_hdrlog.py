"""The interval log is read by another library of HdrHistogram, and every count arrives."""

import base64
import random
from contextlib import closing

import pytest
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.histogram import Histogram
from loadtests.papers.hdrlog import DIGITS, HIGHEST, LOWEST, encoded, hdr_log
from loadtests.result import LoadResult, Row
from loadtests.workload import workload


def of(values):
    histogram = Histogram()
    for value in values:
        histogram.record(value)
    return histogram


def counts(theirs):
    return {index: theirs.counts[index] for index in range(theirs.counts_len) if theirs.counts[index]}


@given(st.lists(st.integers(0, HIGHEST - 1), min_size=1, max_size=60))
@settings(max_examples=15, deadline=None)
def test_another_library_reads_the_same_counts(values):
    theirs = HdrHistogram.decode(base64.b64encode(encoded(of(values))))
    assert counts(theirs) == of(values).counts


def test_our_bins_are_theirs_number_for_number():
    chance = random.Random(1)
    values = [int(chance.lognormvariate(9, 2)) for _ in range(3000)]
    theirs = HdrHistogram(LOWEST, HIGHEST, DIGITS)
    for value in values:
        theirs.record_value(value)
    assert counts(theirs) == of(values).counts


def test_a_run_is_a_log_with_a_line_a_second_and_class(tmp_path):
    rows = (
        Row(0, "read", "read", "response", "ok", 1500, 3),
        Row(0, "search", "read", "response", "ok", 1500, 2),
        Row(0, "read", "read", "service", "ok", 900, 3),
        Row(1, "open_ticket", "write", "response", "ok", 9000, 4),
        Row(1, "open_ticket", "write", "response", "refused", 10, 1),
    )
    result = LoadResult(
        target="crm", workload=workload("bank-peak"), began=1_790_000_000.25, released=10, finished=10,
        stopped_early=False, generator={}, errors={}, rows=rows,
    )  # fmt: skip
    path = tmp_path / "run.hlog"
    path.write_text(hdr_log(result), "utf-8")
    with closing(HistogramLogReader(str(path), HdrHistogram(LOWEST, HIGHEST, DIGITS))) as reader:
        first, second, *none = [reader.get_next_interval_histogram() for _ in range(3)]
    assert (first.get_tag(), first.get_total_count()) == ("read", 5)
    assert (second.get_tag(), second.get_total_count()) == ("write", 4)
    assert none == [None]
    assert first.get_start_time_stamp() == pytest.approx(1_790_000_000_250, abs=1)
