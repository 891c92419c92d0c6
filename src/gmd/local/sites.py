"""The LAEDs of the atoms of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


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
        if len(names) != width or len(set(names)) != width:
            raise ValueError(
                f"{len(set(names))} distinct component names for {width} columns; give one each"
            )
        if not np.isfinite(matrix).all():
            row, column = np.argwhere(~np.isfinite(matrix))[0]
            raise ValueError(
                f"structure {numbers[row]}, row {row} of the sites: component {names[column]} "
                f"is not finite"
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
