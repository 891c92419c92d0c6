"""Which structures of a data set belong to a subset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

import ase
import numpy as np
from numpy.typing import NDArray

from gmd.parameters import whole_number
from gmd.structures.composition import on_composition_line

Value = str | int | float | bool
"""What an entry of ``info`` is compared with."""

_LARGEST_NUMBER_NAMED = 10


def select_structures(
    structures: Sequence[ase.Atoms],
    *,
    end_members: Sequence[str] = (),
    elements: Sequence[str] = (),
    names: str = "*",
    info: Mapping[str, Value | Sequence[Value]] | None = None,
    n_elements: Mapping[str, int] | None = None,
    n_atoms: Mapping[str, int] | None = None,
    max_atoms: int | None = None,
    every: int = 1,
) -> NDArray[np.bool_]:
    """Whether each structure meets all of the conditions.

    Parameters
    ----------
    structures : sequence of ase.Atoms
    end_members : sequence of str
        Formulas; structures whose formula is an exact mixture of them, see
        :func:`on_composition_line`. Any composition if there are none.
    elements : sequence of str
        Chemical symbols; structures of no other elements. Any elements if there are none.
    names : str
        Pattern of ``info["name"]``, such as ``"*_liquid_*"``.
    info : mapping, optional
        Value by key of ``info``, or a sequence of values of which any will do. Text is a pattern of
        the entry as text, such as ``"liquid*"``; numbers, and true or false, are compared as
        values. Structures without the key are left out.
    n_elements, n_atoms : mapping, optional
        ``at_least`` and ``at_most`` of the number of different elements, and of atoms.
    max_atoms : int, optional
        Most atoms of a structure, as ``n_atoms={"at_most": ...}``.
    every : int
        Of the structures that meet the other conditions, the first of so many at a time, as for
        frames of a trajectory.

    Returns
    -------
    ndarray of shape (n_structures,), bool

    Raises
    ------
    ValueError
        For something that is not a formula, a step below one, limits of which the lower is above
        the upper, and a key or value of `info` that no structure has: the message lists those that
        are there.
    """
    every = whole_number("every", every, at_least=1)
    if max_atoms is not None:
        max_atoms = whole_number("max_atoms", max_atoms, at_least=1)
    chosen = np.ones(len(structures), dtype=bool)
    if end_members:
        chosen &= on_composition_line(structures, end_members)
    if elements:
        allowed = set(elements)
        chosen &= _each(allowed.issuperset(atoms.symbols.species()) for atoms in structures)
    chosen &= _each(fnmatchcase(str(a.info.get("name", "")), names) for a in structures)
    for key, wanted in (info or {}).items():
        chosen &= _with_info(structures, key, wanted)
    counts = {
        "n_elements": (n_elements, [len(atoms.symbols.species()) for atoms in structures]),
        "n_atoms": (n_atoms, [len(atoms) for atoms in structures]),
    }
    for name, (limits, numbers) in counts.items():
        chosen &= _within(numbers, limits or {}, name)
    if max_atoms is not None:
        chosen &= _each(len(atoms) <= max_atoms for atoms in structures)
    rows = np.flatnonzero(chosen)
    kept = np.zeros(len(structures), dtype=bool)
    kept[rows[::every]] = True
    return kept


def _with_info(
    structures: Sequence[ase.Atoms], key: str, wanted: Value | Sequence[Value]
) -> NDArray[np.bool_]:
    """Whether each structure has one of the values wanted."""
    missing = object()
    values = [atoms.info.get(key, missing) for atoms in structures]
    if structures and all(value is missing for value in values):
        keys = sorted({str(k) for atoms in structures for k in atoms.info} - {"source"})
        raise ValueError(f"info: no structure has the key {key!r}; there are {_listed(keys)}")
    chosen = np.zeros(len(structures), dtype=bool)
    several = [wanted] if isinstance(wanted, str | int | float) else list(wanted)
    for one in several:
        found = _each(value is not missing and _is(value, one) for value in values)
        if structures and not found.any():
            there = sorted({repr(value) for value in values if value is not missing})
            raise ValueError(
                f"info: no structure has {key} = {one!r}; its values are {_listed(there)}"
            )
        chosen |= found
    return chosen


def _is(value: object, wanted: Value) -> bool:
    if isinstance(wanted, str):
        return fnmatchcase(str(value), wanted)
    value = value.item() if isinstance(value, np.generic) else value
    # true is not 1
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted


def _within(numbers: Sequence[int], limits: Mapping[str, int], name: str) -> NDArray[np.bool_]:
    low, high = limits.get("at_least", 0), limits.get("at_most", np.inf)
    if low > high:
        raise ValueError(f"{name}: at_least={low} is above at_most={high}")
    return _each(low <= number <= high for number in numbers)


def _listed(words: Sequence[str]) -> str:
    more = len(words) - _LARGEST_NUMBER_NAMED
    named = ", ".join(words[:_LARGEST_NUMBER_NAMED]) or "none"
    return f"{named} and {more} more" if more > 0 else named


def _each(answers: Iterable[bool]) -> NDArray[np.bool_]:
    return np.fromiter(answers, dtype=np.bool_)
