"""Clock: the business time of the service; the system's time, or a trial clock that can be moved forward."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the business time.

    With ``trial`` it may be moved forward; how far it is ahead is kept in the database by whoever moves it.
    """

    def __init__(self, *, trial: bool = False, ahead: timedelta = timedelta(0)) -> None:
        """Start ``ahead`` of the system's time."""
        self.trial = trial
        self.ahead = ahead

    def now(self) -> datetime:
        """Return the business time, aware of UTC."""
        return datetime.now(UTC) + self.ahead

    def move(self, by: timedelta) -> None:
        """Move a trial clock forward; the clock of a real service does not move."""
        if not self.trial or by < timedelta(0):
            raise ValueError("only a trial clock moves, and only forward")
        self.ahead += by
