"""A table of LAEDs from a Parquet file, in the columns of sites or nearly so."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
from ase.data import atomic_numbers

from gmd.local.sites import Sites
from gmd.storage import open_parquet
from gmd.structures import StructureError
from gmd.structures.unpacking import check_ratio, packed_size

_KEYS = ("structure", "atom", "element")
_ROWS_AT_ONCE = 20_000
_BYTES_AT_ONCE = 2**26
_DAMAGES = (pa.ArrowException, OSError, OverflowError, KeyError, IndexError, RuntimeError)


def parquet_structures(path: Path) -> Iterator[Sites]:
    """LAEDs of one structure after another; see :func:`gmd.local.read_ready_sites`."""
    with _opened(path) as file:
        components = _components(file.schema_arrow, path.name)
        columns = [*_present_keys(file.schema_arrow), *components]
        number = 0
        for table in _whole_structures(file, columns, path.name):
            n_rows = table.num_rows
            values = np.empty((n_rows, len(components)))
            for c, name in enumerate(components):
                values[:, c] = table[name].to_numpy()
            elements = table["element"].to_pylist()
            for begin, end in _runs(table["structure"].to_numpy()):
                where = f"{path.name}, structure {number}"
                _check_structure(table, begin, end, number, where)
                block = values[begin:end]
                finite = np.isfinite(block)
                if not finite.all():
                    atom, column = np.argwhere(~finite)[0]
                    raise StructureError(
                        f"{where}, atom {atom}: {components[column]} is missing or not finite; "
                        f"correct it, or remove the structure"
                    )
                structure = np.full(end - begin, number)
                yield Sites(block, structure, elements[begin:end], components)
                number += 1


def parquet_elements(path: Path) -> Iterator[list[str]]:
    """Chemical symbols of one structure after another."""
    with _opened(path) as file:
        _components(file.schema_arrow, path.name)
        number = 0
        for table in _whole_structures(file, _present_keys(file.schema_arrow), path.name):
            elements = table["element"].to_pylist()
            for begin, end in _runs(table["structure"].to_numpy()):
                where = f"{path.name}, structure {number}"
                _check_structure(table, begin, end, number, where)
                yield elements[begin:end]
                number += 1


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        with open_parquet(path) as file:
            # a few bytes can say that a value, or a whole page, comes again and again
            n_values = file.metadata.num_rows * file.metadata.num_columns
            check_ratio(8 * n_values, packed_size(path), path.name)
            yield file
    except (StructureError, FileNotFoundError, PermissionError):
        raise
    except (*_DAMAGES, ValueError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise StructureError(
            f"{path.name}: cannot be read as Parquet ({reason}); the file may be cut off or damaged"
        ) from error


def _present_keys(schema: Any) -> list[str]:
    return [key for key in _KEYS if key in schema.names]


def _components(schema: Any, name: str) -> list[str]:
    for key in ("structure", "element"):
        if key not in schema.names:
            _fail(name, f"has no column {key}")
    if len(set(schema.names)) != len(schema.names):
        _fail(name, "has two columns of one name")
    for key in _present_keys(schema):
        kind = schema.field(key).type
        if key == "element":
            if pa.types.is_dictionary(kind):
                kind = kind.value_type
            if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
                _fail(name, f"has elements that are {kind}, not text")
        elif not pa.types.is_integer(kind):
            _fail(name, f"has a column {key} that is {kind}, not whole numbers")
    components = [column for column in schema.names if column not in _KEYS]
    if not components:
        _fail(name, "has no columns of components")
    for column in components:
        if not pa.types.is_floating(schema.field(column).type):
            _fail(name, f"has a column {column} that is {schema.field(column).type}, not floats")
    return components


def _whole_structures(file: Any, columns: list[str], name: str) -> Iterator[Any]:
    """Pieces of the table that end where a structure does."""
    pending = None
    rows = max(1, min(_ROWS_AT_ONCE, _BYTES_AT_ONCE // (8 * len(columns))))
    for batch in file.iter_batches(batch_size=rows, columns=columns):
        table = pa.Table.from_batches([batch])
        if table.num_rows == 0:
            continue
        for key in _present_keys(table.schema):
            if table[key].null_count:
                _fail(name, f"has rows without {key}")
        if pending is not None:
            table = pa.concat_tables([pending, table])
        last = _runs(table["structure"].to_numpy())[-1][0]
        if last:
            yield table.slice(0, last)
        pending = table.slice(last)
    if pending is None:
        _fail(name, "has no rows")
    yield pending


def _runs(numbers: Any) -> list[tuple[int, int]]:
    """Where rows of one number begin and end."""
    edges = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    return list(itertools.pairwise(edges))


def _check_structure(table: Any, begin: int, end: int, number: int, where: str) -> None:
    found = table["structure"][begin].as_py()
    if found != number:
        raise StructureError(
            f"{where}: its rows say structure {found}; number the structures from 0 and keep the "
            f"rows of each together, in order"
        )
    for atom, symbol in enumerate(table["element"].slice(begin, end - begin).to_pylist()):
        if atomic_numbers.get(symbol, 0) < 1:
            raise StructureError(
                f"{where}, atom {atom}: {symbol!r} is not an element; give chemical symbols"
            )
    if "atom" in table.column_names:
        atoms = table["atom"].slice(begin, end - begin).to_numpy()
        wrong = atoms != np.arange(end - begin)
        if wrong.any():
            atom = int(np.argmax(wrong))
            raise StructureError(
                f"{where}, atom {atom}: its row says atom {atoms[atom]}; keep the rows in the "
                f"order of the atoms, from 0"
            )


def _fail(name: str, what: str) -> NoReturn:
    raise StructureError(
        f"{name}: {what}; a table of LAEDs has the columns structure, element, atom if wanted, and "
        f"one of floats for every component"
    )
