"""The space of all global structure descriptors of a data set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmd.descriptors.layout import Layout
from gmd.descriptors.moments import AbsentElements, moment_table
from gmd.descriptors.normalization import Normalization, normalized
from gmd.descriptors.notation import MethodII, Notation
from gmd.local.sites import Sites


@dataclass(frozen=True, eq=False)
class DescriptorSpace:
    r"""All descriptors :math:`\Sigma_{ijk}` of a set of structures, stored once.

    Parameters
    ----------
    layout : Layout
        What the columns are.
    structures : ndarray of shape (n_structures,), int
        Structure numbers.
    values : ndarray of shape (n_structures, layout.n_columns), float64
        Every distinct moment block; each descriptor is a selection of its columns.

    Raises
    ------
    ValueError
        Where shapes disagree with the layout or a value is not finite.
    """

    layout: Layout
    structures: NDArray[np.int64]
    values: NDArray[np.float64]

    def __post_init__(self) -> None:
        expected = (self.structures.size, self.layout.n_columns)
        if self.values.shape != expected:
            raise ValueError(f"values have shape {self.values.shape}; the layout needs {expected}")
        if not np.isfinite(self.values).all():
            row, column = np.argwhere(~np.isfinite(self.values))[0]
            raise ValueError(
                f"structure {self.structures[row]}: column "
                f"{self.layout.column_names[column]} is not finite; the moments of very large LAED "
                f"values overflow, scale them first"
            )

    @classmethod
    def from_sites(
        cls,
        sites: Sites | Iterable[Sites],
        *,
        weights: Mapping[str, float],
        elements: Sequence[str],
        max_outer: int = 5,
        max_inner: int = 5,
        absent_elements: AbsentElements = "zero",
        method_ii: MethodII = "moments",
    ) -> DescriptorSpace:
        """Build the space from the LAEDs of atoms (Gharakhanyan et al. 2023, equation 1).

        Parameters
        ----------
        sites : Sites or iterable of Sites
            LAEDs; as an iterable, chunks that hold whole structures, so that a data set's LAEDs
            need not be in memory at once.
        weights : mapping of str to float
            Weight of every element.
        elements : sequence of str
            Elements of the data set, in the order in which method ii stacks them.
        max_outer, max_inner : int
            Highest moment degrees.
        absent_elements : {"zero", "exclude"}
            Whether an element that a structure lacks adds a row of zeros to methods i and iii.
        method_ii : {"moments", "repeated"}
            What ``0j0`` holds for degrees of three and above.

        Returns
        -------
        DescriptorSpace
            With structures in rising order of their numbers.

        Raises
        ------
        ValueError
            For no sites, chunks that split a structure, or anything that the settings do not fit.
        """
        notation = Notation(max_outer, max_inner, method_ii)
        layout: Layout | None = None
        numbers: list[NDArray[np.int64]] = []
        tables: list[NDArray[np.float64]] = []
        for chunk in [sites] if isinstance(sites, Sites) else sites:
            if layout is None:
                layout = Layout(notation, tuple(elements), chunk.component_names)
            structures, table = moment_table(
                chunk, layout, weights=weights, absent_elements=absent_elements
            )
            numbers.append(structures)
            tables.append(table)
        if layout is None or sum(map(len, numbers)) == 0:
            raise ValueError("no sites: a descriptor space needs at least one structure")
        structures = np.concatenate(numbers)
        values = np.concatenate(tables) if len(tables) > 1 else tables[0]
        if (np.diff(structures) < 0).any():
            order = np.argsort(structures, kind="stable")
            structures, values = structures[order], values[order]
        repeated = structures[1:][np.diff(structures) == 0]
        if repeated.size:
            raise ValueError(f"structure {repeated[0]} is spread over several chunks of sites")
        return cls(layout, structures, values)

    @property
    def notation(self) -> Notation:
        """Degrees and conventions behind the labels."""
        return self.layout.notation

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of all descriptors; 97 for degrees 5 and 5."""
        return self.notation.labels

    @property
    def n_structures(self) -> int:
        """Number of structures."""
        return int(self.structures.size)

    def complexity(self, label: str) -> int:
        """Columns of a descriptor over LAED components, 75 for ``"555"`` and three elements."""
        return self.layout.complexity(label)

    def matrix(self, label: str, normalization: Normalization | None = None) -> NDArray[np.float64]:
        """One descriptor of all structures.

        Parameters
        ----------
        label : str
            Three digits, such as ``"232"``.
        normalization : {"zscore", "minmax", "maxabs", "none"}, optional
            Column-wise, over the structures.

        Returns
        -------
        ndarray of shape (n_structures, complexity * n_components), float64
            A copy.

        Raises
        ------
        ValueError
            For an unknown label or normalisation.
        """
        return normalized(self.values[:, self.layout.columns(label)], normalization)

    def column_names(self, label: str) -> tuple[str, ...]:
        """Names of a descriptor's columns; see :attr:`Layout.column_names`."""
        names = self.layout.column_names
        return tuple(names[column] for column in self.layout.columns(label))
