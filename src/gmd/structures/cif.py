"""Structures of CIF files, whose sites are checked before symmetry makes atoms of them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import ase
import numpy as np
from ase.data import atomic_numbers
from ase.io.cif import CIFBlock, parse_cif
from numpy.typing import NDArray

from gmd.structures.checks import StructureError
from gmd.structures.occupancy import is_full, partial_occupancy

_SAME_SITE = 1e-3  # in fractions of the cell vectors, as for ASE's reader

_COORDINATES = "_atom_site_fract_x"
_OTHER_COORDINATES = "_atom_site_cartn_x"
_TWO_CAPITALS = re.compile(r"[^A-Z]*([A-Z]{2})")


def cif_structures(text: str, where: str) -> Iterator[ase.Atoms]:
    """Structures of the data blocks that have coordinates.

    Parameters
    ----------
    text : str
        Contents of a CIF file.
    where : str
        File, as the message's beginning.

    Yields
    ------
    ase.Atoms
        As ASE makes them from the sites and the space group.

    Raises
    ------
    StructureError
        For partial occupancies, two rows of one site, and symbols that ASE would cut short.
    """
    number = 0
    for block in parse_cif(io.StringIO(text)):
        if _COORDINATES not in block and _OTHER_COORDINATES not in block:
            continue
        place = f"{where}, structure {number}"
        if not block.has_structure():
            raise StructureError(
                f"{place}: data block {block.name!r} has coordinates, but not all of them, or no "
                f"elements; correct or remove the block"
            )
        _check_symbols(block, place)
        _check_occupancies(block, place)
        atoms = block.get_atoms()
        _check_rows(block, atoms, place)
        # what it says is that all are 1
        atoms.info.pop("occupancy", None)
        yield atoms
        number += 1


def _column(block: CIFBlock, name: str) -> list[Any] | None:
    values = block.get(name)
    return values if isinstance(values, list) or values is None else [values]


def _row(block: CIFBlock, row: int) -> str:
    labels = _column(block, "_atom_site_label")
    label = labels[row] if labels is not None and row < len(labels) else block.get_symbols()[row]
    return f"{label} (row {row})"


def _check_symbols(block: CIFBlock, where: str) -> None:
    """Refuse two capitals that may be one element: ASE takes the first letter."""
    name = "_atom_site_type_symbol"
    symbols = _column(block, name)
    if symbols is None:
        name = "_atom_site_label"
        symbols = _column(block, name)
    for row, symbol in enumerate(symbols or ()):
        match = _TWO_CAPITALS.match(str(symbol))
        if match is not None and match[1].capitalize() in atomic_numbers:
            raise StructureError(
                f"{where}, site {_row(block, row)}: {name} {str(symbol)!r} may be "
                f"{match[1].capitalize()} or {match[1][0]}; write the element's symbol into "
                f"_atom_site_type_symbol, with a small second letter"
            )


def _check_occupancies(block: CIFBlock, where: str) -> None:
    values = _column(block, "_atom_site_occupancy")
    if values is None:
        return
    symbols, found = block.get_symbols(), []
    for row, value in enumerate(values):
        if value in (".", "?"):  # the default, 1
            continue
        if not isinstance(value, int | float):
            raise StructureError(
                f"{where}, site {_row(block, row)}: occupancy {value!r} is not a number; correct it"
            )
        if not is_full(value):
            place = ""
            coordinates = [_column(block, f"_atom_site_fract_{x}") for x in "xyz"]
            if all(c is not None for c in coordinates):
                place = f" at ({', '.join(str(c[row]) for c in coordinates if c is not None)})"
            found.append(f"site {_row(block, row)}{place}: {symbols[row]} {value:g}")
    if found:
        raise partial_occupancy(where, found)


def _check_rows(block: CIFBlock, atoms: ase.Atoms, where: str) -> None:
    """Refuse two rows for one site: ASE keeps one of them."""
    columns = [_column(block, f"_atom_site_fract_{x}") for x in "xyz"]
    if any(c is None for c in columns) or "spacegroup" not in atoms.info:
        return
    sites: NDArray[np.float64] = np.array(columns, dtype=float).T
    rotations, translations = map(np.array, zip(*atoms.info["spacegroup"].get_symop(), strict=True))
    for row in range(len(sites) - 1):
        images = rotations @ sites[row] + translations
        difference = images[:, None] - sites[None, row + 1 :]
        difference -= np.rint(difference)
        same = (np.abs(difference) < _SAME_SITE).all(axis=-1).any(axis=0)
        if same.any():
            other = row + 1 + int(np.argmax(same))
            raise StructureError(
                f"{where}: {_row(block, row)} and {_row(block, other)} are one site listed twice, "
                f"by their coordinates or by the space group {atoms.info['spacegroup'].symbol}; "
                f"remove one of them, or correct the coordinates or the space group"
            )
