"""The folder that a sweep is kept in: its manifest, and rows in parts written whole or not at all.

A part is written beside its place and renamed, and its name holds the digest of its bytes,
so that one that was cut short or damaged is known for what it is and run again. Parts are
numbered; of two rows of the same run that of the later part holds.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet

from sim.errors import InputError, OutputError, quoted
from sim.sweeps.folder import MANIFEST, PART, PARTS, clean, locked, make, staged, telling
from sim.sweeps.identity import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Self

    from sim.sweeps.work import Rows

FLUSH_ROWS = 8192
FLUSH_S = 3.0
_TIMES_SCHEMA = pa.schema(
    {
        "key": pa.string(),
        "replication": pa.int64(),
        "runs": pa.int64(),
        "prepared_s": pa.float64(),
        "ran_s": pa.float64(),
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part as it stands in its folder, whole."""

    number: int
    path: Path
    rows: int


class Store:
    """A sweep's folder, open for one process to write.

    Use :meth:`open` in a with statement: what has not been written then is, whatever ended
    it, and others may have the folder again.

    Attributes
    ----------
    damaged
        The names of parts that were cut short or changed; they have been taken away.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        self.folder = folder
        self.damaged: tuple[str, ...] = ()
        self._seed: int = manifest["seed"]
        self._metrics: tuple[str, ...] = tuple(manifest["metrics"])
        self._kept: list[Rows] = []
        self._kept_rows = 0
        self._flushed = monotonic()
        self._parts: list[Part] = []
        self._next = 1

    @classmethod
    @contextmanager
    def open(
        cls,
        path: Path,
        manifest: Mapping[str, Any],
        sides: Mapping[str, bytes] | None = None,
        *,
        resume: bool,
    ) -> Iterator[Self]:
        """Take a folder for a sweep, which is made if need be.

        Parameters
        ----------
        path
            The folder.
        manifest
            What tells this sweep from others, and more about it.
        sides
            What the files hold that its scenario names, by the names they are kept by.
        resume
            Go on with the sweep that the folder holds, if it holds one.

        Raises
        ------
        InputError
            If the folder holds anything else, another sweep, or this one without ``resume``,
            or another process is writing to it. Nothing in it has been changed.
        OutputError
            If it cannot be made, read or written.
        """
        make(path)
        with locked(path):
            found = _read_manifest(path)
            if found is not None:
                if not resume:
                    raise InputError(
                        f"{path}: holds a sweep already",
                        hint="go on with it by --resume, or choose another folder",
                    )
                _refuse_another(path, found, manifest)
            store = cls(path, manifest)
            clean(path)
            for name, content in (sides or {}).items():
                store._write(path / name, content)
            store._write(path / MANIFEST, _json(manifest))
            store._take_stock()
            try:
                yield store
            except OutputError:
                raise
            except BaseException:
                store.flush()
                raise
            store.flush()

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts, in their order."""
        return tuple(self._parts)

    @property
    def due_s(self) -> float:
        """In how many seconds what is kept should be written."""
        return max(0.0, self._flushed + FLUSH_S - monotonic())

    def add(self, rows: Rows) -> None:
        """Keep rows, and write them with others when there are enough, or it is time."""
        self._kept.append(rows)
        self._kept_rows += len(rows.replications)
        self.flush_if_due()

    def flush_if_due(self) -> None:
        """Write what is kept if it is much, or has been kept for long."""
        if self._kept_rows >= FLUSH_ROWS or self.due_s <= 0.0:
            self.flush()

    def flush(self) -> None:
        """Write what is kept as one part.

        Raises
        ------
        OutputError
            If it cannot be written, a full disk, say. All parts before are there.
        """
        self._flushed = monotonic()
        if not self._kept:
            return
        kept, rows = self._kept, self._kept_rows
        self._kept, self._kept_rows = [], 0
        number = self._next
        folder = self.folder / PARTS
        self._write(folder / f"{number:06d}.times.parquet", _parquet(_times(kept)))
        data = _parquet(self._table(kept))
        path = folder / f"{number:06d}-{_digest(data)}.parquet"
        self._write(path, data)
        self._parts.append(Part(number, path, rows))
        self._next += 1

    def read(self, part: Part, columns: Sequence[str] | None = None) -> pa.Table:
        """Read columns of a part, or all of them.

        Raises
        ------
        OutputError
            If it is not what was written.
        """
        data = _read_whole(part.path)
        if data is None:
            raise OutputError(
                f"{part.path}: was changed while the sweep ran; run it again with --resume"
            )
        return parquet.read_table(BytesIO(data), columns=columns, read_dictionary=["key"])

    def read_times(self) -> pa.Table:
        """Read how long the chunks took whose rows are there."""
        tables = [pa.table({name: [] for name in _TIMES_SCHEMA.names}, _TIMES_SCHEMA)]
        for part in self._parts:
            path = part.path.with_name(f"{part.number:06d}.times.parquet")
            with suppress(OSError, pa.ArrowInvalid):  # a loss that changes no result
                tables.append(parquet.read_table(BytesIO(path.read_bytes()), schema=_TIMES_SCHEMA))
        return pa.concat_tables(tables)

    @contextmanager
    def staged(self, name: str) -> Iterator[Path]:
        """Give a file to write to, which takes the place of ``name`` once it is whole.

        Raises
        ------
        OutputError
            If it cannot be written; what was there before still is.
        """
        with staged(self.folder / name) as beside:
            yield beside

    def _write(self, path: Path, data: bytes) -> None:
        with staged(path) as beside:
            beside.write_bytes(data)

    def _table(self, kept: Sequence[Rows]) -> pa.Table:
        """Put rows in columns."""
        counts = [len(rows.replications) for rows in kept]
        errors = [rows.errors.get(number) for rows in kept for number in rows.replications]
        failed = np.array([error is not None for error in errors])
        values = np.concatenate([rows.values for rows in kept])
        return pa.table(
            {
                "key": pa.array(np.repeat([rows.key for rows in kept], counts).tolist()),
                "replication": pa.array(
                    [number for rows in kept for number in rows.replications], pa.int64()
                ),
                "seed": pa.array([self._seed] * len(errors), pa.int64()),
                **{
                    name: pa.array(values[:, place], mask=failed)
                    for place, name in enumerate(self._metrics)
                },
                "status": pa.array(np.where(failed, "failed", "done").tolist()),
                "error": pa.array(errors, pa.string()),
            }
        )

    def _take_stock(self) -> None:
        """See which parts are there, and take away those that are damaged."""
        damaged = []
        for path in sorted((self.folder / PARTS).iterdir()):
            self._next = max(self._next, int(path.name[:6]) + 1)
            if not PART.fullmatch(path.name):
                continue
            data = _read_whole(path)
            if data is None:
                damaged.append(path.name)
                with telling(path):
                    path.unlink()
                continue
            rows = parquet.read_metadata(BytesIO(data)).num_rows
            self._parts.append(Part(int(path.name[:6]), path, rows))
        self.damaged = tuple(damaged)


def _times(kept: Sequence[Rows]) -> pa.Table:
    return pa.table(
        {
            "key": [rows.key for rows in kept],
            "replication": [rows.replications[0] for rows in kept],
            "runs": [len(rows.replications) for rows in kept],
            "prepared_s": [rows.prepared_s for rows in kept],
            "ran_s": [rows.ran_s for rows in kept],
        },
        _TIMES_SCHEMA,
    )


def _parquet(table: pa.Table) -> bytes:
    buffer = BytesIO()
    parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def _read_whole(path: Path) -> bytes | None:
    """Read a part; None if it is not what its name says."""
    with telling(path, "read"):
        data = path.read_bytes()
    found = PART.fullmatch(path.name)
    return data if found and found[2] == _digest(data) else None


def _json(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()


def _read_manifest(folder: Path) -> dict[str, Any] | None:
    """Read what a folder says it holds; None if it says nothing."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        manifest = None
    except OSError as error:
        raise OutputError(f"{path}: cannot be read: {error.strerror}") from error
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        raise InputError(
            f"{folder}: holds {quoted(MANIFEST)}, which is not of a sweep of keepout",
            hint="choose a new or an empty folder",
        )
    return manifest


_IDENTITY = {
    "name": "another sweep, {found}, not {wanted}",
    "scenario_digest": "a sweep of another scenario, or of this one before it was changed",
    "model_version": "rows of version {found} of the model, and this is {wanted}",
    "seed": "a sweep of seed {found}, not {wanted}",
    "metrics": "a sweep that keeps other metrics: {found}",
    "factors": "a sweep of other factors: {found}",
}


def _refuse_another(folder: Path, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """See that a folder's sweep is the one that is to go on."""
    for key, message in _IDENTITY.items():
        if found.get(key) != wanted[key]:
            said = message.format(found=_said(found.get(key)), wanted=_said(wanted[key]))
            raise InputError(
                f"{folder}: holds {said}",
                hint="nothing in it was changed; choose another folder for this one",
            )


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else quoted(value)
