"""Space groups of CIF files, whose symmetry operations ASE must not guess."""

from __future__ import annotations

import re
from typing import Any, NoReturn

import numpy as np
from ase.io.cif import CIFBlock
from ase.spacegroup import Spacegroup
from ase.spacegroup.spacegroup import SpacegroupNotFoundError
from numpy.typing import NDArray

from gmd.structures.checks import StructureError

_NUMBER = "_space_group_it_number"
_NUMBERS = ("_space_group.it_number", _NUMBER, "_symmetry_int_tables_number")
_SYMBOLS = (
    "_space_group_name_h-m_alt",
    "_symmetry_space_group_name_h-m",
    "_space_group.name_h-m_alt",
    "_space_group.patterson_name_h-m",
)
_HALL_SYMBOLS = ("_space_group_name_hall", "_symmetry_space_group_name_hall")
_CODES = ("_space_group_it_coordinate_system_code", "_symmetry_space_group_setting")
_CELL_SETTINGS = ("_space_group_crystal_system", "_symmetry_cell_setting")
_OPERATIONS = (
    "_space_group_symop_operation_xyz",
    "_space_group_symop.operation_xyz",
    "_symmetry_equiv_pos_as_xyz",
)
_MAGNETIC = ("_space_group_magn", "_space_group_symop_magn")

# settings that agree with ASE's first one: hexagonal axes, unique axis b, axes abc, origin choice 1
_STANDARD_CODES = {"1", "h", "b", "b1", "abc", "1abc", "s"}
_ORIGIN_1 = {"1", "1abc", "s"}
_OLD_SYMBOLS = {"Abm2": "Aem2", "Aba2": "Aea2", "Cmca": "Cmce", "Cmma": "Cmme", "Ccca": "Ccce"}

_METRIC_TOLERANCE = 0.01
"""Relative to the products of the cell's lengths: rounded cells pass, other systems do not."""

_ADVICE = "list the symmetry operations (VESTA, pymatgen and cif2cell can write them)"


def with_symmetry(block: CIFBlock, where: str) -> CIFBlock:
    """The block with the one description of its symmetry that ASE reads correctly.

    Listed operations count, whatever the space group is called. Without them, the number of
    the space group must identify them together with the symbol, the setting and the cell.

    Parameters
    ----------
    block : CIFBlock
        A block with sites.
    where : str
        File and structure, which begin the message.

    Returns
    -------
    CIFBlock
        As given, with either the operations or the number of the space group.

    Raises
    ------
    StructureError
        If the block has magnetic symmetry; or if it lists no operations, and its space group is
        unknown, contradictory, or not in the setting whose operations ASE knows.
    """
    if any(tag.startswith(_MAGNETIC) for tag in block):
        raise StructureError(
            f"{where}: data block {block.name!r} has a magnetic space group, whose operations are "
            f"not read; convert the file to an ordinary CIF that lists all symmetry operations"
        )
    if block.get_cellpar() is None:
        return block
    described = {*_NUMBERS, *_SYMBOLS, *_HALL_SYMBOLS, *_CODES, *_CELL_SETTINGS}
    tags = {tag: value for tag, value in block.items() if tag not in {*described, *_OPERATIONS}}
    operations = [tag for tag in _OPERATIONS if _stated(block, (tag,))]
    if operations:
        # the number 1 has no operations of its own that ASE could add to those listed
        listed = {operations[0]: block[operations[0]], _NUMBER: 1}
        return CIFBlock(block.name, tags | listed)
    return CIFBlock(block.name, tags | {_NUMBER: _standard_group(block, where).no})


def space_group_name(block: CIFBlock) -> str:
    """Symbol and number as the file states them, for messages."""
    symbols, numbers = _stated(block, _SYMBOLS), _stated(block, _NUMBERS)
    parts = [str(s) for s in symbols] + [f"number {n}" for n in numbers]
    return ", ".join(dict.fromkeys(parts)) or "without a symbol or number"


def _stated(block: CIFBlock, tags: tuple[str, ...]) -> list[Any]:
    """Values of those of the tags that the block has, without unknown ones."""
    values: list[Any] = []
    for tag in tags:
        value = block.get(tag, [])
        values += value if isinstance(value, list) else [value]
    return [value for value in values if str(value).strip() not in ("", ".", "?")]


def _standard_group(block: CIFBlock, where: str) -> Spacegroup:
    """The space group in ASE's first setting, if that is certainly the block's."""

    def refuse(reason: str) -> NoReturn:
        raise StructureError(
            f"{where}: data block {block.name!r} lists no symmetry operations, and they do not "
            f"follow from its space group {space_group_name(block)}: {reason}; {_ADVICE}"
        )

    symbols, codes = [], {str(code).strip().lower() for code in _stated(block, _CODES)}
    for stated in _stated(block, _SYMBOLS):
        symbol, code = _symbol_and_code(str(stated))
        symbols.append(symbol)
        codes |= {code.lower()} if code else set()
    try:
        numbers = {int(str(number)) for number in _stated(block, _NUMBERS)}
    except ValueError:
        refuse("its number is not an integer")
    if not symbols and not numbers:
        if any(tag in block for tag in (*_NUMBERS, *_SYMBOLS, *_HALL_SYMBOLS)):
            refuse("it is not known")
        return Spacegroup(1)  # the default of the CIF dictionary, 'x,y,z'
    if len(numbers) > 1:
        refuse("there are two numbers")
    name = numbers.pop() if numbers else symbols[0]
    group = _ase_group(name, 1)
    if group is None:
        refuse("it is not the standard symbol or number of a space group")
    standard = "".join(group.symbol.split())
    if any(symbol != standard for symbol in symbols):
        refuse(f"the standard symbol of space group {group.no} is {group.symbol!r}")
    if codes - _STANDARD_CODES:
        refuse(
            f"the setting {' and '.join(sorted(codes - _STANDARD_CODES))!r} is not the standard "
            f"one (origin choice 1, hexagonal axes, unique axis b)"
        )
    if _has_origin_choices(group) and not codes & _ORIGIN_1:
        refuse(
            "it has two origin choices, and the file does not state which it uses (only choice 1, "
            "written as _space_group_IT_coordinate_system_code 1, is known)"
        )
    if not _fits(group, block):
        refuse(f"the cell lengths and angles do not fit {group.symbol!r} in its standard setting")
    return group


def _symbol_and_code(stated: str) -> tuple[str, str]:
    """Hermann-Mauguin symbol without spaces as in ASE's table, and what follows it."""
    symbol, _, code = re.sub(r"[\s_()]", "", stated).partition(":")
    suffix = re.fullmatch(r"(.*[a-z0-9])([ZSHR]+)", symbol)
    if suffix is not None and not code:
        symbol, code = suffix[1], suffix[2]
    symbol = symbol[:1].upper() + symbol[1:].lower()
    symbol = re.sub(r"^([PABCI])1([^1].*)1$", r"\1\2", symbol)  # P 1 21/c 1
    symbol = re.sub(r"^([PFI][mnabcd])3", r"\1-3", symbol)  # F m 3 m, in older files
    return _OLD_SYMBOLS.get(symbol, symbol), code


def _ase_group(name: int | str, setting: int) -> Spacegroup | None:
    try:
        return Spacegroup(name, setting)
    except SpacegroupNotFoundError:
        return None


def _has_origin_choices(group: Spacegroup) -> bool:
    # ASE's second setting is unique axis c to number 15, and rhombohedral axes for R
    return group.no > 15 and group.lattice != "R" and _ase_group(group.no, 2) is not None


def _fits(group: Spacegroup, block: CIFBlock) -> bool:
    """Whether all rotations keep the lengths and angles of the cell."""
    cell = block.get_cell()
    metric: NDArray[np.float64] = cell.array @ cell.array.T
    rotations: NDArray[np.int64] = np.array(group.get_rotations())
    change = np.swapaxes(rotations, -1, -2) @ metric @ rotations - metric
    lengths = cell.lengths()
    return bool((np.abs(change) <= _METRIC_TOLERANCE * np.outer(lengths, lengths)).all())
