"""The kinds of figures: each is a public function, drawn without a window, and only when used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sim import plots
from sim.plots.kinds import KINDS

OF = {"run", "replications", "why", "comparison", "sweep"}


def test_each_kind_is_a_public_figure() -> None:
    assert {*KINDS} <= {*plots.__all__}
    assert [*plots.__all__] == sorted(plots.__all__)
    assert dir(plots) == plots.__all__
    for name, kind in KINDS.items():
        assert callable(getattr(plots, name))
        assert {kind.of, *kind.also} <= OF
        assert kind.about
        assert kind.about[0].islower() or kind.about[0].isupper()
        assert 4.0 <= kind.height <= 14.0


def test_what_is_no_figure_is_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'pie'"):
        _ = plots.pie


def test_matplotlib_is_imported_by_the_first_figure_alone() -> None:
    code = (
        "import sys; from sim import plots; from sim.plots.kinds import KINDS;"
        "[getattr(plots, name) for name in KINDS]; sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
