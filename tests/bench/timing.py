"""Timing in turns, so that a busy machine slows all parties to a ratio alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROUNDS = 3
SLOW_S = 20.0  # what takes longer is run once


def _nothing() -> None:
    """Set nothing up."""


@dataclass
class Party:
    """A task of some size, what is made for it anew and untimed each time, and what it took."""

    name: str
    task: Callable[[Any], Any]
    size: int = 1  # volumes or legs
    setup: Callable[[], Any] = _nothing
    times: list[float] = field(default_factory=list)
    answer: Any = None

    @property
    def seconds(self) -> float:
        """The median."""
        return median(self.times)

    @property
    def each(self) -> float:
        """The median for one volume or leg."""
        return self.seconds / self.size

    def run(self) -> None:
        """Run once more, unless that takes too long; the first answer is kept."""
        if self.times and self.times[0] > SLOW_S:
            return
        made = self.setup()
        begun = perf_counter()
        answer = self.task(made)
        self.times.append(perf_counter() - begun)
        if self.answer is None:
            self.answer = answer


def together(parties: Sequence[Party], rounds: int = ROUNDS) -> None:
    """Run all parties in turns."""
    for _ in range(rounds):
        for party in parties:
            party.run()
