"""Keyed draws: each random choice has a name of its own, so no other choice can move it."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from sim.distributions import Fixed

if TYPE_CHECKING:
    from sim.distributions import Distribution

Key = tuple[str | int, ...]

_SEPARATOR = "\x1f"  # stands in no id, so that ("a", "bc") and ("ab", "c") differ
_PART = f"{_SEPARATOR}%s"
_BITS = 52  # so many that the midpoints between them are floats too
_STEP = 2.0**-_BITS


class Streams:
    """The draws of one replication.

    Every draw is one uniform hashed from (root seed, replication, entity,
    decision, occasion) and turned into a value by the inverse CDF. Adding a
    party, reordering the file or leaving out a retry therefore changes no
    other draw, and two scenarios run with the same seed share all the draws
    that they have in common (common random numbers).

    Parameters
    ----------
    seed
        The root seed; any integer.
    replication
        Which replication of that seed, from 0.
    """

    def __init__(self, seed: int, replication: int = 0) -> None:
        self._state = blake2b(f"{seed}{_SEPARATOR}{replication}".encode(), digest_size=8)

    def uniform(self, entity: Key, decision: str, occasion: int = 0) -> float:
        """Draw from the open interval (0, 1), on a grid of 2**52 midpoints."""
        state = self._state.copy()
        name = _PART * (len(entity) + 2) % (*entity, decision, occasion)
        state.update(name.encode())
        bits = int.from_bytes(state.digest()) >> (64 - _BITS)
        return (bits + 0.5) * _STEP

    def value(self, law: Distribution, entity: Key, decision: str, occasion: int = 0) -> float:
        """Draw a value of ``law`` by its inverse CDF; nothing need be drawn of what is fixed."""
        if type(law) is Fixed:
            return law.value
        return law.ppf(self.uniform(entity, decision, occasion))

    def chance(
        self,
        law: Distribution,
        owner: Key,
        entity: Key,
        decision: str,
        occasion: int = 0,
        *,
        factor: float = 1.0,
    ) -> bool:
        """Decide whether something of probability ``law`` times ``factor`` happens this time.

        A probability that is itself uncertain is drawn once per replication,
        for its ``owner`` (a channel, a party); the event on every occasion.
        """
        if type(law) is Fixed:
            probability = law.value * factor
        else:
            probability = law.ppf(self.uniform(owner, f"probability of {decision}")) * factor
        if not 0.0 < probability < 1.0:
            return probability > 0.0
        return self.uniform(entity, decision, occasion) < probability
