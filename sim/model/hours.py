"""When somebody is there: daily hours of a desk, by the clock on its wall."""

from __future__ import annotations

DAY_S = 86_400.0


class Hours:
    """Daily shifts, each from an opening to a closing second of the UTC day.

    The desk goes by its own clock, which may be wrong.

    Parameters
    ----------
    shifts
        Pairs of seconds since midnight UTC; one that closes before it opens goes
        on past midnight. None at all: always open.
    start_unix
        The Unix time of the scenario's start, from which the model counts.
    ahead_s
        By how many seconds the desk's clock is ahead of UTC.
    """

    def __init__(
        self, shifts: tuple[tuple[float, float], ...], start_unix: float, ahead_s: float = 0.0
    ) -> None:
        self._shifts = shifts
        self.ahead_s = ahead_s
        self._midnight = -(start_unix % DAY_S)  # the last one before the start

    def is_open(self, at: float) -> bool:
        """Tell whether the desk is staffed at an instant, s since the scenario's start."""
        return self.next_open(at) <= at

    def next_open(self, at: float) -> float:
        """Give the first instant from ``at`` on at which the desk is staffed."""
        if not self._shifts:
            return at
        second = (at + self.ahead_s - self._midnight) % DAY_S
        waits = []
        for opens, closes in self._shifts:
            length = (closes - opens) % DAY_S or DAY_S
            since = (second - opens) % DAY_S
            waits.append(0.0 if since < length else DAY_S - since)
        return at + min(waits)

    def closed(self, end: float) -> list[tuple[float, float]]:
        """Give the intervals of [0, end) in which the desk is not staffed, s since the start."""
        if not self._shifts:
            return []
        midnight, days = self._midnight - self.ahead_s, range(-1, int(end // DAY_S) + 3)
        staffed = sorted(
            (midnight + day * DAY_S + opens, (closes - opens) % DAY_S or DAY_S)
            for opens, closes in self._shifts
            for day in days
        )
        found, since = [], 0.0
        for opens_at, length in staffed:
            if since < min(opens_at, end):
                found.append((since, min(opens_at, end)))
            since = max(since, opens_at + length)
        return found
