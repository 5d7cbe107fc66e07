"""What a scenario may draw: distributions as frozen values that turn one uniform into one value.

Every distribution is its inverse CDF, so that one keyed uniform gives one draw and
two runs that share the uniform share the luck. ``min`` and ``max`` clip; nothing is
ever drawn again.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

from sim.errors import InputError

_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.95)
_SPREADS = (0.001, 100.0)  # a gamma's sd over its mean; beyond, its quantiles lose their digits
_SHAPES = (0.05, 100.0)  # a Weibull's; beyond, its quantiles overflow
_BISECTIONS = 200  # far more than float64 can tell apart


class Distribution(ABC):
    """A random quantity, in SI units; immutable, hashable, equal by value."""

    @abstractmethod
    def ppf(self, u: float) -> float:
        """Give the quantile at ``u``, with 0 < u < 1: the inverse of the CDF."""

    @abstractmethod
    def cdf(self, x: float) -> float:
        """Give the probability of a value no larger than ``x``."""

    @property
    @abstractmethod
    def lower(self) -> float:
        """The smallest value possible; may be minus infinity."""

    @property
    @abstractmethod
    def upper(self) -> float:
        """The largest value possible; may be infinity."""


@dataclass(frozen=True, slots=True)
class Fixed(Distribution):
    """Always ``value``."""

    value: float

    def ppf(self, u: float) -> float:  # noqa: ARG002 - there is nothing to choose
        """Give the value."""
        return self.value

    def cdf(self, x: float) -> float:
        """Step from 0 to 1 at the value."""
        return float(x >= self.value)

    @property
    def lower(self) -> float:
        """The value."""
        return self.value

    @property
    def upper(self) -> float:
        """The value."""
        return self.value


class _Bounded(Distribution):
    """A distribution with finite bounds ``min`` and ``max`` of its own."""

    min: float
    max: float

    @property
    def lower(self) -> float:
        """The bound ``min``."""
        return self.min

    @property
    def upper(self) -> float:
        """The bound ``max``."""
        return self.max


@dataclass(frozen=True, slots=True)
class Uniform(_Bounded):
    """Every value between ``min`` and ``max`` alike."""

    min: float
    max: float

    def __post_init__(self) -> None:
        _ask(self.min < self.max, "max must be above min", "max")

    def ppf(self, u: float) -> float:
        """Give ``min + u (max - min)``."""
        return self.min + u * (self.max - self.min)

    def cdf(self, x: float) -> float:
        """Rise linearly from ``min`` to ``max``."""
        return min(max((x - self.min) / (self.max - self.min), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Triangular(_Bounded):
    """Between ``min`` and ``max``, most often near ``mode``."""

    min: float
    mode: float
    max: float

    def __post_init__(self) -> None:
        _ask(self.min < self.max, "max must be above min", "max")
        _ask(self.min <= self.mode <= self.max, "mode must lie from min to max", "mode")

    def ppf(self, u: float) -> float:
        """Invert the two parabolas that meet at the mode."""
        width, rise, fall = self.max - self.min, self.mode - self.min, self.max - self.mode
        if u * width <= rise:
            return self.min + math.sqrt(u * width * rise)
        return self.max - math.sqrt((1.0 - u) * width * fall)

    def cdf(self, x: float) -> float:
        """Follow the two parabolas that meet at the mode."""
        if x <= self.min or x >= self.max:
            return float(x >= self.max)
        width = self.max - self.min
        if x < self.mode:
            return (x - self.min) ** 2 / (width * (self.mode - self.min))
        return 1.0 - (self.max - x) ** 2 / (width * (self.max - self.mode))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clipped(Distribution):
    """A distribution whose values below ``min`` and above ``max`` are moved there."""

    min: float = -math.inf
    max: float = math.inf

    def _ask_bounds(self) -> None:
        _ask(self.min <= self.max, "max must not be below min", "max")

    @property
    def _support(self) -> tuple[float, float]:
        """What the distribution reaches before it is clipped; from 0 on unless said otherwise."""
        return 0.0, math.inf

    @abstractmethod
    def _quantile(self, u: float) -> float:
        """Give the quantile before clipping."""

    @abstractmethod
    def _cumulate(self, x: float) -> float:
        """Give the CDF before clipping."""

    def _clip(self, x: float) -> float:
        return min(max(x, self.min), self.max)

    def ppf(self, u: float) -> float:
        """Give the clipped quantile at ``u``."""
        return self._clip(self._quantile(u))

    def cdf(self, x: float) -> float:
        """Give the CDF, with atoms where values are clipped."""
        if x < self.min:
            return 0.0
        return 1.0 if x >= self.max else self._cumulate(x)

    @property
    def lower(self) -> float:
        """The smallest value possible once clipped."""
        return self._clip(self._support[0])

    @property
    def upper(self) -> float:
        """The largest value possible once clipped."""
        return self._clip(self._support[1])


@dataclass(frozen=True, slots=True)
class Normal(_Clipped):
    """The normal distribution of mean ``mean`` and standard deviation ``sd``, before clipping."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _ask(self.sd > 0.0, "sd must be above 0", "sd")
        self._ask_bounds()

    @property
    def _support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def _quantile(self, u: float) -> float:
        return self.mean + self.sd * _NORMAL.inv_cdf(u)

    def _cumulate(self, x: float) -> float:
        return _NORMAL.cdf((x - self.mean) / self.sd)


@dataclass(frozen=True, slots=True)
class LogNormal(_Clipped):
    """The lognormal distribution with median ``median`` and 95 % quantile ``p95``."""

    median: float
    p95: float

    def __post_init__(self) -> None:
        _ask(self.median > 0.0, "median must be above 0", "median")
        _ask(self.p95 > self.median, "p95 must be above the median", "p95")
        _ask(self.p95 <= 1e6 * self.median, "p95 must be below a million medians", "p95")
        self._ask_bounds()

    @property
    def _sigma(self) -> float:
        return math.log(self.p95 / self.median) / _Z95

    def _quantile(self, u: float) -> float:
        return self.median * math.exp(self._sigma * _NORMAL.inv_cdf(u))

    def _cumulate(self, x: float) -> float:
        return _NORMAL.cdf((math.log(x) - math.log(self.median)) / self._sigma) if x > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Exponential(_Clipped):
    """The exponential distribution of mean ``mean``."""

    mean: float

    def __post_init__(self) -> None:
        _ask(self.mean > 0.0, "mean must be above 0", "mean")
        self._ask_bounds()

    def _quantile(self, u: float) -> float:
        return -self.mean * math.log1p(-u)

    def _cumulate(self, x: float) -> float:
        return -math.expm1(-x / self.mean) if x > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Gamma(_Clipped):
    """The gamma distribution of mean ``mean`` and standard deviation ``sd``."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _ask(self.mean > 0.0, "mean must be above 0", "mean")
        low, high = _SPREADS
        _ask(
            low * self.mean <= self.sd <= high * self.mean,
            f"sd must be {low:g} to {high:g} times the mean",
            "sd",
        )
        self._ask_bounds()

    @property
    def _shape(self) -> float:
        return (self.mean / self.sd) ** 2

    @property
    def _scale(self) -> float:
        return self.sd**2 / self.mean

    def _quantile(self, u: float) -> float:
        from scipy.special import gammaincinv  # noqa: PLC0415 - slow to import, seldom needed

        return float(gammaincinv(self._shape, u)) * self._scale

    def _cumulate(self, x: float) -> float:
        from scipy.special import gammainc  # noqa: PLC0415 - slow to import, seldom needed

        return float(gammainc(self._shape, x / self._scale)) if x > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Weibull(_Clipped):
    """The Weibull distribution of scale ``scale`` and shape ``shape``."""

    scale: float
    shape: float

    def __post_init__(self) -> None:
        _ask(self.scale > 0.0, "scale must be above 0", "scale")
        low, high = _SHAPES
        _ask(low <= self.shape <= high, f"shape must be from {low:g} to {high:g}", "shape")
        self._ask_bounds()

    def _quantile(self, u: float) -> float:
        return self.scale * math.pow(-math.log1p(-u), 1.0 / self.shape)

    def _cumulate(self, x: float) -> float:
        return -math.expm1(-((x / self.scale) ** self.shape)) if x > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Empirical(_Clipped):
    """What was observed: ``samples``, each as likely as the next, or ``quantiles``.

    Quantiles are (probability, value) pairs in rising order, linear in between; below the
    first and above the last their values hold.
    """

    samples: tuple[float, ...] = ()
    quantiles: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        one = bool(self.samples) != bool(self.quantiles)
        _ask(one, "exactly one of samples and quantiles must be given")
        object.__setattr__(self, "samples", tuple(sorted(self.samples)))
        pairs = self.quantiles
        for (p, value), (q, larger) in pairwise(pairs):
            _ask(
                p < q and value <= larger, "values must rise with their probabilities", "quantiles"
            )
        self._ask_bounds()

    @property
    def _support(self) -> tuple[float, float]:
        values = self.samples or tuple(value for _, value in self.quantiles)
        return values[0], values[-1]

    def _quantile(self, u: float) -> float:
        if self.samples:
            return self.samples[max(math.ceil(u * len(self.samples)) - 1, 0)]
        after = bisect_left(self.quantiles, (u, -math.inf))
        if after in (0, len(self.quantiles)):
            return self.quantiles[min(after, len(self.quantiles) - 1)][1]
        (p, value), (q, larger) = self.quantiles[after - 1 : after + 1]
        return value + (larger - value) * (u - p) / (q - p)

    def _cumulate(self, x: float) -> float:
        if self.samples:
            return bisect_right(self.samples, x) / len(self.samples)
        after = bisect_right(self.quantiles, x, key=lambda pair: pair[1])
        if after in (0, len(self.quantiles)):
            return float(after > 0)
        (p, value), (q, larger) = self.quantiles[after - 1 : after + 1]
        return p + (q - p) * (x - value) / (larger - value)


@dataclass(frozen=True, slots=True)
class Mixture(_Clipped):
    """One of several distributions, each with its weight; ``parts`` are (weight, distribution)."""

    parts: tuple[tuple[float, Distribution], ...]

    def __post_init__(self) -> None:
        _ask(bool(self.parts), "at least one part must be given")
        for place, (weight, _) in enumerate(self.parts):
            _ask(weight > 0.0, "a weight must be above 0", place, "weight")
        self._ask_bounds()

    @property
    def _support(self) -> tuple[float, float]:
        inner = [part for _, part in self.parts]
        return min(part.lower for part in inner), max(part.upper for part in inner)

    def _quantile(self, u: float) -> float:
        """Give the smallest x whose CDF reaches ``u``; it lies between the parts' quantiles."""
        quantiles = [part.ppf(u) for _, part in self.parts]
        low, high = min(quantiles), max(quantiles)
        if self._cumulate(low) >= u:
            return low
        for _ in range(_BISECTIONS):
            middle = low + (high - low) / 2.0
            if not low < middle < high:
                break
            if self._cumulate(middle) >= u:
                high = middle
            else:
                low = middle
        return high

    def _cumulate(self, x: float) -> float:
        total = math.fsum(weight for weight, _ in self.parts)
        return math.fsum(weight * part.cdf(x) for weight, part in self.parts) / total


def _ask(holds: bool, otherwise: str, *at: str | int) -> None:
    if not holds:
        raise InputError(otherwise, at=at)
