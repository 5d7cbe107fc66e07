"""Run every notebook from start to end, and write nothing: `python -m tests.notebooks`."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[2] / "notebooks"
CELL_S = 120  # the longest a cell may take
DRAWS = "sim.plots."


def main() -> int:
    """Run all, and say of each how long it took, or what is wrong with it."""
    before = {*FOLDER.rglob("*")}
    faults = []
    with jupyter_of_its_own():
        for path in sorted(FOLDER.glob("*.ipynb")):
            begun = time.monotonic()
            found = faults_of(path)
            faults += found
            took = f"{time.monotonic() - begun:.1f} s"
            tell(f"{path.name}: {took}" if not found else f"{path.name}: " + "\n".join(found))
    left = {*FOLDER.rglob("*")} - before
    if left:
        tell(f"left behind: {', '.join(sorted(map(str, left)))}")
    return 1 if faults or left else 0


def tell(line: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def jupyter_of_its_own() -> Iterator[None]:
    """Keep the kernels away from the user's settings, histories and kernels, and sweep up."""
    with tempfile.TemporaryDirectory(prefix="keepout-") as folder:
        for kind in ("CONFIG", "DATA", "RUNTIME"):
            os.environ[f"JUPYTER_{kind}_DIR"] = folder
        os.environ["IPYTHONDIR"] = os.environ["TMPDIR"] = folder
        os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
        yield


def faults_of(path: Path) -> list[str]:
    """Run one notebook, and say what a reader would stumble on."""
    import nbformat  # noqa: PLC0415 - once its settings are there
    from nbclient import NotebookClient  # noqa: PLC0415 - likewise
    from nbclient.exceptions import CellExecutionError  # noqa: PLC0415 - likewise
    from traitlets.config import Config  # noqa: PLC0415 - likewise

    book: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    sockets = f"{os.environ['JUPYTER_RUNTIME_DIR']}/{path.stem[0]}"  # no ports; a short name
    client = NotebookClient(
        book,
        timeout=CELL_S,
        config=Config({"KernelManager": {"transport": "ipc", "ip": sockets}}),
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return [str(error)]
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    return [fault for cell in cells for fault in faults_in(cell)]


def faults_in(cell: Any) -> Iterator[str]:
    """Say which figures of a cell are not shown, and what it printed as an error."""
    images = sum("image/png" in output.get("data", {}) for output in cell.outputs)
    if images != cell.source.count(DRAWS):
        yield f"{cell.id}: {cell.source.count(DRAWS)} figures drawn and {images} shown"
    for output in cell.outputs:
        if output.get("name") == "stderr":
            yield f"{cell.id}: {output.text}"


if __name__ == "__main__":
    sys.exit(main())
