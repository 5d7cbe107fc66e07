"""Hypothesis strategies for what a scenario is made of: texts, quantities, distributions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from sim.distributions import (
    Distribution,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    LogNormal,
    Mixture,
    Normal,
    Triangular,
    Uniform,
    Weibull,
)
from sim.units import Position

if TYPE_CHECKING:
    from collections.abc import Callable

uniforms = st.floats(1e-9, 1.0 - 1e-9)
values = st.floats(-1e6, 1e6)
sizes = st.floats(1e-2, 1e6)
positions = st.builds(Position, st.floats(-180.0, 180.0), st.floats(-90.0, 90.0))
unix_times = st.floats(-2.2e9, 7.2e9)  # 1900 to 2198

_rising = st.lists(values, min_size=3, max_size=3, unique=True).map(sorted)
_quantiles = st.lists(
    st.tuples(st.floats(0.0, 1.0), values), min_size=1, max_size=6, unique_by=lambda pair: pair[0]
).map(
    lambda pairs: tuple(zip(sorted(p for p, _ in pairs), sorted(v for _, v in pairs), strict=True))
)


def _clipped(draw: Callable[[Any], Any]) -> dict[str, float]:
    low, high = sorted((draw(values), draw(values)))
    return draw(st.sampled_from([{}, {"min": low}, {"max": high}, {"min": low, "max": high}]))  # type: ignore[no-any-return]


@st.composite
def simple_distributions(draw: Callable[[Any], Any]) -> Distribution:
    """Any distribution but a mixture, plain or clipped."""
    low, middle, high = draw(_rising)
    size = draw(sizes)
    clip = _clipped(draw)
    made: Distribution = draw(
        st.sampled_from(
            [
                lambda: Fixed(low),
                lambda: Uniform(low, high),
                lambda: Triangular(low, middle, high),
                lambda: Normal(low, size, **clip),
                lambda: LogNormal(size, size * draw(st.floats(1.01, 1e3)), **clip),
                lambda: Exponential(size, **clip),
                lambda: Gamma(size, size * draw(st.floats(0.01, 10.0)), **clip),
                lambda: Weibull(size, draw(st.floats(0.1, 10.0)), **clip),
                lambda: Empirical((high, low, middle), (), **clip),
                lambda: Empirical((), draw(_quantiles), **clip),
            ]
        )
    )()
    return made


distributions = st.one_of(
    simple_distributions(),
    st.builds(
        Mixture,
        st.lists(
            st.tuples(st.floats(0.01, 100.0), simple_distributions()), min_size=1, max_size=4
        ).map(tuple),
    ),
)
