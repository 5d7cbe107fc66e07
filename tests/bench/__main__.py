"""``make bench``: what the command, a run and the geometry cost, each beside something known.

Everything is timed in this one process, the parties to a ratio in turns, so
that a busy machine slows both. The figures are printed and never asserted.
"""

from __future__ import annotations

from argparse import ArgumentParser

from tests.bench import commands, geometry, replications, sweeping

PARTS = ("commands", "replications", "sweeps", "geometry")


def main() -> None:
    """Print the figures that were asked for."""
    parser = ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("what", nargs="*", metavar="|".join(PARTS), help="all by default")
    parser.add_argument("--quick", action="store_true", help="the smallest sizes, in 40 s")
    parser.add_argument("--full", action="store_true", help="the largest too, keepout alone")
    asked = parser.parse_args()
    if unknown := set(asked.what) - {*PARTS}:
        parser.error(f"there are no figures for {', '.join(sorted(unknown))}")
    chosen = asked.what or PARTS
    if "commands" in chosen:
        commands.main(3 if asked.quick else commands.ROUNDS)
    if "replications" in chosen:
        replications.main(0.1 if asked.quick else 1.0)
    if "sweeps" in chosen:
        sweeping.main(quick=asked.quick)
    if "geometry" in chosen:
        if asked.full:
            geometry.full()
        geometry.main(quick=asked.quick)


if __name__ == "__main__":
    main()
