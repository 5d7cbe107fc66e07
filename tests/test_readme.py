"""What the README shows is what happens: its commands are run and their output compared."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOUR = "range.yaml"  # the file that the tour's YAML blocks build, one after the other


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    (folder / "scenarios").symlink_to(ROOT / "scenarios")
    return folder


def run(command: list[str], folder: Path) -> str:
    environment = os.environ | {"COLUMNS": "80", "NO_COLOR": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def agrees(shown: str, printed: str) -> bool:
    """Compare line by line; a line of three dots stands for any number of lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in shown.splitlines()
    )
    return re.fullmatch(pattern, printed) is not None


def test_the_readme_shows_what_happens(folder: Path) -> None:
    for number, (language, text) in enumerate(BLOCK.findall(README), start=1):
        if language == "yaml":
            with (folder / TOUR).open("a", encoding="utf-8") as file:
                file.write(("\n" if file.tell() else "") + text)
        elif language == "console":
            for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, shown = step.partition("\n")
                printed = run([sys.executable, "-m", "sim", *shlex.split(command)[1:]], folder)
                assert agrees(shown, printed), f"block {number}: {command}\n{printed}"
        elif language == "python":
            printed = run([sys.executable, "-c", text], folder)
            assert "Traceback" not in printed, printed


def test_every_shipped_scenario_is_named_in_the_readme() -> None:
    assert {path.name for path in (ROOT / "scenarios").glob("*.yaml")} <= set(
        re.findall(r"[\w]+\.yaml", README)
    )
