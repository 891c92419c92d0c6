"""A small classical model of lithium thiophosphates, used only to make sane starting geometries.

Thiophosphate anions are held together by springs between bonded atoms (1-2) and between atoms that
share a neighbour (1-3); everything else sees screened point charges and a steep repulsion. None
of its energies enter the data set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from ase.calculators.calculator import Calculator, all_changes

if TYPE_CHECKING:
    from ase import Atoms

#: Coulomb constant in eV Å.
COULOMB = 14.399645

#: Distance (Å) at which the repulsion of a pair is `REPULSION`; ionic and van der Waals contacts.
CONTACT = {
    ("Li", "Li"): 2.50,
    ("Li", "P"): 2.70,
    ("Li", "S"): 2.32,
    ("P", "P"): 3.60,
    ("P", "S"): 3.50,
    ("S", "S"): 3.45,
}
REPULSION = 0.30  # eV at the contact distance
POWER = 9
SCREENING = 3.0  # Å
CUTOFF = 6.0  # Å


@dataclass(frozen=True)
class Springs:
    """Harmonic terms ½ k (r − r0)² between pairs of atoms of one structure.

    Attributes
    ----------
    pairs : numpy.ndarray
        Of shape (n_springs, 2), indices of atoms.
    lengths : numpy.ndarray
        Of shape (n_springs,), r0 in Å.
    stiffness : numpy.ndarray
        Of shape (n_springs,), k in eV/Å².
    """

    pairs: np.ndarray
    lengths: np.ndarray
    stiffness: np.ndarray


class Thiophosphate(Calculator):
    """ASE calculator of the classical model, for cells whose edges are at least twice the cutoff.

    Parameters
    ----------
    springs : Springs
        The bonded terms.
    charges : numpy.ndarray
        Of shape (n_atoms,), in elementary charges.
    """

    implemented_properties: ClassVar[list[str]] = ["energy", "forces"]

    def __init__(self, springs: Springs, charges: np.ndarray) -> None:
        super().__init__()
        self.springs = springs
        self.charges = np.asarray(charges, dtype=float)
        self._contact: np.ndarray | None = None

    def _pairs(self, atoms: Atoms) -> np.ndarray:
        """Return the matrix of contact distances (Å), infinite-free, zero for bonded pairs."""
        symbols = list(atoms.symbols)
        contact = np.array(
            [[CONTACT[min(a, b), max(a, b)] for b in symbols] for a in symbols], dtype=float
        )
        i, j = self.springs.pairs.T
        contact[i, j] = contact[j, i] = 0.0
        np.fill_diagonal(contact, 0.0)
        return contact

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: list[str] = ("energy",),
        system_changes: list[str] = all_changes,
    ) -> None:
        """Compute energy (eV) and forces (eV/Å)."""
        super().calculate(atoms, properties, system_changes)
        atoms = self.atoms
        if self._contact is None:
            self._contact = self._pairs(atoms)
        cell = np.asarray(atoms.cell)
        scaled = atoms.get_scaled_positions(wrap=False)
        difference = scaled[None, :] - scaled[:, None]
        difference -= np.round(difference)
        vector = difference @ cell
        distance = np.sqrt((vector**2).sum(axis=-1))

        free = (self._contact > 0) & (distance < CUTOFF)
        r = np.where(free, distance, 1.0)
        # Screened Coulomb and repulsion, both shifted so that energy and force end at zero.
        product = COULOMB * self.charges[:, None] * self.charges[None, :]
        screened = product * np.exp(-r / SCREENING) / r
        slope = -screened * (1 / r + 1 / SCREENING)
        at_cutoff = product * np.exp(-CUTOFF / SCREENING) / CUTOFF
        slope_at_cutoff = -at_cutoff * (1 / CUTOFF + 1 / SCREENING)
        wall = REPULSION * (self._contact / r) ** POWER
        pair = screened - at_cutoff - (r - CUTOFF) * slope_at_cutoff + wall
        derivative = slope - slope_at_cutoff - POWER * wall / r
        energy = 0.5 * pair[free].sum()
        pull = np.where(free, derivative / r, 0.0)
        forces = np.einsum("ij,ijk->ik", pull, vector)

        i, j = self.springs.pairs.T
        bond = vector[i, j]
        length = distance[i, j]
        stretch = length - self.springs.lengths
        energy += 0.5 * (self.springs.stiffness * stretch**2).sum()
        along = (self.springs.stiffness * stretch / length)[:, None] * bond
        np.add.at(forces, i, along)
        np.add.at(forces, j, -along)
        self.results = {"energy": float(energy), "forces": forces}
