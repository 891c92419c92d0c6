"""The space of all global structure descriptors of a data set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gmd.descriptors.element_rows import ElementRows, dense_columns, sparse_columns
from gmd.descriptors.layout import Layout
from gmd.descriptors.moments import AbsentElements, moment_table
from gmd.descriptors.normalization import Normalization, normalized, normalized_rows
from gmd.descriptors.notation import MethodII, Notation
from gmd.local.sites import Sites


@dataclass(frozen=True, eq=False)
class DescriptorSpace:
    r"""All descriptors :math:`\Sigma_{ijk}` of a set of structures, stored once.

    Every distinct moment block is kept, and each descriptor is a selection of their columns. Those
    of method ii, of which there are as many as elements, are kept without their zeros.

    Parameters
    ----------
    layout : Layout
        What the columns are.
    structures : ndarray of shape (n_structures,), int
        Structure numbers.
    shared : ndarray of shape (n_structures, layout.n_shared_columns), float64
        The columns of methods i and iii.
    by_element : ElementRows
        Those of method ii, for the elements that each structure has.

    Raises
    ------
    ValueError
        Where shapes disagree with the layout or a value is not finite.
    """

    layout: Layout
    structures: NDArray[np.int64]
    shared: NDArray[np.float64]
    by_element: ElementRows

    def __post_init__(self) -> None:
        n, layout = self.structures.size, self.layout
        expected = (n, layout.n_shared_columns)
        if self.shared.shape != expected:
            raise ValueError(f"shared has shape {self.shared.shape}; the layout needs {expected}")
        rows = self.by_element
        found = (rows.n_structures, *rows.absent.shape)
        expected_rows = (n, len(layout.elements), layout.element_width)
        if found != expected_rows:
            raise ValueError(f"by_element is {found} densely; the layout needs {expected_rows}")
        if not np.isfinite(self.shared).all():
            structure, column = np.argwhere(~np.isfinite(self.shared))[0]
            self._refuse(structure, column)
        if not np.isfinite(rows.values).all():
            row, column = np.argwhere(~np.isfinite(rows.values))[0]
            before = layout.n_shared_columns + rows.element[row] * layout.element_width
            self._refuse(rows.structure[row], before + column)

    def _refuse(self, place: int, column: int) -> None:
        raise ValueError(
            f"structure {self.structures[place]}: column {self.layout.column_names[column]} is not "
            f"finite; the moments of very large LAED values overflow, scale them first"
        )

    @classmethod
    def from_values(
        cls, layout: Layout, structures: NDArray[np.int64], values: NDArray[np.float64]
    ) -> DescriptorSpace:
        """A space of columns that are there already.

        Parameters
        ----------
        layout : Layout
            What the columns are.
        structures : ndarray of shape (n_structures,), int
            Structure numbers.
        values : ndarray of shape (n_structures, layout.n_columns), float64
            Every distinct moment block.

        Raises
        ------
        ValueError
            Where shapes disagree with the layout or a value is not finite.
        """
        expected = (structures.size, layout.n_columns)
        if values.shape != expected:
            raise ValueError(f"values have shape {values.shape}; the layout needs {expected}")
        shared, of_elements = np.split(values, [layout.n_shared_columns], axis=1)
        by_element = ElementRows.from_dense(
            of_elements.reshape(len(values), len(layout.elements), layout.element_width)
        )
        return cls(layout, structures, np.array(shared, dtype=np.float64), by_element)

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
        rows: list[ElementRows] = []
        for chunk in [sites] if isinstance(sites, Sites) else sites:
            if layout is None:
                layout = Layout(notation, tuple(elements), chunk.component_names)
            structures, shared, by_element = moment_table(
                chunk, layout, weights=weights, absent_elements=absent_elements
            )
            numbers.append(structures)
            tables.append(shared)
            rows.append(by_element)
        if layout is None or sum(map(len, numbers)) == 0:
            raise ValueError("no sites: a descriptor space needs at least one structure")
        structures = np.concatenate(numbers)
        shared = np.concatenate(tables) if len(tables) > 1 else tables[0]
        space = cls(layout, structures, shared, ElementRows.stacked(rows))
        if (np.diff(structures) < 0).any():
            space = space.subset(np.argsort(structures, kind="stable"))
        repeated = space.structures[1:][np.diff(space.structures) == 0]
        if repeated.size:
            raise ValueError(f"structure {repeated[0]} is spread over several chunks of sites")
        return space

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

    @property
    def values(self) -> NDArray[np.float64]:
        """All columns of the layout, of shape (n_structures, layout.n_columns), zeros included.

        Made anew each time: with many elements it is several times larger than the space.
        """
        return dense_columns(self.shared, self.by_element)

    @property
    def is_sparse(self) -> bool:
        """Whether structures have less than a third of the elements, on average.

        Distances and fits then go by the rows that there are, and otherwise by all columns.
        """
        return self.by_element.is_sparse

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
        shared, of_element = self.layout.split_columns(label)
        return dense_columns(
            normalized(self.shared[:, shared], normalization),
            normalized_rows(self.by_element.select(of_element), normalization),
        )

    def sparse_matrix(self, label: str) -> sparse.csr_array:
        """One descriptor of all structures, without the zeros of method ii.

        Parameters
        ----------
        label : str
            Three digits, such as ``"050"``.

        Returns
        -------
        scipy.sparse.csr_array of shape (n_structures, complexity * n_components), float64
            What :meth:`matrix` gives, not normalised. Columns of methods i and iii are kept in
            full, and those of method ii for the elements that a structure has.

        Raises
        ------
        ValueError
            For an unknown label.
        """
        shared, of_element = self.layout.split_columns(label)
        return sparse_columns(self.shared[:, shared], self.by_element.select(of_element))

    def subset(self, rows: Sequence[int] | NDArray[Any] | slice) -> DescriptorSpace:
        """Some of the structures.

        Parameters
        ----------
        rows : array_like of int or bool, or slice
            Places of the structures in this space, in the order wanted; or a mask.

        Raises
        ------
        IndexError
            For a place that there is not.
        """
        return DescriptorSpace(
            self.layout, self.structures[rows], self.shared[rows], self.by_element.subset(rows)
        )

    def normalized(self, normalization: Normalization | None) -> DescriptorSpace:
        """The space with all columns on a common scale; see :func:`gmd.descriptors.normalized`.

        What method ii says of absent elements is then no longer zero, but still one row per
        element, ``by_element.absent``.
        """
        return DescriptorSpace(
            self.layout,
            self.structures,
            normalized(self.shared, normalization),
            normalized_rows(self.by_element, normalization),
        )

    def column_names(self, label: str) -> tuple[str, ...]:
        """Names of a descriptor's columns; see :attr:`Layout.column_names`."""
        names = self.layout.column_names
        return tuple(names[column] for column in self.layout.columns(label))
