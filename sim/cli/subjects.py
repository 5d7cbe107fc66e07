"""What figures and pages are made of: runs, many runs and sweeps, of files or of folders."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.cli import inputs, terminal
from sim.errors import InputError

# Nothing heavier at the top: --help answers before numpy would be imported.
if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.findings.run import Run
    from sim.scenario.schema import Scenario
    from sim.sweeps.comparing import Comparison
    from sim.sweeps.results import SweepResult
    from sim.sweeps.runner import Replications
    from sim.sweeps.why import Why

    Subject = Run | Replications | Why | Comparison | SweepResult


@dataclass(frozen=True, slots=True)
class Request:
    """What a call says of its subject.

    Parameters
    ----------
    source, other
        A scenario file or a folder; and the file that the first is compared with.
    seed
        The root seed; None where none is given.
    changes, before, after
        Values that are changed: of both, of the first and of the second.
    replications
        How many runs, where there are many.
    """

    source: str
    other: str | None = None
    seed: int | None = None
    changes: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    replications: int = 200

    @property
    def is_folder(self) -> bool:
        """Whether the source is a folder, with what an earlier command left there."""
        return os.path.isdir(self.source)  # noqa: PTH112 - quick

    def scenario(self) -> Scenario:
        """Read the scenario, with the changes that every side has."""
        return inputs.read(self.source).replace(inputs.changes_of(self.changes))


def find_subject(of: str, request: Request) -> Subject:
    """Read or make what is asked for: ``run``, ``replications``, ``why``, ...

    Raises
    ------
    InputError
        If the source is not what such a thing is made of.
    """
    if of != "comparison" and (request.other is not None or request.before or request.after):
        raise InputError(
            "two scenarios, where one is drawn", hint="only --kind differences is of two"
        )
    with inputs.about(request.source):
        return _MAKERS[of](request)


def _run(request: Request) -> Run:
    if not request.is_folder:
        from sim.findings.run import run  # noqa: PLC0415

        return run(request.scenario(), request.seed or 0)
    from sim.report.reopening import open_run  # noqa: PLC0415

    if request.seed is not None or request.changes:
        raise InputError(
            f"{request.source}: the run in a folder stays as it was",
            hint="leave out --seed and --set, or give its scenario.yaml",
        )
    return open_run(request.source)


def _replications(request: Request) -> Replications:
    from sim.sweeps.runner import replicate  # noqa: PLC0415

    scenario = _of_file(request)
    with terminal.progress(request.replications) as done:
        return replicate(scenario, request.replications, request.seed or 0, done=done)


def _why(request: Request) -> Why:
    from sim.sweeps.links import LINKS  # noqa: PLC0415
    from sim.sweeps.why import ask_why  # noqa: PLC0415

    scenario = _of_file(request)
    with terminal.progress((1 + len(LINKS)) * request.replications) as done:
        return ask_why(scenario, request.replications, request.seed or 0, done=done)


def _comparison(request: Request) -> Comparison:
    from sim.sweeps.comparing import compare  # noqa: PLC0415

    _refuse_folder(request)
    before, after = inputs.read_both(
        request.source,
        request.other,
        both=request.changes,
        before=request.before,
        after=request.after,
    )
    with terminal.progress(2 * request.replications) as done:
        return compare(before, after, request.replications, request.seed or 0, done=done)


def _sweep(request: Request) -> SweepResult:
    from sim.sweeps.opening import open_sweep  # noqa: PLC0415

    if not request.is_folder:
        raise InputError(
            f"{request.source}: no folder; a sweep's figures are drawn of what it left",
            hint=f"first: keepout sweep {request.source} --out results",
        )
    return open_sweep(request.source)


def _of_file(request: Request) -> Scenario:
    _refuse_folder(request)
    return request.scenario()


def _refuse_folder(request: Request) -> None:
    if request.is_folder:
        raise InputError(
            f"{request.source}: a folder, where a scenario file is run many times",
            hint=f"give {os.path.join(request.source, 'scenario.yaml')}",  # noqa: PTH118 - quick
        )


_MAKERS: dict[str, Callable[[Request], Subject]] = {
    "run": _run,
    "replications": _replications,
    "why": _why,
    "comparison": _comparison,
    "sweep": _sweep,
}
