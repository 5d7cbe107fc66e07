"""The repository: what stands at its top, its pins, and nothing of anybody's machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOP = {
    "sim",
    "scenarios",
    "notebooks",
    "tests",
    "pyproject.toml",
    "README.md",
    "Makefile",
    "LICENSE",
    "CHANGELOG.md",
    "constraints.txt",
}


def tracked() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listing = subprocess.run(
        [git, "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [Path(name) for name in listing.stdout.split("\0") if name]


def test_the_top_level_holds_only_what_the_design_names() -> None:
    found = {path.parts[0] for path in tracked()}
    assert {name for name in found if not name.startswith(".")} <= TOP


def test_the_constraints_are_names_and_versions_alone() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert lines
    for line in lines:
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][0-9A-Za-z.+]*", line), line
    names = [line.partition("==")[0].lower().replace("_", "-") for line in lines]
    assert len(names) == len(set(names))


def test_every_dependency_is_pinned() -> None:
    pins = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    }
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    needed = re.search(r"^dependencies = \[\n(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    assert needed is not None
    for name in re.findall(r'^\s*"([A-Za-z0-9_-]+)', needed[1], re.MULTILINE):
        assert name.lower().replace("_", "-") in pins


def test_no_file_names_a_machine_or_an_index() -> None:
    homes = "home|root|work|Users|tmp|mnt"
    path = re.compile(rf"(?<![\w.:/*~\])])/(?:{homes})/[\w.-]+")
    index = re.compile(r"--(?:extra-)?index-url|--find-links|https?://[^\s)>\"']*/simple\b")
    for name in tracked():
        if not (ROOT / name).is_file() or name == Path("tests/test_project.py"):
            continue
        text = (ROOT / name).read_text("utf-8", errors="replace")
        for pattern in (path, index):
            found = pattern.search(text)
            assert found is None, f"{name}: {found[0] if found else ''}"
