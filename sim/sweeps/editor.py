"""The JSON Schema of sweep files, for editors that complete and check while one types."""

from __future__ import annotations

from typing import Any

from sim.scenario.editor import schema_of
from sim.sweeps.schema import PLAIN_DESIGNS, Sweep

_ONE_OF = {
    "Design": [
        [key]
        for key in (
            *("grid", "zip", "list", "csv", "one-at-a-time"),
            *("latin-hypercube", "sobol", "random", "saltelli", "morris"),
        )
    ]
}
_NEEDS = {
    "from": ["to"],
    "to": ["from"],
    "steps": ["from"],
    "scale": ["from"],
    "times": ["tied"],
    "plus": ["tied"],
}


def sweep_json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of sweep files."""
    schema = schema_of(Sweep, "keepout sweep", _ONE_OF)
    schema["$defs"]["Factor"]["dependentRequired"] = _NEEDS
    schema["properties"]["design"]["anyOf"][-1]["enum"] = [*PLAIN_DESIGNS]
    return schema
