"""The LAEDs of the atoms of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

_NUMBERS_AT_ONCE = 1 << 16


@dataclass(frozen=True, init=False, eq=False)
class Sites:
    """Local atomic environment descriptors, one row per atom, from any source.

    Parameters
    ----------
    values : array_like of shape (n_atoms, d)
        LAEDs.
    structure : array_like of shape (n_atoms,), int
        Number of the structure that each atom belongs to.
    element : array_like of shape (n_atoms,), str
        Chemical symbol of each atom.
    component_names : sequence of str, optional
        Names of the d components; ``x_0``, ``x_1``, ... if not given.

    Attributes
    ----------
    values : ndarray of shape (n_atoms, d), float64
    structure : ndarray of shape (n_atoms,), int64
    element : ndarray of shape (n_atoms,), str
    component_names : tuple of str

    Raises
    ------
    ValueError
        Where shapes disagree, names repeat or a value is not finite.
    """

    values: NDArray[np.float64]
    structure: NDArray[np.int64]
    element: NDArray[np.str_]
    component_names: tuple[str, ...]

    def __init__(
        self,
        values: ArrayLike,
        structure: ArrayLike,
        element: ArrayLike,
        component_names: Sequence[str] | None = None,
    ) -> None:
        matrix = np.asarray(values, dtype=np.float64)
        if matrix.ndim != 2 or matrix.shape[1] == 0:
            raise ValueError(f"values have shape {matrix.shape}; expected (n_atoms, components)")
        n_atoms, width = matrix.shape
        numbers = np.asarray(structure)
        if numbers.size and not np.issubdtype(numbers.dtype, np.integer):
            raise ValueError(f"structure numbers are {numbers.dtype}; they must be integers")
        symbols = np.asarray(element, dtype=np.str_)
        for name, array in (("structure", numbers), ("element", symbols)):
            if array.shape != (n_atoms,):
                raise ValueError(
                    f"{name} has shape {array.shape} for {n_atoms} rows of values; "
                    f"expected ({n_atoms},)"
                )
        if component_names is None:
            component_names = [f"x_{c}" for c in range(width)]
        names = tuple(component_names)
        if len(names) != width or _n_distinct(names) != width:
            raise ValueError(
                f"{_n_distinct(names)} distinct component names for {width} columns; give one each"
            )
        if not _all_finite(matrix):
            row, column = np.argwhere(~np.isfinite(matrix))[0]
            atom = int((numbers[:row] == numbers[row]).sum())
            raise ValueError(
                f"structure {numbers[row]}, atom {atom} ({symbols[row]}), row {row} of the sites: "
                f"component {names[column]} is {matrix[row, column]}, not a finite number; "
                f"correct it, or leave out the structure"
            )
        object.__setattr__(self, "values", matrix)
        object.__setattr__(self, "structure", numbers.astype(np.int64))
        object.__setattr__(self, "element", symbols)
        object.__setattr__(self, "component_names", names)

    def __len__(self) -> int:
        return int(self.values.shape[0])

    @property
    def n_components(self) -> int:
        """Number of LAED components d."""
        return int(self.values.shape[1])

    @property
    def n_structures(self) -> int:
        """Number of distinct structures."""
        return int(np.unique(self.structure).size)


@lru_cache(maxsize=8)
def _n_distinct(names: tuple[str, ...]) -> int:
    """Number of different names; a descriptor has the same hundreds of thousands every time."""
    return len(set(names))


def _all_finite(matrix: NDArray[np.float64]) -> bool:
    """Whether all numbers are finite, looked at in pieces that stay in the cache."""
    rows = max(1, _NUMBERS_AT_ONCE // matrix.shape[1])
    return all(
        bool(np.isfinite(matrix[start : start + rows]).all())
        for start in range(0, matrix.shape[0], rows)
    )
