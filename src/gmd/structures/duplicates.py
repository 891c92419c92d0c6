"""Structures that occur more than once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import ase
import numpy as np


def duplicate_groups(structures: Sequence[ase.Atoms]) -> list[list[int]]:
    """Find structures that are the same to the last bit, energies and names apart.

    The same are elements, positions, cell and periodicity, atom by atom: structures that are
    shifted, turned, or whose atoms come in another order are not told to be the same, and neither
    are those of unknown positions or cells. Time and memory grow with the number of structures.

    Parameters
    ----------
    structures : sequence of ase.Atoms

    Returns
    -------
    list of list of int
        Places of structures that are the same, two or more each, in order of their first.
    """
    groups: dict[bytes, list[int]] = {}
    for place, atoms in enumerate(structures):
        if np.isnan(atoms.positions).any() or np.isnan(atoms.cell.array).any():
            continue
        digest = hashlib.blake2b(digest_size=16)
        digest.update(atoms.numbers.astype(np.int64).tobytes())
        digest.update(atoms.pbc.tobytes())
        for array in (atoms.cell.array, atoms.positions):
            digest.update((array + 0.0).tobytes())  # no difference between 0 and -0
        groups.setdefault(digest.digest(), []).append(place)
    return [group for group in groups.values() if len(group) > 1]


def without_duplicates(n_structures: int, groups: Sequence[Sequence[int]]) -> list[int]:
    """Places of the structures that are left when the first of each group stays.

    Parameters
    ----------
    n_structures : int
        Number of structures that were looked at.
    groups : sequence of sequence of int
        As from :func:`duplicate_groups`.

    Returns
    -------
    list of int
        In ascending order.
    """
    dropped = {place for group in groups for place in group[1:]}
    return [place for place in range(n_structures) if place not in dropped]
