"""Structures of CIF files, whose sites are checked before symmetry makes atoms of them."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from typing import Any

import ase
import numpy as np
from ase.data import atomic_numbers
from ase.io.cif import CIFBlock, parse_cif
from numpy.typing import NDArray

from gmd.structures.checks import StructureError
from gmd.structures.occupancy import is_full, partial_occupancy
from gmd.structures.space_groups import space_group_name, with_symmetry

_SAME_SITE = 1e-3  # in fractions of the cell vectors, as for ASE's reader
_CLOSEST = 0.3  # Å, less than any distance of two atoms

_COORDINATES = "_atom_site_fract_x"
_OTHER_COORDINATES = "_atom_site_cartn_x"
_MMCIF_COORDINATES = ("_atom_site.cartn_x", "_atom_site.fract_x")
_LOOPS = ("_atom_site_", "_space_group_symop", "_symmetry_equiv_pos")
_WRONG_ROW = re.compile(r"Wrong number (\d+) of tokens, expected (\d+): (.*)", re.DOTALL)
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
        For partial occupancies, disorder, two rows of one site, sites without coordinates,
        rows with too many values, symbols that ASE would cut short, symmetry that ASE would
        guess, and mmCIF.
    """
    number = 0
    for block in _blocks(text, where):
        if any(name in block for name in _MMCIF_COORDINATES):
            raise StructureError(
                f"{where}: data block {block.name!r} is mmCIF, which is not read; convert the file "
                f"to PDB or to an ordinary CIF"
            )
        if _COORDINATES not in block and _OTHER_COORDINATES not in block:
            continue
        place = f"{where}, structure {number}"
        if not block.has_structure():
            raise StructureError(
                f"{place}: data block {block.name!r} has coordinates, but not all of them, or no "
                f"elements; correct or remove the block"
            )
        _check_symbols(block, place)
        _check_coordinates(block, place)
        _check_occupancies(block, place)
        _check_disorder(block, place)
        atoms = with_symmetry(block, place).get_atoms()
        _check_rows(block, atoms, place)
        # what it says is that all are 1
        atoms.info.pop("occupancy", None)
        yield atoms
        number += 1


def _blocks(text: str, where: str) -> list[CIFBlock]:
    """Data blocks, none of whose sites or operations ASE left out with a warning only."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        blocks = list(parse_cif(io.StringIO(text)))
    widths = {_n_columns(block, loop) for block in blocks for loop in _LOOPS}
    for warning in caught:
        match = _WRONG_ROW.match(str(warning.message))
        if match is not None and int(match[2]) in widths:
            raise StructureError(
                f"{where}: a row of the sites or symmetry operations has {match[1]} values for "
                f"{match[2]} columns: {match[3]}; correct the row, and quote values with spaces"
            )
    return blocks


def _n_columns(block: CIFBlock, loop: str) -> int:
    return sum(
        tag.startswith(loop) and not tag.startswith("_atom_site_aniso") and isinstance(value, list)
        for tag, value in block.items()
    )


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


def _check_coordinates(block: CIFBlock, where: str) -> None:
    kind = "fract" if _COORDINATES in block else "cartn"
    for x in "xyz":
        for row, value in enumerate(_column(block, f"_atom_site_{kind}_{x}") or ()):
            site = f"{where}, site {_row(block, row)}"
            if value in (".", "?"):
                raise StructureError(
                    f"{site} has no coordinates; write them, or give a file in which all atoms "
                    f"have coordinates"
                )
            if not isinstance(value, int | float):
                raise StructureError(
                    f"{site}: {x} {value!r} is not a number; correct the coordinate"
                )


def _check_disorder(block: CIFBlock, where: str) -> None:
    """Refuse alternatives of which only one is present at a time."""
    groups = _column(block, "_atom_site_disorder_group") or []
    assemblies = _column(block, "_atom_site_disorder_assembly") or ["."] * len(groups)
    rows: dict[str, dict[str, list[int]]] = {}
    for row, (assembly, group) in enumerate(zip(assemblies, groups, strict=True)):
        if group not in (".", "?"):
            rows.setdefault(str(assembly), {}).setdefault(str(group), []).append(row)
    for alternatives in rows.values():
        if len(alternatives) > 1:
            found = " or ".join(
                ", ".join(_row(block, row) for row in group) for group in alternatives.values()
            )
            raise StructureError(
                f"{where}: the sites are disordered: either {found} are present, by "
                f"_atom_site_disorder_group; keep one of the alternatives"
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
                f"{where}, site {_row(block, row)}: occupancy {value!r} is not a number; "
                f"correct the value"
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
    """Refuse two rows for one site, of which ASE keeps one, and rounded special positions."""
    columns = [_column(block, f"_atom_site_fract_{x}") for x in "xyz"]
    if any(c is None for c in columns) or "spacegroup" not in atoms.info:
        return
    sites: NDArray[np.float64] = np.array(columns, dtype=float).T
    rotations, translations = map(np.array, zip(*atoms.info["spacegroup"].get_symop(), strict=True))
    for row in range(len(sites)):
        images = rotations @ sites[row] + translations
        difference = images[:, None] - sites[None, row:]
        difference -= np.rint(difference)
        same = (np.abs(difference) < _SAME_SITE).all(axis=-1)
        twice = same[:, 1:].any(axis=0)
        if twice.any():
            other = row + 1 + int(np.argmax(twice))
            raise StructureError(
                f"{where}: {_row(block, row)} and {_row(block, other)} are one site listed twice, "
                f"by their coordinates or by the space group {space_group_name(block)}; "
                f"remove one of them, or correct the coordinates or the space group"
            )
        copies = np.linalg.norm(difference[~same[:, 0], 0] @ atoms.cell.array, axis=-1)
        if (copies < _CLOSEST).any():
            raise StructureError(
                f"{where}: {_row(block, row)} is only {copies.min():.2g} Å from its own copy by "
                f"symmetry; if its coordinates are rounded, write more digits (1/3 as 0.33333)"
            )
