"""The layout of DESIGN section 7, read from the source itself."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

import sim
from sim import plots

ROOT = Path(sim.__file__).parent
LAYERS = (
    ("errors",),
    ("slips",),
    ("units",),
    ("display",),
    ("distributions",),
    ("geometry",),
    ("formats",),
    ("scenario",),
    ("model",),
    ("findings",),
    ("sweeps",),
    ("report",),
    ("plots",),
    ("page",),
    ("cli",),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
DOORS = ("sim", "sim.__main__")  # the public names and the command: they lead to everything

MODULES = sorted(ROOT.rglob("*.py"))


class Import(NamedTuple):
    module: str
    line: int


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> list[Import]:
    """Every import anywhere in a file: at its top, in functions, under TYPE_CHECKING, by name."""
    return [
        Import(module, getattr(node, "lineno", 0))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for module in named(node, path)
    ]


def named(node: ast.AST, path: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{path}: relative import"
        module = node.module or ""
        return [
            f"{module}.{alias.name}" if is_module(f"{module}.{alias.name}") else module
            for alias in node.names
        ]
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
        return [value.value for value in node.args if is_text(value)]  # type: ignore[attr-defined]
    return []


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_module(name: str) -> bool:
    path = ROOT.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def layer(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_an_import_is_found_wherever_it_hides(tmp_path: Path) -> None:
    path = tmp_path / "hidden.py"
    path.write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from sim.model import journal\n"
        "def f():\n    import simpy\n"
        "    importlib.import_module('sim.cli')\n"
    )
    assert {found.module for found in imports(path)} == {
        "typing",
        "sim.model.journal",
        "simpy",
        "sim.cli",
    }


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_only_go_down(path: Path) -> None:
    name = module_name(path)
    if name in DOORS:
        return
    for found in imports(path):
        if not found.module.startswith("sim.") or layer(found.module) == "stats":
            continue
        assert layer(name) != "stats", f"{path}:{found.line}: stats stands on numpy and scipy"
        assert RANK[layer(found.module)] <= RANK[layer(name)], (
            f"{path}:{found.line}: {name} imports {found.module}, which is above it"
        )


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_nothing_imports_the_doors(path: Path) -> None:
    assert not [found for found in imports(path) if found.module in DOORS]


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_only_the_model_knows_simpy(path: Path) -> None:
    if layer(module_name(path)) != "model":
        assert "simpy" not in {found.module.partition(".")[0] for found in imports(path)}


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_stats_stands_on_numpy_and_scipy_alone(path: Path) -> None:
    if layer(module_name(path)) == "stats":
        heavy = {"simpy", "pandas", "shapely", "pyproj", "pydantic", "sim"}
        others = {found.module for found in imports(path) if layer(found.module) != "stats"}
        assert heavy.isdisjoint(module.partition(".")[0] for module in others)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_findings_judge_by_the_journal_alone(path: Path) -> None:
    name = module_name(path)
    if layer(name) != "findings" or name == "sim.findings.run":
        return
    model = {found.module for found in imports(path) if layer(found.module) == "model"}
    assert model <= {"sim.model.journal"}


def test_no_module_is_called_as_a_public_function_of_its_package() -> None:
    for package in ROOT.rglob("__init__.py"):
        beside = {path.stem for path in package.parent.iterdir() if path.suffix in {"", ".py"}}
        defined = {
            node.name
            for node in ast.walk(ast.parse(package.read_text("utf-8")))
            if isinstance(node, ast.FunctionDef)
        }
        public = set(sim.__all__) if package.parent == ROOT else set()
        assert beside.isdisjoint(defined | public), package


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert said, f"{path} opens with no docstring"
    assert said.partition("\n\n")[0].endswith((".", ":")), f"{path} opens with no sentence"


def test_the_public_names() -> None:
    assert set(sim.__all__) == {
        "__version__",
        *("load", "loads", "run", "open_run", "replicate", "Run", "Replications", "Scenario"),
        *("ask_why", "Why", "compare", "Comparison", "sweep", "SweepResult", "Answers"),
        *("open_run", "open_sweep"),
        *("find_overlaps", "find_crossings", "find_approaches"),
        *("Volume", "Volumes", "Minima", "Circle", "Polygon", "Corridor"),
        *("Track", "Tracks"),
        *("Position", "Band", "Limit", "Reference", "Vertical"),
        *("KeepoutError", "InputError", "UnitError", "GeometryError", "VerticalError"),
        *("ScenarioError", "Fault", "JournalError", "OutputError", "ClusterError"),
    }
    assert dir(sim) == sorted(sim.__all__)


def test_the_public_figures() -> None:
    assert set(plots.__all__) == {
        *("timeline", "map", "profile", "chain", "latency", "ledgers"),
        *("causes", "why", "differences"),
        *("responses", "heatmap", "pareto", "sensitivity", "convergence"),
    }


@pytest.mark.parametrize("name", sim.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(sim, name) is not None


def test_what_is_not_public_is_not_there() -> None:
    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'simulate'"):
        _ = sim.simulate
