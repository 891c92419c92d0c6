"""LAEDs of which most components are zero, because most elements are absent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gmd.local.sites import Sites


@dataclass(frozen=True, eq=False)
class SparseSites:
    """Local atomic environment descriptors without the components of absent elements.

    Attributes
    ----------
    values : scipy.sparse.csr_array of shape (n_atoms, d), float64
        What is not stored is zero.
    structure : ndarray of shape (n_atoms,), int64
        Number of the structure that each atom belongs to.
    element : ndarray of shape (n_atoms,), str
        Chemical symbol of each atom.
    component_names : tuple of str
        Names of the d components.
    """

    values: sparse.csr_array
    structure: NDArray[np.int64]
    element: NDArray[np.str_]
    component_names: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.values.shape[0])

    @property
    def n_components(self) -> int:
        """Number of LAED components d."""
        return int(self.values.shape[1])

    def dense(self) -> Sites:
        """The same with all zeros, 8 d bytes per atom."""
        return Sites(self.values.toarray(), self.structure, self.element, self.component_names)
