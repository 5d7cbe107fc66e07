"""The collector's settings are its own again when many runs are over."""

from __future__ import annotations

import gc

import pytest

from sim.sweeps.heap import settled_heap


def test_what_was_there_is_left_alone_meanwhile() -> None:
    often, frozen = gc.get_threshold(), gc.get_freeze_count()
    with settled_heap():
        assert gc.get_freeze_count() > frozen
        assert gc.get_threshold()[0] >= often[0]
    assert (gc.get_threshold(), gc.get_freeze_count()) == (often, 0)


def test_a_failure_changes_nothing_of_that() -> None:
    often = gc.get_threshold()
    with pytest.raises(ValueError, match="over"), settled_heap():
        raise ValueError("over")
    assert (gc.get_threshold(), gc.get_freeze_count()) == (often, 0)
