"""Clock: the business time of the service; the system's time, or a trial clock that can be moved forward."""

from datetime import UTC, datetime, timedelta

from poc.reference_crm.board import Board


class Clock:
    """Tells the business time.

    With ``trial`` it may be moved forward; how far it is ahead is kept in the database by whoever moves it, and stands
    on the board of the service's processes.
    """

    def __init__(self, *, trial: bool = False, ahead: timedelta | None = None, board: Board | None = None) -> None:
        """Start ``ahead`` of the system's time, or where the board says that it stands already."""
        self.trial = trial
        self._board = board or Board()
        if ahead is not None:
            # another process may have moved it on since ``ahead`` was read
            self._board.ahead = max(ahead, self._board.ahead)

    @property
    def ahead(self) -> timedelta:
        """How far it is ahead of the system's time."""
        return self._board.ahead

    def now(self) -> datetime:
        """Return the business time, aware of UTC."""
        return datetime.now(UTC) + self._board.ahead if self.trial else datetime.now(UTC)

    def move(self, by: timedelta) -> None:
        """Move a trial clock forward; the clock of a real service does not move."""
        if not self.trial or by < timedelta(0):
            raise ValueError("only a trial clock moves, and only forward")
        self._board.ahead += by
