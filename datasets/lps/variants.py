"""Strained, perturbed and off-stoichiometric variants of a structure."""

from __future__ import annotations

import numpy as np
from ase import Atoms
from ase.geometry import find_mic


def scaled(atoms: Atoms, scale: float) -> Atoms:
    """Return a copy with every length multiplied by `scale`."""
    return deformed(atoms, np.eye(3) * scale)


def deformed(atoms: Atoms, deformation: np.ndarray) -> Atoms:
    """Return a copy with cell and positions multiplied by the (3, 3) matrix `deformation`."""
    atoms = atoms.copy()
    atoms.set_cell(np.asarray(atoms.cell) @ np.asarray(deformation), scale_atoms=True)
    return atoms


def random_deformation(
    rng: np.random.Generator, *, strain: float = 0.06, shear: float = 0.05
) -> np.ndarray:
    """Return a symmetric deformation: normal strains up to `strain`, shears up to `shear`."""
    deformation = np.diag(1.0 + rng.uniform(-strain, strain, size=3))
    for i, j in ((0, 1), (0, 2), (1, 2)):
        deformation[i, j] = deformation[j, i] = rng.uniform(-shear, shear) / 2
    return deformation


def perturbed(atoms: Atoms, *, displacement: float, rng: np.random.Generator) -> Atoms:
    """Return a copy with Gaussian noise of standard deviation `displacement` (Å) on every axis."""
    atoms = atoms.copy()
    noise = rng.normal(scale=displacement, size=(len(atoms), 3))
    atoms.set_positions(atoms.get_positions() + noise)
    return atoms


def _nearest(atoms: Atoms, centre: int, symbol: str, count: int, taken: set[int]) -> list[int]:
    """Return the `count` nearest atoms of an element to an atom, `taken` left out."""
    candidates = [
        k for k, s in enumerate(atoms.symbols) if s == symbol and k != centre and k not in taken
    ]
    if len(candidates) < count:
        raise ValueError(
            f"{atoms.get_chemical_formula()}: {count} more {symbol} asked for, "
            f"{len(candidates)} left"
        )
    vectors = atoms.positions[candidates] - atoms.positions[centre]
    _, lengths = find_mic(vectors, atoms.cell, pbc=True)
    order = np.argsort(lengths, kind="stable")[:count]
    return [candidates[k] for k in order]


def without_lithium_sulfide(atoms: Atoms, *, units: int, rng: np.random.Generator) -> Atoms:
    """Return a copy with `units` Li2S taken out: a random S and the two Li nearest to it.

    Sulfur that is bonded to no phosphorus is taken first, as long as there is any.
    """
    atoms = atoms.copy()
    for _ in range(units):
        sulfur = [k for k, s in enumerate(atoms.symbols) if s == "S"]
        phosphorus = [k for k, s in enumerate(atoms.symbols) if s == "P"]
        free = [
            k
            for k in sulfur
            if not phosphorus or atoms.get_distances(k, phosphorus, mic=True).min() > 2.8
        ]
        centre = int(rng.choice(free or sulfur))
        lithium = _nearest(atoms, centre, "Li", 2, set())
        del atoms[[centre, *lithium]]
    return atoms


def without_phosphorus_sulfide(atoms: Atoms, *, units: int, rng: np.random.Generator) -> Atoms:
    """Return a copy with `units` P2S5 taken out: a random P, the P nearest to it, and five S.

    Four of the sulfurs are the first phosphorus atom's neighbours, the fifth is the second's.
    """
    atoms = atoms.copy()
    for _ in range(units):
        phosphorus = [k for k, s in enumerate(atoms.symbols) if s == "P"]
        first = int(rng.choice(phosphorus))
        second = _nearest(atoms, first, "P", 1, set())[0]
        around_first = _nearest(atoms, first, "S", 4, set())
        around_second = _nearest(atoms, second, "S", 1, set(around_first))
        del atoms[[first, second, *around_first, *around_second]]
    return atoms


def without(atoms: Atoms, *, remove: dict[str, int], rng: np.random.Generator) -> Atoms:
    """Return a copy with the given numbers of randomly chosen atoms of each element taken out."""
    chosen: list[int] = []
    for symbol, count in remove.items():
        candidates = [k for k, s in enumerate(atoms.symbols) if s == symbol]
        chosen.extend(int(k) for k in rng.choice(candidates, size=count, replace=False))
    atoms = atoms.copy()
    del atoms[chosen]
    return atoms


def dimers_moved(atoms: Atoms, *, axis: np.ndarray, rng: np.random.Generator) -> Atoms:
    """Return a copy in which each column of P-P dimers is moved by half of `axis`, or is not.

    The columns of Li4P2S6 run along the unit cell's `axis` (Å) and hold their dimers at heights
    0 or 1/2 at random; within one column all of them are at the same height.
    """
    atoms = atoms.copy()
    left = {k for k, s in enumerate(atoms.symbols) if s == "P"}
    while left:
        # From one P atom, the next cell's along the column, until the supercell closes it.
        column, start = [], min(left)
        for first in (start, _nearest(atoms, start, "P", 1, set())[0]):
            while first in left:
                column.append(first)
                left.remove(first)
                phosphorus = [k for k, s in enumerate(atoms.symbols) if s == "P"]
                step = atoms.positions[phosphorus] - atoms.positions[first] - axis
                _, lengths = find_mic(step, atoms.cell, pbc=True)
                first = phosphorus[int(np.argmin(lengths))]
        if rng.random() < 0.5:
            atoms.positions[column] += np.asarray(axis) / 2
    return atoms
