"""A matrix of LAEDs from a ``.npy`` file, rows for the atoms of given structures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import ase
import numpy as np
from numpy.lib import format as npy

from gmd.local.sites import Sites
from gmd.structures import StructureError


def npy_rows(path: Path, structures: Sequence[ase.Atoms]) -> Iterator[Sites]:
    """LAEDs of one structure after another; see :func:`gmd.local.read_ready_sites`."""
    matrix = _mapped(path)
    n_atoms = sum(map(len, structures))
    if matrix.shape[0] != n_atoms:
        raise StructureError(
            f"{path.name}: {matrix.shape[0]} rows, but the {len(structures)} structures have "
            f"{n_atoms} atoms; give the structures that the LAEDs were computed of"
        )
    start = 0
    for number, atoms in enumerate(structures):
        values = np.array(matrix[start : start + len(atoms)], dtype=np.float64)
        finite = np.isfinite(values)
        if not finite.all():
            atom, column = np.argwhere(~finite)[0]
            raise StructureError(
                f"{path.name}, structure {number}, atom {atom}: column {column} of the LAED is "
                f"not finite; correct it, or remove the structure"
            )
        yield Sites(values, np.full(len(atoms), number), atoms.get_chemical_symbols())
        start += len(atoms)


def _mapped(path: Path) -> Any:
    """The matrix, mapped into memory once its header is known to speak the truth."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        try:
            version = npy.read_magic(stream)
            if version not in ((1, 0), (2, 0)):
                _fail(path, f"of version {version[0]}.{version[1]} of the format")
            read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            shape, _, dtype = read(stream)
        except StructureError:
            raise
        # the header is a Python literal, and its parser stumbles in many ways
        except Exception:
            _fail(path, "without a header that can be read")
        begin = stream.tell()
    if dtype.kind != "f" or dtype.hasobject:
        _fail(path, f"of {dtype}, not of floating-point numbers")
    if len(shape) != 2 or min(shape) < 1:
        _fail(path, f"of shape {shape}, not (atoms, components)")
    promised = shape[0] * shape[1] * dtype.itemsize
    if promised != size - begin:
        _fail(path, f"of {size - begin} bytes where its header promises {promised}")
    # reads the header again, which is known to be right by now
    return np.load(path, mmap_mode="r", allow_pickle=False)


def _fail(path: Path, what: str) -> NoReturn:
    raise StructureError(
        f"{path.name}: a .npy file {what}; write a matrix of floats with numpy.save(..., "
        f"allow_pickle=False)"
    )
