"""Sweep files and texts to studies; everything wrong with one is reported together."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from sim.errors import Fault, InputError, ScenarioError
from sim.scenario.attempt import Attempt, without_ignored
from sim.scenario.explain import Words
from sim.scenario.paths import replaced
from sim.scenario.reader import build, in_order, loads, read_text
from sim.scenario.tree import Complaint, parse
from sim.sweeps.consistency import contradictions
from sim.sweeps.design import draw_points
from sim.sweeps.factors import Factor
from sim.sweeps.fitting import faulty_points, misfit, misplaced
from sim.sweeps.kind import HEAD, is_sweep
from sim.sweeps.labels import labels_of
from sim.sweeps.schema import Sweep
from sim.sweeps.tables import Row, by_path, listed_rows, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike

    from sim.scenario.schema import Scenario
    from sim.scenario.tree import Path, Source, Tree
    from sim.sweeps.design import Point

_FROM_HERE = "names of files count from the sweep's own folder"
_MOST_ROWS = 10_000  # whose values are looked at one by one
WORDS = Words(
    Sweep,
    examples={
        "Factor": "{from: 5 km, to: 80 km, steps: 5}",
        "Design": "grid",
        "Sampled": "{points: 64}",
        "PowerSampled": "{points: 64}",
        "Saltelli": "{points: 64}",
        "Morris": "{trajectories: 20, levels: 4}",
        "OneAtATime": "{base: {lead: 1 h}}",
        "Precision": "{until: {metric: p_uninformed, half-width: 0.02}}",
        "Until": "{metric: p_uninformed, half-width: 0.02}",
        "Recommendation": "{metric: p_uninformed, target: 1 %, cost: denied_km2_h}",
    },
    missing={
        ("name",): 'write such as "name: How early, and how broad"',
        ("scenario",): 'write such as "scenario: ../night.yaml", seen from this file',
        ("replications",): 'write such as "replications: 200"',
    },
)
# What stands in for a value that cannot be read, so that the rest is still checked.
_STAND_INS = {HEAD: "1", "name": "", "scenario": "", "replications": "1"}


@dataclass(frozen=True)
class Study:
    """A sweep that has been read, with its scenario and its points.

    Parameters
    ----------
    sweep
        What the file says; factors that only a table of points names are among its factors.
    scenario
        What it varies, with the sweep's ``set`` put in.
    points
        All settings of the factors, in the order of the design.
    labels
        The names of the factors by their paths.
    source
        Where everything stands in the file.
    """

    sweep: Sweep
    scenario: Scenario = field(repr=False)
    points: tuple[Point, ...] = field(repr=False)
    labels: Mapping[str, str]
    source: Source = field(repr=False, compare=False)
    rows: tuple[Row, ...] = field(repr=False, compare=False)


def load_sweep(path: str | PathLike[str]) -> Study:
    """Read a sweep file, and the scenario and table that it names.

    Every value is read at its path by itself, of a table those of its first 10,000 rows,
    and then points as wholes, as :func:`check_study` says.

    Raises
    ------
    ScenarioError
        With every fault of the file, of its scenario and of its table.
    """
    return loads_sweep(read_text(path), str(path), FilePath(path).parent)


def loads_sweep(text: str, name: str = "<text>", folder: str | PathLike[str] = ".") -> Study:
    """Read a sweep from a text.

    Parameters
    ----------
    text
        What stands in the file.
    name
        What stands for the file in messages.
    folder
        Where the names of other files count from.

    Raises
    ------
    ScenarioError
        With every fault of the text, of the scenario and of the table.
    """
    source = parse(text, name, "sweep")
    _ask_sweep(source)
    study = _Reading(source, FilePath(folder)).study()
    check_study(study)
    return study


def check_study(study: Study) -> None:
    """Ask that the scenario has no faults at any point of the study.

    Of more than 2000 points only the extremes and some all over the design are looked at.
    :func:`load_sweep` has asked already.

    Raises
    ------
    ScenarioError
        With the faults, each of the first point that has it.
    """
    faults = []
    for point, factor, message, hint in faulty_points(study.scenario, study.points):
        if study.rows:
            faults.append(_fault_of(study.source, study.rows[point.number], message, hint))
        else:
            path = ("factors",) if factor is None else ("factors", factor)
            faults.append(study.source.fault(Complaint(path, message, hint, of_key=True)))
    if faults:
        raise ScenarioError(in_order(faults))


def _ask_sweep(source: Source) -> None:
    if is_sweep(source.document):
        return
    is_scenario = "keepout" in source.document
    hint = "this is a scenario: keepout run runs it" if is_scenario else ""
    fault = source.fault(
        Complaint((), f'{HEAD} is missing: expected "{HEAD}: 1", by which sweeps are told', hint)
    )
    raise ScenarioError([*source.faults, fault])


class _Reading:
    """A sweep file on its way to a study: it goes on past faults as far as it can."""

    def __init__(self, source: Source, folder: FilePath) -> None:
        self.source = source
        self.folder = folder
        self.faults: list[Fault] = [*source.faults]
        self.attempt = Attempt(Sweep, without_ignored(source.document), WORDS, _cut, _STAND_INS)

    def study(self) -> Study:
        sweep = self.attempt.typed()
        self._complain(self.attempt.complaints)
        scenario = self._scenario(sweep) if sweep is not None else None
        rows: tuple[Row, ...] = ()
        if sweep is not None and not self.attempt.pruned & {("design",)}:
            rows = self._rows(sweep)
            sweep = _with_columns(sweep, rows)
        if sweep is not None and not any(path[0] == "factors" for path in self.attempt.pruned):
            self._complain(contradictions(sweep))
            self._check_rows(sweep, rows)
        if sweep is not None and scenario is not None:
            self._check_factors(sweep, scenario, rows)
        if self.faults or sweep is None or scenario is None:
            raise ScenarioError(self._in_order())
        points = self._points(sweep, scenario, rows)
        return Study(sweep, scenario, points, labels_of(sweep), self.source, rows)

    def _complain(self, complaints: Iterator[Complaint] | list[Complaint]) -> None:
        self.faults += self.source.located(complaints)

    def _in_order(self) -> list[Fault]:
        """Sort the sweep's own faults before those of the files that it names."""
        own = {fault for fault in self.faults if fault.file == self.source.name}
        return [*in_order(own), *in_order({*self.faults} - own)]

    def _scenario(self, sweep: Sweep) -> Scenario | None:
        if ("scenario",) in self.attempt.pruned:
            return None
        where = Complaint(("scenario",), "")
        if not sweep.scenario.strip():
            self._complain([where._replace(message="nothing stands here: expected a file's name")])
            return None
        path = self.folder / sweep.scenario
        try:
            text = read_text(path)
        except ScenarioError as error:
            self._complain([where._replace(message=f"{error}", hint=_FROM_HERE)])
            return None
        try:
            scenario = loads(text, str(path), path.parent)
        except ScenarioError as error:
            self._complain([where._replace(message=f"the scenario {path} has faults")])
            self.faults += error.faults
            return None
        return self._set(sweep, scenario)

    def _set(self, sweep: Sweep, scenario: Scenario) -> Scenario | None:
        """Put in what the sweep sets at every point."""
        if not sweep.set_:
            return scenario
        document, found = scenario.document, []
        for path, value in sweep.set_.items():
            if (wrong := misplaced(document, path)) is not None:
                found.append(wrong._replace(path=("set", path), of_key=True))
            elif (wrong := misfit(document, path, value)) is not None:
                found.append(wrong._replace(path=("set", path, *wrong.path)))
            else:
                document = replaced(document, {path: value})
        if found:
            self._complain(found)
            return None
        try:
            return build(document, scenario.sides.files)
        except ScenarioError as error:
            for fault in error.faults:
                head = ".".join(str(key) for key in fault.path)
                message = f"with this set, {head}: {fault.message}"
                self._complain([Complaint(("set",), message, fault.hint)])
            return None

    def _rows(self, sweep: Sweep) -> tuple[Row, ...]:
        if sweep.design.csv is None:
            return listed_rows(sweep)
        path = self.folder / sweep.design.csv
        try:
            return read_table(path, str(path))
        except ScenarioError as error:
            self.faults += error.faults
            return ()

    def _check_rows(self, sweep: Sweep, rows: tuple[Row, ...]) -> None:
        labels = labels_of(sweep)
        for row in rows:
            try:
                by_path(row, sweep.free, labels)
            except InputError as error:
                # Of a table it is the columns that are wrong, and so every row.
                place = row._replace(line=1) if row.file else row
                self.faults.append(
                    _fault_of(self.source, place, error.message, error.hint, error.at)
                )
                if row.file:
                    return

    def _check_factors(self, sweep: Sweep, scenario: Scenario, rows: tuple[Row, ...]) -> None:
        """Ask that every path exists, and that every value fits there by itself."""
        document, there = scenario.document, []
        for path, factor in sweep.factors.items():
            wrong = misplaced(document, path)
            if wrong is not None:
                self._complain_of_path(wrong, path, rows)
                continue
            there.append(path)
            for at, value in factor.probes():
                wrong = misfit(document, path, value)
                if wrong is not None:
                    self._complain([wrong._replace(path=("factors", path, *at, *wrong.path))])
        self._check_base(sweep, document, there)
        self._check_cells(sweep, document, there, rows)

    def _complain_of_path(self, wrong: Complaint, path: str, rows: tuple[Row, ...]) -> None:
        if path in self.attempt.tree.get("factors", {}):
            self._complain([wrong._replace(path=("factors", path), of_key=True)])
        elif rows:
            head = rows[0]._replace(line=1) if rows[0].file else rows[0]
            self.faults.append(_fault_of(self.source, head, wrong.message, wrong.hint, (path,)))

    def _check_base(self, sweep: Sweep, document: dict[str, Any], there: list[str]) -> None:
        design = sweep.design.one_at_a_time
        paths = {label: path for path, label in labels_of(sweep).items() if path in there}
        for called, value in design.base.items() if design is not None else ():
            path = paths.get(called, called)
            wrong = misfit(document, path, value) if path in there else None
            if wrong is not None:
                at = ("design", "one-at-a-time", "base", called, *wrong.path)
                self._complain([wrong._replace(path=at)])

    def _check_cells(
        self, sweep: Sweep, document: dict[str, Any], there: list[str], rows: tuple[Row, ...]
    ) -> None:
        paths = {label: path for path, label in labels_of(sweep).items()}
        known: set[tuple[str, str]] = set()
        for row in rows[:_MOST_ROWS]:
            for called, value in row.values.items():
                path = paths.get(called, called)
                if path not in there or (path, str(value)) in known:
                    continue
                known.add((path, str(value)))
                wrong = misfit(document, path, value)
                if wrong is not None:
                    at = (called, *wrong.path)
                    self.faults.append(_fault_of(self.source, row, wrong.message, wrong.hint, at))

    def _points(self, sweep: Sweep, scenario: Scenario, rows: tuple[Row, ...]) -> tuple[Point, ...]:
        base = {
            path: value
            for path in sweep.free
            for value in [_value_at(scenario.document, path)]
            if value is not None
        }
        try:
            return draw_points(sweep, rows=rows, base=base)
        except InputError as error:
            complaint = Complaint(error.at or ("design",), error.message, error.hint)
            raise ScenarioError([self.source.fault(complaint)]) from None


def _cut(path: Path) -> Path:
    """Give the smallest part around a fault that can be left out: a factor, or a section."""
    return path[:2] if path[0] == "factors" else path[:1]


def _with_columns(sweep: Sweep, rows: tuple[Row, ...]) -> Sweep:
    """Take the columns of a table of points as factors where the file names none."""
    if sweep.factors or not rows:
        return sweep
    columns = dict.fromkeys(called for row in rows for called in row.values)
    return sweep.model_copy(update={"factors": {called: Factor() for called in columns}})


def _fault_of(source: Source, row: Row, message: str, hint: str, below: Path = ()) -> Fault:
    """Give a fault of a point that is written out its place, in the sweep or in its table."""
    if row.file:
        return Fault(message, below, hint, row.file, row.line)
    return source.fault(Complaint((*row.at, *below), message, hint))


def _value_at(document: dict[str, Any], path: str) -> Tree | None:
    """Give what a scenario's file has at a path; None where it leaves that out."""
    here: Any = document
    for key in path.split("."):
        if isinstance(here, dict) and key in here:
            here = here[key]
        elif isinstance(here, list) and key.isdigit() and int(key) < len(here):
            here = here[int(key)]
        else:
            return None
    return here  # type: ignore[no-any-return]
