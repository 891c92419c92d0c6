"""Derivatives of one atom's descriptor with respect to the places of the atoms around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Derivatives:
    """How the LAED of one atom changes when its neighbours move.

    Attributes
    ----------
    centre : int
        The atom whose LAED it is.
    neighbour : ndarray of shape (n,), int
        Atom indices of the neighbours; several images of an atom, of the centre too, count each.
    vector : ndarray of shape (n, 3), float64
        From the centre to each neighbour, Å.
    values : ndarray of shape (n, 3, d), float64
        Derivative of each component by each coordinate of each neighbour, per Å.
    """

    centre: int
    neighbour: NDArray[np.int64]
    vector: NDArray[np.float64]
    values: NDArray[np.float64]

    def by_atom(self, n_atoms: int) -> NDArray[np.float64]:
        """Derivatives by the coordinates of the atoms of the structure.

        Parameters
        ----------
        n_atoms : int
            Atoms of the structure.

        Returns
        -------
        ndarray of shape (n_atoms, 3, d), float64
            All images of an atom move together. Moving all atoms alike changes nothing, so that
            the rows sum to zero; this gives the centre's own row.
        """
        rows = np.zeros((n_atoms, *self.values.shape[1:]))
        np.add.at(rows, self.neighbour, self.values)
        rows[self.centre] -= self.values.sum(axis=0)
        return rows
