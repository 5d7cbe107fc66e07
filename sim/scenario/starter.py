"""The commented scenario that ``keepout new`` writes."""

from __future__ import annotations

from importlib.resources import files


def starter() -> str:
    """Give a commented scenario to start from: it runs as it stands."""
    return files("sim.scenario").joinpath("starter.yaml").read_text(encoding="utf-8")
