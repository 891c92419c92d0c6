"""The moments of structures as one writes them with pandas, by groups of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gmd.local import Sites

Array = NDArray[np.float64]


def grouped_moments(
    sites: Sites, *, weights: Mapping[str, float], elements: Sequence[str], degree: int = 5
) -> Array:
    """Every moment of the full descriptor, in the library's column order.

    Absent elements are rows of zeros. Odd moments of two rows are left as rounding has them, where
    the library sets them to zero.

    Parameters
    ----------
    sites : Sites
        LAEDs of all atoms.
    weights : mapping of str to float
        Weight of every element.
    elements : sequence of str
        In the order of the columns.
    degree : int
        Highest outer and inner degree.

    Returns
    -------
    ndarray of shape (n_structures, n_columns)
    """
    frame = pd.DataFrame(np.asarray(sites.values))
    structure = pd.Series(sites.structure)
    numbers = np.unique(sites.structure)
    by_element = _central_moments(frame, [structure, pd.Series(sites.element)], degree)
    index = pd.MultiIndex.from_product([numbers, elements])
    # (structure, element, inner order, component)
    inner = np.stack([m.reindex(index, fill_value=0.0).to_numpy() for m in by_element], axis=1)
    inner = inner.reshape(numbers.size, len(elements), degree, -1)
    parts = []
    factors = np.array([weights[element] for element in elements])
    for factor in (np.ones(len(elements)), factors):
        rows = inner * factor[None, :, None, None]
        parts += _outer_moments(rows.reshape(numbers.size, len(elements), -1), degree)
    present = pd.crosstab(structure, pd.Series(sites.element)).reindex(columns=list(elements))
    absent = (present.fillna(0).to_numpy() == 0).sum(axis=1)
    zeros = np.repeat(numbers, absent)
    for factor in (np.ones(len(sites)), pd.Series(sites.element).map(weights).to_numpy()):
        padded = np.vstack([np.asarray(sites.values) * factor[:, None], _zeros(zeros, sites)])
        groups = pd.Series(np.concatenate([sites.structure, zeros]))
        parts += [m.to_numpy() for m in _central_moments(pd.DataFrame(padded), [groups], degree)]
    parts.append(inner.reshape(numbers.size, -1))
    return np.hstack(parts)


def _zeros(rows: NDArray[np.int64], sites: Sites) -> Array:
    return np.zeros((rows.size, sites.n_components))


def _central_moments(frame: pd.DataFrame, keys: list[Any], degree: int) -> list[pd.DataFrame]:
    """Mean and central moments of the rows of every group."""
    deviation = frame - frame.groupby(keys).transform("mean")
    found = [frame.groupby(keys).mean()]
    power = deviation
    for _ in range(1, degree):
        power = power * deviation
        found.append(power.groupby(keys).mean())
    return found


def _outer_moments(rows: Array, degree: int) -> list[Array]:
    """Mean and central moments over the second axis."""
    mean = rows.mean(axis=1)
    deviation = rows - mean[:, None]
    return [mean] + [(deviation**order).mean(axis=1) for order in range(2, degree + 1)]
