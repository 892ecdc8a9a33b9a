"""An import of the batch is done when every row was taken, not when the reply was friendly."""

import pytest

from loadtests.steps import IMPORTED, STEPS, Person, turn
from scenarios.answers import BulkReport, Rejection
from scenarios.port import Connector, Refused, Reply, Request, drive


class Loader(Connector):
    """Takes bulk loads and tells of them what it was given to tell."""

    def __init__(self, *rejected):
        self.rejected = rejected

    def bulk(self, records, *, dry_run=False, job=None):
        yield Request(method="POST", path="/bulk")
        return BulkReport(job="1", accepted=len(records) - len(self.rejected), rejected=self.rejected)


def play(loader):
    material = turn(1, 1, "m", [Person("C1", "Ann")])
    drive(
        STEPS["import_500"].play(loader, material), lambda _: Reply(status=200, headers={}, body=b""), loader.error_of
    )


def test_an_import_whose_rows_were_all_taken_is_done():
    play(Loader())


def test_an_import_with_a_rejected_row_is_refused_though_the_reply_was_200():
    with pytest.raises(Refused, match=f"{IMPORTED - 1} of {IMPORTED} rows were taken: at unreadable"):
        play(Loader(Rejection(row=3, field="at", reason="unreadable")))
