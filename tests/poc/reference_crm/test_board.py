"""Board: what one process writes every process reads, and nothing gets lost between two writers."""

import os
from datetime import UTC, datetime, timedelta

from poc.reference_crm.board import Board
from poc.reference_crm.clock import Clock


def in_a_fork(work) -> None:
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_an_ending_told_by_one_process_is_seen_by_another():
    board = Board(2)
    before = board.ended()
    in_a_fork(lambda: board.taken_by(1).tell_ended())
    assert board.ended() != before


def test_each_ending_is_new_whoever_tells_it():
    board = Board(2)
    seen = {board.ended()}
    for _ in range(3):
        board.tell_ended()
        seen.add(board.ended())
        in_a_fork(lambda: board.taken_by(1).tell_ended())
        seen.add(board.ended())
    assert len(seen) == 7


def test_a_trial_clock_that_one_process_moves_is_ahead_in_all():
    board = Board(2)
    clock = Clock(trial=True, board=board)
    in_a_fork(lambda: Clock(trial=True, board=board.taken_by(1)).move(timedelta(days=30, microseconds=1)))
    assert clock.ahead == timedelta(days=30, microseconds=1)
    assert clock.now() - datetime.now(UTC) > timedelta(days=29)


def test_the_clock_of_a_real_service_stands_still():
    board = Board()
    board.ahead = timedelta(days=1)
    assert Clock(board=board).now() - datetime.now(UTC) < timedelta(seconds=1)
