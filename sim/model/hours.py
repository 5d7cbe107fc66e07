"""When somebody is there: daily hours of a desk, in UTC."""

from __future__ import annotations

DAY_S = 86_400.0


class Hours:
    """Daily shifts, each from an opening to a closing second of the UTC day.

    Parameters
    ----------
    shifts
        Pairs of seconds since midnight UTC; one that closes before it opens goes
        on past midnight. None at all: always open.
    start_unix
        The Unix time of the scenario's start, from which the model counts.
    """

    def __init__(self, shifts: tuple[tuple[float, float], ...], start_unix: float) -> None:
        self._shifts = shifts
        self._midnight = -(start_unix % DAY_S)  # the last one before the start

    def is_open(self, at: float) -> bool:
        """Tell whether the desk is staffed at an instant, s since the scenario's start."""
        return self.next_open(at) <= at

    def next_open(self, at: float) -> float:
        """Give the first instant from ``at`` on at which the desk is staffed."""
        if not self._shifts:
            return at
        second = (at - self._midnight) % DAY_S
        waits = []
        for opens, closes in self._shifts:
            length = (closes - opens) % DAY_S or DAY_S
            since = (second - opens) % DAY_S
            waits.append(0.0 if since < length else DAY_S - since)
        return at + min(waits)
