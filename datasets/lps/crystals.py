"""Known Li-P-S crystals, and supercells of them that are large enough for a Gamma-point energy.

Lattice parameters and fractional coordinates are figures from the literature, named beside each
crystal; coordinates are rounded, being where a relaxation starts. Where a structure is partially
occupied one ordered choice is made, and said.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from ase.build import make_supercell
from ase.geometry import minkowski_reduce
from ase.spacegroup import crystal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ase import Atoms

#: Elements of the set, in the order in which the atoms of every structure are sorted.
ELEMENTS = ("Li", "P", "S")


@dataclass(frozen=True)
class Crystal:
    """One crystal: its ordered unit cell, where it comes from and what was chosen.

    Attributes
    ----------
    name : str
        Label used for the structures made from it.
    atoms : ase.Atoms
        Ordered (every site full or empty) primitive or conventional cell, lengths in Å.
    source : str
        Literature source of the cell and the sites.
    note : str
        What was chosen where the source leaves a choice, or an empty string.
    """

    name: str
    atoms: Atoms
    source: str
    note: str = ""


def sort_by_element(atoms: Atoms) -> Atoms:
    """Return a copy whose atoms are sorted Li, P, S, the order within an element unchanged."""
    rank = np.array([ELEMENTS.index(symbol) for symbol in atoms.symbols])
    return atoms[np.argsort(rank, kind="stable")]


def lithium_sulfide() -> Crystal:
    """Antifluorite Li2S, Fm-3m, a = 5.72 Å."""
    atoms = crystal(
        ["Li", "S"],
        [(0.25, 0.25, 0.25), (0, 0, 0)],
        spacegroup=225,
        cellpar=[5.72, 5.72, 5.72, 90, 90, 90],
        primitive_cell=True,
    )
    return Crystal(
        name="Li2S",
        atoms=sort_by_element(atoms),
        source="antifluorite: E. Zintl, A. Harder, B. Dauth, Z. Elektrochem. 40, 588 (1934); "
        "a as in W. Bührer et al., J. Phys.: Condens. Matter 3, 1055 (1991)",
    )


def beta_lithium_thiophosphate() -> Crystal:
    """beta-Li3PS4, Pnma, the Li3PO4-type frame; lithium on 8d and 4b."""
    atoms = crystal(
        ["Li", "Li", "P", "S", "S", "S"],
        [
            (0.3562, 0.0130, 0.4390),
            (0.0, 0.0, 0.5),
            (0.0870, 0.25, 0.1670),
            (0.1543, 0.0302, 0.2720),
            (0.9401, 0.25, 0.2640),
            (0.1067, 0.25, 0.8350),
        ],
        spacegroup=62,
        cellpar=[12.819, 8.220, 6.124, 90, 90, 90],
    )
    return Crystal(
        name="beta-Li3PS4",
        atoms=sort_by_element(atoms),
        source="K. Homma et al., Solid State Ionics 182, 53 (2011)",
        note="4b full and 4c empty, where the source shares the lithium between the two",
    )


def gamma_lithium_thiophosphate() -> Crystal:
    """gamma-Li3PS4, Pmn2_1, the enargite-type frame."""
    atoms = crystal(
        ["Li", "Li", "P", "S", "S", "S"],
        [
            (0.2440, 0.3280, 0.9910),
            (0.0, 0.1510, 0.5050),
            (0.0, 0.8190, 0.0),
            (0.2198, 0.6680, 0.8903),
            (0.0, 0.1158, 0.8854),
            (0.0, 0.8114, 0.3310),
        ],
        spacegroup=31,
        cellpar=[7.708, 6.536, 6.136, 90, 90, 90],
    )
    return Crystal(
        name="gamma-Li3PS4",
        atoms=sort_by_element(atoms),
        source="K. Homma et al., Solid State Ionics 182, 53 (2011)",
    )


def lithium_hypothiodiphosphate() -> Crystal:
    """Li4P2S6, P6_3/mcm; the half-occupied P sites filled as one P-P dimer per cell."""
    atoms = crystal(
        ["Li", "P", "S"],
        [(1 / 3, 2 / 3, 0.0), (0.0, 0.0, 0.1715), (0.3237, 0.0, 0.25)],
        spacegroup=193,
        cellpar=[6.070, 6.070, 6.577, 90, 90, 120],
    )
    height = atoms.get_scaled_positions()[:, 2]
    # Of the four P positions z, -z, 1/2+z, 1/2-z the first two are one dimer around z = 0.
    keep = (np.array(atoms.symbols) != "P") | (np.abs(height - np.round(height)) < 0.25)
    return Crystal(
        name="Li4P2S6",
        atoms=sort_by_element(atoms[keep]),
        source="R. Mercier, J. P. Malugani, B. Fahys, J. Douglade, G. Robert, "
        "J. Solid State Chem. 43, 151 (1982)",
        note="every column's dimer at z = 0, where the source has it at 0 or 1/2 at random",
    )


def lithium_argyrodite() -> Crystal:
    """Li7PS6, F-43m argyrodite; seven of the twelve 48h sites of a primitive cell filled.

    The seven sites are the choice with the smallest sum of 1/d over lithium pairs and their images.
    """
    cellpar = [9.993, 9.993, 9.993, 90, 90, 90]
    frame = crystal(
        ["P", "S", "S", "S"],
        [(0.5, 0.5, 0.5), (0, 0, 0), (0.25, 0.25, 0.25), (0.618, 0.618, 0.618)],
        spacegroup=216,
        cellpar=cellpar,
        primitive_cell=True,
    )
    sites = crystal(
        ["Li"], [(0.183, 0.183, 0.024)], spacegroup=216, cellpar=cellpar, primitive_cell=True
    )
    positions = sites.get_positions()
    images = np.array(list(np.ndindex(3, 3, 3))) - 1
    offsets = images @ np.asarray(sites.cell)
    separation = np.linalg.norm(
        positions[:, None, None] - positions[None, :, None] + offsets[None, None], axis=-1
    )
    repulsion = (1.0 / np.where(separation < 1e-6, np.inf, separation)).sum(axis=-1)
    choices = np.array(list(combinations(range(len(sites)), 7)))
    cost = [repulsion[np.ix_(choice, choice)].sum() for choice in choices]
    # Symmetry makes many choices equal to within rounding: the first of them is taken.
    best = choices[np.argmin(np.round(cost, 6))]
    return Crystal(
        name="Li7PS6",
        atoms=sort_by_element(sites[best] + frame),
        source="S. T. Kong et al., Chem. Eur. J. 16, 2198 (2010); sites as in Li6PS5Cl, "
        "M. A. Kraft et al., J. Am. Chem. Soc. 139, 10909 (2017)",
        note="28 of 48 lithium sites (48h) filled, the same seven in every primitive cell",
    )


def crystals() -> list[Crystal]:
    """Return every known crystal of the set, unrelaxed, with cells from the literature."""
    return [
        lithium_sulfide(),
        beta_lithium_thiophosphate(),
        gamma_lithium_thiophosphate(),
        lithium_hypothiodiphosphate(),
        lithium_argyrodite(),
    ]


def _hermite_normal_forms(index: int) -> Iterator[np.ndarray]:
    """Yield every 3 x 3 Hermite normal form with determinant `index`."""
    for a in range(1, index + 1):
        if index % a:
            continue
        for d in range(1, index // a + 1):
            if (index // a) % d:
                continue
            f = index // a // d
            for b in range(d):
                for c in range(f):
                    for e in range(f):
                        yield np.array([[a, b, c], [0, d, e], [0, 0, f]])


def shortest_vector(cell: np.ndarray) -> float:
    """Return the length (Å) of the shortest non-zero vector of the lattice spanned by `cell`."""
    reduced, _ = minkowski_reduce(np.asarray(cell))
    return float(np.linalg.norm(reduced, axis=1).min())


def supercell(atoms: Atoms, *, shortest: float, max_index: int = 64) -> Atoms:
    """Return the smallest supercell whose shortest lattice vector is at least `shortest`.

    All superlattices, not only the diagonal ones, are tried in the order of their size; of those
    of the smallest sufficient size, the one with the longest shortest vector is taken.

    Parameters
    ----------
    atoms : ase.Atoms
        The unit cell.
    shortest : float
        Smallest length allowed for any non-zero lattice vector, in Å.
    max_index : int
        Largest number of unit cells to try.

    Returns
    -------
    ase.Atoms
        The supercell, atoms sorted by element, cell Minkowski-reduced.

    Raises
    ------
    ValueError
        If no superlattice up to `max_index` unit cells is long enough.
    """
    cell = np.asarray(atoms.cell)
    reach = np.ceil(shortest * np.linalg.norm(np.linalg.inv(cell), axis=0)).astype(int)
    lattice = np.array(list(np.ndindex(*(2 * reach + 1)))) - reach
    length = np.linalg.norm(lattice @ cell, axis=1)
    short = lattice[(length > 1e-9) & (length < shortest - 1e-9)]
    for index in range(1, max_index + 1):
        # A lattice cannot be denser than close packing: skips sizes that cannot work.
        if index * abs(np.linalg.det(cell)) < shortest**3 / np.sqrt(2) - 1e-9:
            continue
        best, best_length = None, shortest - 1e-9
        for form in _hermite_normal_forms(index):
            # A superlattice that holds one of the short vectors is out: quicker than reducing it.
            coordinates = short @ np.linalg.inv(form)
            if (np.abs(coordinates - np.round(coordinates)) < 1e-6).all(axis=1).any():
                continue
            length = shortest_vector(form @ cell)
            if length > best_length + 1e-6:
                best, best_length = form, length
        if best is not None:
            big = make_supercell(atoms, best)
            reduced, _ = minkowski_reduce(np.asarray(big.cell))
            if np.linalg.det(reduced) < 0:
                reduced = -reduced
            big.set_cell(reduced, scale_atoms=False)
            big.wrap()
            return sort_by_element(big)
    raise ValueError(
        f"{atoms.get_chemical_formula()}: no supercell of up to {max_index} cells has every "
        f"lattice vector >= {shortest} Å; raise max_index"
    )
