"""The radial basis, elements mixed, that keeps most of a data set's densities."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def optimal_basis(expansions: Iterable[Floats], u_max: int) -> tuple[Floats, Floats]:
    """Principal axes of the expansion coefficients for each degree l.

    Goscinski et al., J. Chem. Phys. 155, 104106 (2021), section II C: of the second moments over
    all atoms and all m, not centred, so that the densities' squared norm is what is kept.

    Parameters
    ----------
    expansions : iterable of ndarray of shape (n_atoms, n_species, n_max, (l_max + 1)**2)
        Expansion coefficients of a data set in pieces.
    u_max : int
        How many axes are kept.

    Returns
    -------
    basis : ndarray of shape (l_max + 1, n_species * n_max, u_max)
        Orthonormal columns; of each the component of largest magnitude is positive.
    kept : ndarray of shape (l_max + 1, u_max)
        Fraction of the squared norm that the first 1, 2, ... axes keep.

    Raises
    ------
    ValueError
        For no atoms.
    """
    moments: list[Floats] = []
    for expansion in expansions:
        n_atoms, n_species, n_max, n_rows = expansion.shape
        columns = expansion.reshape(n_atoms, n_species * n_max, n_rows)
        for degree in range(round(np.sqrt(n_rows))):
            x = columns[:, :, degree**2 : (degree + 1) ** 2]
            moment = np.einsum("aim,ajm->ij", x, x, optimize=True)
            if degree < len(moments):
                moments[degree] += moment
            else:
                moments.append(moment)
    if not moments:
        raise ValueError("no atoms to fit an optimal radial basis to; give at least one structure")
    basis, kept = [], []
    for moment in moments:
        eigenvalues, vectors = np.linalg.eigh(moment)
        axes = vectors[:, ::-1][:, :u_max]
        largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
        basis.append(axes * np.where(largest < 0, -1.0, 1.0))
        power = np.clip(eigenvalues[::-1], 0.0, None)
        kept.append(np.cumsum(power)[:u_max] / (power.sum() or 1.0))
    return np.array(basis), np.array(kept)
