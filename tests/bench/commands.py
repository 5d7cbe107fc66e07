"""What the command costs, beside bare Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench import table
from tests.bench.timing import Party, together

SEED_SCENARIO = "scenarios/northwest_syria_2022.yaml"
ROOT = Path(__file__).parents[2]
ROUNDS = 15


def main(rounds: int = ROUNDS) -> None:
    """Print each median, and its ratio to what it is compared with."""
    bare = Party("python -c pass", lambda _: python("-c", "pass"))
    command = Party("keepout --help", lambda _: python("-m", "sim", "--help"))
    validated = Party(
        "keepout validate, seed scenario",
        lambda _: python("-m", "sim", "validate", SEED_SCENARIO),
    )
    together([bare, command, validated], rounds)
    show(bare)
    show(command, bare)
    show(validated, bare)


def show(party: Party, reference: Party | None = None) -> None:
    """Print one line."""
    ratio = "" if reference is None else f"{party.seconds / reference.seconds:8.1f} x"
    table.write(f"{party.name:<50}{party.seconds * 1000:10.2f} ms{ratio}")


def python(*arguments: str) -> None:
    """Run this interpreter on its own."""
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)
