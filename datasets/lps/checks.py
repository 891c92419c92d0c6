"""What every structure of the set must satisfy, by family; structures that do not are dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ase.neighborlist import neighbor_list
from crystals import shortest_vector
from energies import SHORTEST_VECTOR

if TYPE_CHECKING:
    from ase import Atoms

#: No two atoms are closer than this (Å): bonded families, and those pushed to extremes.
SHORTEST_DISTANCE = {
    "crystal": 1.90,
    "glass": 1.90,
    "strained": 1.65,
    "sheared": 1.75,
    "perturbed": 1.30,
    "vacancy": 1.70,
    "depleted": 1.70,
    "strained-glass": 1.75,
}

#: Every P atom's nearest S lies within these bounds (Å).
NEAREST_SULFUR = {
    "crystal": (1.95, 2.20),
    "glass": (1.95, 2.20),
    "strained": (1.65, 2.50),
    "sheared": (1.75, 2.30),
    "perturbed": (1.30, 2.40),
    "vacancy": (1.70, 2.30),
    "depleted": (1.70, 2.30),
    "strained-glass": (1.75, 2.50),
}

#: In these families every P atom has four neighbours (S, or one P) within `BOND` Å, and all P-S
#: bonds, not the shortest alone, lie within the bounds of NEAREST_SULFUR.
TETRAHEDRAL = ("crystal", "glass")
BOND = 2.45


def problems(atoms: Atoms, *, family: str) -> list[str]:
    """Return what is wrong with a structure, each with its number and place; empty if nothing."""
    found = []
    length = shortest_vector(np.asarray(atoms.cell))
    if length < SHORTEST_VECTOR - 1e-6:
        found.append(f"shortest lattice vector {length:.3f} Å < {SHORTEST_VECTOR} Å")
    first, second, distance = neighbor_list("ijd", atoms, 2.8)
    symbols = np.array(atoms.symbols)
    if len(distance) and distance.min() < SHORTEST_DISTANCE[family]:
        found.append(f"distance {distance.min():.3f} Å < {SHORTEST_DISTANCE[family]} Å")
    low, high = NEAREST_SULFUR[family]
    to_sulfur = symbols[second] == "S"
    for k in np.flatnonzero(symbols == "P"):
        near = distance[(first == k) & to_sulfur]
        nearest = near.min() if len(near) else np.inf
        if not low <= nearest <= high:
            found.append(f"P atom {k}: nearest S at {nearest:.3f} Å, not in [{low}, {high}] Å")
        around = (first == k) & np.isin(symbols[second], ["P", "S"]) & (distance < BOND)
        bonds = near[near < BOND]
        if family in TETRAHEDRAL and len(bonds) and bonds.max() > high:
            found.append(f"P atom {k}: bond to S of {bonds.max():.3f} Å, longer than {high} Å")
        if family in TETRAHEDRAL and around.sum() != 4:
            found.append(f"P atom {k}: {around.sum()} neighbours within {BOND} Å, not 4")
    return found
