"""From the LAEDs of atoms to the table of all moment blocks, one row per structure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gmd.descriptors._moment_kernels import structure_moments
from gmd.descriptors.element_rows import ElementRows
from gmd.descriptors.layout import Layout
from gmd.local.sites import Sites
from gmd.parameters import element_weights

AbsentElements = Literal["zero", "exclude"]


def moment_table(
    sites: Sites,
    layout: Layout,
    *,
    weights: Mapping[str, float],
    absent_elements: AbsentElements = "zero",
) -> tuple[NDArray[np.int64], NDArray[np.float64], ElementRows]:
    r"""Every distinct moment block of every structure (Gharakhanyan et al. 2023, equation 1).

    A structure's row depends on that structure alone. Time and memory grow linearly with the
    number of atoms; the result has ``layout.n_shared_columns`` numbers per structure and
    ``layout.element_width`` per element that it has.

    Parameters
    ----------
    sites : Sites
        LAEDs of all atoms.
    layout : Layout
        Elements, components and degrees.
    weights : mapping of str to float
        Weight of every element of the layout, for the weighted rows of methods i and iii.
    absent_elements : {"zero", "exclude"}
        Whether an element that a structure lacks adds one row of zeros to methods i and iii, as in
        the authors' code, or nothing, as equation 1 has it.

    Returns
    -------
    structures : ndarray of shape (n_structures,), int
        Structure numbers in rising order.
    shared : ndarray of shape (n_structures, n_shared_columns), float64
        The columns of methods i and iii.
    by_element : ElementRows
        Those of method ii.

    Raises
    ------
    ValueError
        Where the sites hold an element that the layout lacks, an element has no weight, or the
        components differ.
    """
    if absent_elements not in ("zero", "exclude"):
        raise ValueError(
            f"absent_elements={absent_elements!r} is unknown; choose 'zero' or 'exclude'"
        )
    if sites.component_names != layout.component_names:
        raise ValueError(
            f"the sites have {len(sites.component_names)} components "
            f"({sites.component_names[0]}, ...), the layout {layout.n_components} "
            f"({layout.component_names[0]}, ...); both must name the same ones in the same order"
        )
    element = _element_indices(sites, layout.elements)
    number, values = sites.structure, sites.values
    # as a rule the rows are in order, and copying them all takes a quarter of the whole time
    if (np.diff(number) < 0).any():
        order = np.argsort(number, kind="stable")
        number, values, element = number[order], values[order], element[order]
    structures, first = np.unique(number, return_index=True)
    n_elements = len(layout.elements)
    # which elements each structure has, in their order
    row = np.repeat(np.arange(structures.size), np.diff(np.append(first, number.size)))
    present = np.unique(row * n_elements + element)
    first_element = np.searchsorted(present, np.arange(structures.size + 1) * n_elements)
    shared = np.empty((structures.size, layout.n_shared_columns))
    moments = np.empty((present.size, layout.element_width))
    structure_moments(
        np.ascontiguousarray(values),
        np.append(first, number.size).astype(np.int64),
        element,
        _weight_array(weights, layout.elements),
        layout.notation.max_outer,
        layout.notation.max_inner,
        absent_elements == "exclude",
        shared,
        first_element.astype(np.int64),
        moments,
    )
    by_element = ElementRows(
        first_element.astype(np.int64),
        (present % n_elements).astype(np.int64),
        moments,
        np.zeros((n_elements, layout.element_width)),
    )
    return structures, shared, by_element


def _element_indices(sites: Sites, elements: tuple[str, ...]) -> NDArray[np.int64]:
    index = np.full(sites.element.size, -1, dtype=np.int64)
    for e, element in enumerate(elements):
        index[sites.element == element] = e
    if (index < 0).any():
        atom = int(np.argmin(index))
        raise ValueError(
            f"structure {sites.structure[atom]} holds {sites.element[atom]}, which is not among "
            f"the elements {', '.join(elements)}; add it to them"
        )
    return index


def _weight_array(weights: Mapping[str, float], elements: tuple[str, ...]) -> NDArray[Any]:
    missing = [element for element in elements if element not in weights]
    if missing:
        raise ValueError(f"no weight for {', '.join(missing)}; every element needs one")
    checked = element_weights(weights)
    return np.array([checked[element] for element in elements], dtype=np.float64)
