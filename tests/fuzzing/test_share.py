"""A small share of the fuzzer's inputs, of files of our own; ``make fuzz`` reads a million."""

from __future__ import annotations

import pytest

from tests.fuzzing.readers import READERS
from tests.fuzzing.trial import attempt, made, warm_up

SHARE = 150


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm_up()


@pytest.mark.parametrize("name", READERS)
def test_no_input_of_a_small_share_does_what_it_should_not(name: str) -> None:
    for number in range(SHARE):
        fault = attempt(name, made(name, 1, number, real=False), number)
        assert fault is None, f"{name}, seed 1, number {number}: {fault.sort}\n{fault.detail}"


def test_inputs_are_made_again_by_their_numbers_and_differ() -> None:
    for name in READERS:
        inputs = [made(name, 1, number, real=False) for number in range(40)]
        assert inputs == [made(name, 1, number, real=False) for number in range(40)]
        assert len(set(inputs)) > 30, name
