"""Results do not change unless the model's version does."""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path

from sim.findings.names import METRICS
from sim.findings.run import run
from sim.model.version import MODEL_VERSION
from sim.scenario.reader import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SEED = 1
DIGEST = (2, "3094f6f7a1090bde4b08e2f662a0197b")
"""The model's version, and the digest of what it gives."""


def rounded(found: object) -> object:
    """Round numbers to what every platform agrees on."""
    if isinstance(found, float):
        return f"{found:.6g}" if abs(found) > 1e-6 else "0"
    if isinstance(found, dict):
        return {key: rounded(value) for key, value in found.items()}
    return [rounded(value) for value in found] if isinstance(found, list) else found


def digest() -> str:
    state = blake2b(digest_size=16)
    for path in sorted(SCENARIOS.glob("*.yaml")):
        found = run(load(path), SEED)
        for line in found.journal.dumps().splitlines():
            state.update(json.dumps(rounded(json.loads(line))).encode())
        state.update(json.dumps(rounded(found.metrics)).encode())
    return state.hexdigest()


def test_results_are_those_of_this_version() -> None:
    assert digest() == DIGEST[1], "results changed: raise MODEL_VERSION and the digest"
    assert DIGEST[0] == MODEL_VERSION


def test_metrics_are_named_in_their_order() -> None:
    assert (*run(load(SCENARIOS / "popup_tfr.yaml")).metrics,) == METRICS
