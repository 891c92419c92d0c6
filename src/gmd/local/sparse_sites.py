"""LAEDs of which most components are zero, because most elements are absent."""

from __future__ import annotations

from collections.abc import Sequence
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


def from_blocks(
    pieces: Sequence[tuple[NDArray[np.bool_], NDArray[np.float64]]],
    sizes: NDArray[np.int64],
    n_rows: int,
) -> sparse.csr_array:
    """Put rows together of which only some blocks are there.

    Parameters
    ----------
    pieces : sequence of tuple
        For some rows, one after the other: which blocks each has, (n, n_blocks), and the values of
        these, end to end.
    sizes : ndarray of shape (n_blocks,), int
        Columns of each block.
    n_rows : int
        Rows of all pieces.

    Returns
    -------
    scipy.sparse.csr_array
    """
    starts = np.cumsum(sizes) - sizes
    indices, counts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for here, values in pieces:
        _, block = np.nonzero(here)
        widths = sizes[block]
        within = np.arange(values.size) - np.repeat(np.cumsum(widths) - widths, widths)
        indices.append(np.repeat(starts[block], widths) + within)
        counts.append(here @ sizes)
    pointers = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    stored = np.concatenate([np.empty(0), *(values for _, values in pieces)])
    return sparse.csr_array(
        (stored, np.concatenate(indices), pointers), shape=(n_rows, int(sizes.sum()))
    )
