import doctest
import importlib
import pkgutil

import pytest

import sim.geometry

MODULES = sorted(module.name for module in pkgutil.iter_modules(sim.geometry.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    module = importlib.import_module(f"sim.geometry.{name}")
    flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    assert doctest.testmod(module, optionflags=flags).failed == 0


def test_the_faces_have_examples() -> None:
    finder = doctest.DocTestFinder()
    with_examples = {
        test.name.rsplit(".", 1)[-1]
        for name in MODULES
        for test in finder.find(importlib.import_module(f"sim.geometry.{name}"))
        if test.examples
    }
    assert with_examples >= {
        "Circle",
        "Corridor",
        "Polygon",
        "Track",
        "common_band",
        "find_crossings",
        "find_overlaps",
        "shortest_way",
        "uncovered_area_km2",
    }
