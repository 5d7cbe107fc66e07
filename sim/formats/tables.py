"""Tables of positions: CSV, JSON and Parquet to columns by name."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.errors import FormatError, quoted
from sim.formats.records import Problem
from sim.formats.snapshots import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

MOST_BYTES = 1_000_000_000  # unpacked
MOST_ROWS = 20_000_000
_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
_CHUNK = 1 << 20
_SHOWN = 12  # columns that a message names, and letters of each
_LETTERS = 24
_LONGEST = 300  # letters of what another library says


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of one length by lower-case names, and where their rows stand in the file."""

    columns: dict[str, pd.Series[Any]]
    kind: str  # what its rows are called: line, row
    numbers: Sequence[int]  # of each row
    problems: list[Problem] = field(default_factory=list)  # with rows that are no part of it

    def place(self, row: int) -> str:
        """Say where a row stands."""
        return f"{self.kind} {self.numbers[row]}"


def table(content: str | bytes) -> Table:
    """Read a table; the content tells its format.

    JSON is a list of objects, one object of columns, an object on each line, or what
    receivers tell (see :func:`~sim.formats.snapshots.rows_of`). Bytes may be gzipped.

    Raises
    ------
    FormatError
        If it is none of them, or too large.
    """
    packed = content.encode("utf-8", "replace") if isinstance(content, str) else content
    raw = _unpacked(packed) if packed.startswith(_GZIP) else packed
    if len(raw) > MOST_BYTES:
        raise FormatError(f"a file of tracks has at most {MOST_BYTES} bytes")
    if raw.startswith(_PARQUET):
        return _of_parquet(raw)
    text = _decoded(raw)
    start = text[:256].lstrip()[:1]
    if not start:
        raise FormatError("expected tracks, found nothing")
    try:
        return _of_json(text) if start in "[{" else _of_csv(text)
    except UnicodeEncodeError:
        raise FormatError("the table holds half of a surrogate pair, which is no letter") from None


def _unpacked(content: bytes) -> bytes:
    found = bytearray()
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            while chunk := stream.read(_CHUNK):
                found += chunk
                if len(found) > MOST_BYTES:
                    break
    except (OSError, EOFError, zlib.error) as error:
        raise FormatError(f"a gzipped file cannot be unpacked: {error}") from None
    return bytes(found)


def _decoded(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _of_csv(text: str) -> Table:
    """Read comma-separated values (RFC 4180); semicolons and tabs part them, blanks follow them."""
    head = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=head[:10_000].count)
    rows: list[list[str]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    try:
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
        )
        names = next((row for row in reader if row), [])
        for row in reader:
            if len(row) == len(names):
                rows.append(row)
                lines.append(reader.line_num)
            elif row:
                message = f"{len(row)} fields, expected {len(names)} as in the head"
                problems.append(Problem(f"line {reader.line_num}", message))
    except csv.Error as error:
        raise FormatError(f"the table cannot be read: {error}", hint="expected CSV") from None
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return _table(names, columns, "line", lines, problems)


def _of_json(text: str) -> Table:
    import pandas as pd  # noqa: PLC0415 - heavy

    found = _parsed(text)
    told = rows_of(found)
    if told is not None:
        names = dict.fromkeys(name for row in told for name in row)
        if not names:
            raise FormatError("the snapshots tell of no aircraft")
        return _table(names, ([row.get(name) for row in told] for name in names), "position")
    if isinstance(found, dict):
        return _of_columns(found)
    if not all(isinstance(one, dict) for one in found):
        raise FormatError("expected JSON objects, one a position, found something else in the list")
    frame = pd.DataFrame.from_records(found)
    return _table(map(str, frame.columns), (frame[name] for name in frame.columns), "row")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except RecursionError:
        raise FormatError("JSON that is nested too deeply") from None
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and lines[0].rstrip().endswith("}"):
            return [_parsed_line(line, number) for number, line in enumerate(lines, 1)]
        raise FormatError(f"the JSON is broken: {error}") from None


def _parsed_line(line: str, number: int) -> Any:
    try:
        return json.loads(line, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"the JSON of line {number} is broken: {error}") from None


def _of_columns(found: dict[str, Any]) -> Table:
    """Read ``{name: [values]}``, or ``{name: {row: value}}`` as pandas writes it."""
    columns = {
        name: list(values.values()) if isinstance(values, dict) else values
        for name, values in found.items()
    }
    lengths = {len(values) if isinstance(values, list) else -1 for values in columns.values()}
    if len(lengths) != 1 or -1 in lengths:
        raise FormatError(
            f"expected positions, found one JSON object with {found_names(found)}",
            hint="expected a list of objects with timestamp, latitude, longitude and altitude",
        )
    return _table(columns, columns.values(), "row")


def _of_parquet(raw: bytes) -> Table:
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy
    from pyarrow import parquet  # noqa: PLC0415

    try:
        file = parquet.ParquetFile(io.BytesIO(raw))
        if file.metadata.num_rows > MOST_ROWS:
            raise FormatError(f"a file of tracks has at most {MOST_ROWS} rows")
        rows = file.read()
        rows.validate(full=True)  # of texts, too, which are UTF-8
        frame = rows.to_pandas(ignore_metadata=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise FormatError(f"the Parquet file cannot be read: {_in_a_line(error)}") from None
    return _table(map(str, frame.columns), (frame[name] for name in frame.columns), "row")


def _in_a_line(error: Exception) -> str:
    """Give what another library says, without the bytes of the file that it repeats."""
    words = " ".join(str(error).split())[:_LONGEST]
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in words)


def _table(
    names: Iterable[str],
    columns: Iterable[Any],
    kind: str,
    numbers: Sequence[int] | None = None,
    problems: Sequence[Problem] = (),
) -> Table:
    import pandas as pd  # noqa: PLC0415 - heavy

    made = {}
    for name, values in zip(names, columns, strict=True):
        key = str(name).strip().lower()
        if key in made:
            raise FormatError(f"the column {quoted(key)} is given twice")
        is_column = isinstance(values, pd.Series)
        made[key] = values if is_column else pd.Series(list(values), dtype=object)
    length = len(next(iter(made.values()))) if made else 0
    return Table(made, kind, range(1, length + 1) if numbers is None else numbers, list(problems))


def found_names(columns: Iterable[str]) -> str:
    """Name some columns for a message."""
    return ", ".join(quoted(name, _LETTERS) for name in list(columns)[:_SHOWN]) or "nothing"
