"""ASE's databases, SQLite and JSON, read without their being opened for writing.

ASE's own classes would make missing tables in the file, leave a lock beside it, and build whatever
objects and arrays the rows name.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import ase
import numpy as np
from ase.calculators.singlepoint import SinglePointCalculator
from numpy.typing import NDArray

from gmd.structures.archives import FoundFile
from gmd.structures.checks import StructureError

_OLDEST_VERSION = 5  # of the layout of tables, since ASE 3.10
_NEWEST_VERSION = 9

_SCALARS = ("energy", "free_energy")
_ARRAYS = ("forces", "stress")
_DATA = "data"  # of which only occupancies are read
_NEEDED = ("id", "numbers", "positions", "cell", "pbc", "key_value_pairs")


def database_rows(file: FoundFile, kind: str) -> Iterator[ase.Atoms]:
    """Structures of an ASE database in the order of its rows.

    Parameters
    ----------
    file : FoundFile
        An SQLite (``db``) or JSON (``json``) database.
    kind : {"db", "json"}

    Yields
    ------
    ase.Atoms
        ``info`` has the row's key-value pairs; energies and forces are with the calculator.

    Raises
    ------
    StructureError
        For a file that is no such database, or a row that makes no sense.
    """
    if kind == "json":
        yield from _json_rows(file)
    else:
        with file.on_disk() as path:
            yield from _sqlite_rows(path, file.where)


def _sqlite_rows(path: Path, where: str) -> Iterator[ase.Atoms]:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        # a file's own views and functions are code; its tables are not
        connection.execute("PRAGMA trusted_schema = OFF")
        kinds = dict(connection.execute("SELECT name, type FROM sqlite_master"))
        if kinds.get("systems") != "table":
            raise StructureError(
                f"{where}: an SQLite file without a table 'systems'; give a database of ASE"
            )
        _check_version(connection, kinds, where)
        # hidden columns, the last number, are computed by the file
        known = [row[1] for row in connection.execute("PRAGMA table_xinfo(systems)") if not row[6]]
        missing = [name for name in _NEEDED if name not in known]
        if missing:
            raise StructureError(
                f"{where}: its table of structures has no column {missing[0]}; give a database "
                f"of ASE"
            )
        columns = [*_NEEDED, *(name for name in (*_SCALARS, *_ARRAYS, _DATA) if name in known)]
        query = f"SELECT {', '.join(columns)} FROM systems ORDER BY id"
        for number, values in enumerate(connection.execute(query)):
            row = dict(zip(columns, values, strict=True))
            place = f"{where}, structure {number}"
            yield _structure(_from_blobs(row, place), place)
    except sqlite3.Error as error:
        raise StructureError(
            f"{where}: cannot be read as a database ({error}); the file may be damaged"
        ) from error
    finally:
        connection.close()


def _check_version(connection: sqlite3.Connection, kinds: Mapping[str, str], where: str) -> None:
    found = None
    if kinds.get("information") == "table":
        found = connection.execute("SELECT value FROM information WHERE name='version'").fetchone()
    version = str(found[0]) if found else "unknown"
    if not version.isdecimal() or not _OLDEST_VERSION <= int(version) <= _NEWEST_VERSION:
        raise StructureError(
            f"{where}: a database of version {version[:20]}, not {_OLDEST_VERSION} to "
            f"{_NEWEST_VERSION}; convert it with 'ase db' of an ASE that reads it"
        )


def _from_blobs(row: dict[str, Any], where: str) -> dict[str, Any]:
    """The row with arrays in place of bytes, in the layout of ASE's version 9."""
    numbers = _blob(row["numbers"], "<i4", where, "numbers")
    pbc = row["pbc"]
    if not isinstance(pbc, int) or not 0 <= pbc < 8:
        raise _strange(where, "pbc", "is not a number from 0 to 7")
    pairs = row["key_value_pairs"]
    found = {
        "numbers": numbers,
        "positions": _blob(row["positions"], "<f8", where, "positions"),
        "cell": _blob(row["cell"], "<f8", where, "cell"),
        "pbc": [bool(pbc & bit) for bit in (1, 2, 4)],
        "key_value_pairs": _parsed(pairs, f"{where}: key_value_pairs") if pairs else {},
    }
    data = row.get(_DATA)
    if isinstance(data, bytes):
        # a number of 8 bytes says where, after the arrays, the JSON begins
        data = data[int.from_bytes(data[:8], "little") :]
    found[_DATA] = _parsed(data, f"{where}: data") if data else {}
    for name in _SCALARS:
        found[name] = row.get(name)
    for name in _ARRAYS:
        if row.get(name) is not None:
            found[name] = _blob(row[name], "<f8", where, name)
    return found


def _blob(value: Any, dtype: str, where: str, name: str) -> NDArray[Any]:
    if value is None:
        return np.zeros(0, dtype)
    if not isinstance(value, bytes) or len(value) % np.dtype(dtype).itemsize:
        raise _strange(where, name, "is not an array")
    return np.frombuffer(value, dtype)


def _json_rows(file: FoundFile) -> Iterator[ase.Atoms]:
    content = _parsed(file.text(), file.where)
    if not isinstance(content, dict) or ("ids" not in content and "1" not in content):
        raise StructureError(f"{file.where}: not a database of ASE in JSON; give another format")
    ids = _plain(content.get("ids", [1]), file.where, "ids")
    if not isinstance(ids, list | np.ndarray):
        raise _strange(file.where, "ids", "is not a list")
    for number, key in enumerate(ids):
        where = f"{file.where}, structure {number}"
        row = content.get(str(key))
        if not isinstance(row, dict):
            raise StructureError(f"{where}: row {str(key)[:20]} is missing; the file is damaged")
        names = ("numbers", "positions", "cell", "pbc", *_SCALARS, *_ARRAYS)
        found = {name: _plain(row[name], where, name) for name in names if name in row}
        found |= {"key_value_pairs": row.get("key_value_pairs", {}), _DATA: row.get(_DATA)}
        yield _structure(found, where)


def _parsed(text: Any, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise StructureError(
            f"{where}: not JSON ({error}); the file may be cut off or damaged"
        ) from None


def _plain(value: Any, where: str, name: str) -> Any:
    """Arrays and cells as ASE writes them into JSON: only numbers are made of them."""
    if isinstance(value, dict) and "array" in value:
        value = value["array"]
    if isinstance(value, dict):
        try:
            shape, _, data = value["__ndarray__"]
            array = np.array(data, dtype=float)
            return array.reshape([int(n) for n in shape])
        except (KeyError, ValueError, TypeError, OverflowError):
            raise _strange(where, name, "is not an array") from None
    return value


def _structure(row: Mapping[str, Any], where: str) -> ase.Atoms:
    numbers = _floats(row.get("numbers", []), where, "numbers", (-1,))
    if (numbers != np.round(numbers)).any() or (np.abs(numbers) > 1000).any():
        raise _strange(where, "numbers", "are not atomic numbers")
    positions = _floats(row.get("positions", []), where, "positions", (len(numbers), 3))
    cell = _floats(row.get("cell", np.zeros(9)), where, "cell", (3, 3))
    pbc = _floats(row.get("pbc", [0, 0, 0]), where, "pbc", (3,)).astype(bool)
    atoms = ase.Atoms(numbers.astype(int), positions, cell=cell, pbc=pbc)
    pairs = row["key_value_pairs"]
    if not isinstance(pairs, dict):
        raise _strange(where, "key_value_pairs", "are not pairs")
    atoms.info.update(pairs)
    data = row.get(_DATA)
    if isinstance(data, dict) and "occupancy" in data:
        atoms.info["occupancy"] = data["occupancy"]
    results: dict[str, Any] = {}
    for name in _SCALARS:
        if row.get(name) is not None:
            results[name] = float(_floats(row[name], where, name, ()))
    if row.get("forces") is not None:
        results["forces"] = _floats(row["forces"], where, "forces", (len(numbers), 3))
    if row.get("stress") is not None:
        results["stress"] = _floats(row["stress"], where, "stress", (6,))
    if results:
        atoms.calc = SinglePointCalculator(atoms, **results)
    return atoms


def _floats(value: Any, where: str, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    try:
        return np.asarray(value, dtype=np.float64).reshape(shape)
    except (ValueError, TypeError, OverflowError):
        what = f"are not {shape[0]} rows of {shape[1]}" if len(shape) == 2 else "are not right"
        raise _strange(where, name, f"{what} numbers" if len(shape) == 2 else what) from None


def _strange(where: str, name: str, what: str) -> StructureError:
    return StructureError(f"{where}: {name} {what}; correct or remove the structure")
