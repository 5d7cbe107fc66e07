"""When to stop replicating: once an interval is narrow enough.

References
----------
.. [1] Chow, Y. S. and Robbins, H. (1965). On the asymptotic theory of fixed-width
   sequential confidence intervals for the mean. Annals of Mathematical Statistics 36,
   457-462.
.. [2] Starr, N. (1966). The performance of a sequential procedure for the fixed-width
   interval estimation of the mean. Annals of Mathematical Statistics 37, 36-50.
.. [3] Law, A. M. (2015). Simulation Modeling and Analysis, 5th edition. McGraw-Hill.
   Section 9.4.1: obtaining a specified precision.
.. [4] Hanley, J. A. and Lippman-Hand, A. (1983). If nothing goes wrong, is everything all
   right? Journal of the American Medical Association 249, 1743-1745. The rule of three.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.stats.intervals import Floats, Interval


@dataclass(frozen=True, slots=True)
class Stopping:
    """Replicate until half the width of a metric's interval is at most a target.

    The rule looks only after ``minimum`` replications, and then after every
    ``batch`` more, up to ``maximum``; and it sees the values in their order. So
    it stops at the same number however the work was split or interrupted.

    Parameters
    ----------
    interval
        What estimates the metric from its values, one a replication.
    half_width
        The target, above 0.
    minimum, maximum
        The fewest replications, at least 2, and the most.
    batch
        How many replications there are between looks.

    Raises
    ------
    ValueError
        If the numbers make no rule.

    Notes
    -----
    An interval at which one stops because it is narrow covers less often than
    one of a number of replications fixed beforehand: one stops when the variance
    seen happens to be small. The loss vanishes as the target does [1]_, is worst
    where few replications suffice [2]_, and is small when the first look comes
    late and others are far between [3]_. Of normal values with Student's 95 %
    intervals, to within half a standard deviation (some 15 replications): looking
    at each from the second on covers 88 times in a hundred, each from the tenth
    on 93.7, every tenth from the twentieth on 94.7; to within a tenth of one,
    every hundredth from the hundredth on, 94.9.

    Values that have not varied yet have a t interval of no width and stop the
    rule at ``minimum``; so that a rare event is seen by then, choose it by the
    rule of three: what happens never in n replications may still have a
    probability of up to 3 / n [4]_. Wilson's interval knows that by itself.
    """

    interval: Callable[[Floats], Interval]
    half_width: float
    minimum: int
    maximum: int
    batch: int

    def __post_init__(self) -> None:
        if not self.half_width > 0.0:
            raise ValueError(f"half-width {self.half_width} is not above 0")
        if self.minimum < 2:  # noqa: PLR2004 - one value shows no spread
            raise ValueError(f"minimum {self.minimum} is under 2")
        if self.maximum < self.minimum:
            raise ValueError(f"maximum {self.maximum} is under the minimum {self.minimum}")
        if self.batch < 1:
            raise ValueError(f"batch {self.batch} is under 1")

    def after(self, values: Floats) -> int | None:
        """Tell up to how many replications to go on after a look, or None if these are enough.

        Parameters
        ----------
        values
            The metric in all replications up to this look, from the first on; no
            earlier look has found the interval narrow. None of them: before the first.
        """
        count = len(values)
        if count < self.minimum:
            return self.minimum
        if count >= self.maximum or self._is_narrow(values):
            return None
        return min(count + self.batch, self.maximum)

    def stopped(self, values: Floats) -> int | None:
        """Tell after how many replications the rule stops, or None if not within these.

        Parameters
        ----------
        values
            The metric in the replications so far, from the first on.
        """
        count = 0
        while (following := self.after(values[:count])) is not None:
            if following > len(values):
                return None
            count = following
        return count

    def _is_narrow(self, values: Floats) -> bool:
        found = self.interval(values)
        return found.high - found.low <= 2 * self.half_width
