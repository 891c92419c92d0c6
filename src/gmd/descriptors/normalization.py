"""Column-wise normalisation over a data set, before distances are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from typing import Literal, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gmd.descriptors.element_rows import ElementRows
from gmd.parameters import suggestion

Normalization = Literal["zscore", "minmax", "maxabs", "none"]
NORMALIZATIONS: tuple[Normalization, ...] = ("zscore", "minmax", "maxabs", "none")

Part = TypeVar("Part")
Result = TypeVar("Result")

_ROUNDING = 4 * np.finfo(np.float64).eps
_COLUMNS_AT_ONCE = 64
_NUMBERS_AT_ONCE = 1 << 16
_SHOWN = 5


def normalized(
    values: NDArray[np.float64] | sparse.csr_array, normalization: Normalization | None
) -> NDArray[np.float64]:
    """Columns brought to a common scale; constant columns become 0.

    The spreads of moment columns run over fifty decades, hence no threshold is absolute: a column
    counts as constant if it varies by no more than the rounding of its own largest value. Sums
    run over sorted columns, which makes the result the same to the last bit for any order of the
    structures.

    Parameters
    ----------
    values : ndarray or scipy.sparse.csr_array of shape (n_structures, n_columns)
        Descriptors.
    normalization : {"zscore", "minmax", "maxabs", "none"} or None
        ``zscore``: zero mean and unit standard deviation; ``minmax``: from 0 to 1; ``maxabs``:
        largest magnitude 1; ``none`` or None: unchanged.

    Returns
    -------
    ndarray of shape (n_structures, n_columns), float64
        A new array, but for ``none``.

    Raises
    ------
    ValueError
        For an unknown `normalization`, or values that are not finite, with their rows and columns.
    """
    _check(normalization)
    _check_finite(values)
    if normalization is None or normalization == "none":
        return values if isinstance(values, np.ndarray) else values.toarray()
    # of CSC, some columns are found without a search
    given = values if isinstance(values, np.ndarray) else values.tocsc()
    result: NDArray[np.float64] = np.empty(given.shape)

    def normalize(part: slice) -> None:
        columns = _transposed(given, part)
        _normalize(columns, normalization)
        result[:, part] = columns.T

    _on_all_threads(normalize, _parts(result.shape[1]))
    return result


def normalized_rows(rows: ElementRows, normalization: Normalization | None) -> ElementRows:
    """Columns of method ii brought to a common scale, with their zeros counted.

    Each column is spelled out for as long as its scale is found: what comes out is, to the last
    bit, what :func:`normalized` makes of the same columns with all their zeros. The zeros of a
    column become one number, which `absent` of the result holds.

    Parameters
    ----------
    rows : ElementRows
        Columns of method ii.
    normalization : {"zscore", "minmax", "maxabs", "none"} or None
        As in :func:`normalized`.

    Returns
    -------
    ElementRows
        With the same rows; `rows` itself for ``none``.

    Raises
    ------
    ValueError
        For an unknown `normalization`, or values that are not finite, with their rows and columns.
    """
    _check(normalization)
    _check_finite(rows.values, rows.structure)
    _check_finite(rows.absent)
    if normalization is None or normalization == "none":
        return rows
    values: NDArray[np.float64] = np.empty(rows.values.shape)
    absent = np.zeros(rows.absent.shape)
    of_element = [np.flatnonzero(rows.element == e) for e in range(rows.n_elements)]

    def normalize(part: tuple[int, slice]) -> None:
        element, some = part
        here = of_element[element]
        structures = rows.structure[here]
        without = rows.absent[element, some]
        columns = np.repeat(without[:, np.newaxis], rows.n_structures, axis=1)
        columns[:, structures] = rows.values[here, some].T
        scaling = _normalize(columns, normalization)
        values[here, some] = columns[:, structures].T
        absent[element, some] = scaling.apply(without)

    # an element that no structure has is constant, hence 0
    with_rows = [e for e, here in enumerate(of_element) if here.size]
    _on_all_threads(normalize, [(e, some) for e in with_rows for some in _parts(values.shape[1])])
    return replace(rows, values=values, absent=absent)


@dataclass(frozen=True, eq=False)
class ColumnScaling:
    """The scale of some structures' columns, to be applied to other structures.

    Parameters
    ----------
    varies : ndarray of shape (n_columns,), bool
        Columns that are constant become 0.
    largest, shift, spread, scale : ndarray of shape (n_columns,), float64
        The others are divided by `largest`, less `shift`, divided by `spread` and by `scale`, in
        this order, which keeps the squares of any column in range.
    """

    varies: NDArray[np.bool_]
    largest: NDArray[np.float64]
    shift: NDArray[np.float64]
    spread: NDArray[np.float64]
    scale: NDArray[np.float64]

    @classmethod
    def of(cls, values: NDArray[np.float64], normalization: Normalization | None) -> ColumnScaling:
        """The scale that :func:`normalized` gives columns of shape (n_structures, n_columns)."""
        _check(normalization)
        _check_finite(values)
        n = values.shape[1]
        if normalization is None or normalization == "none":
            return cls(np.ones(n, dtype=bool), np.ones(n), np.zeros(n), np.ones(n), np.ones(n))
        found = _on_all_threads(
            lambda part: _normalize(_transposed(values, part), normalization), _parts(n)
        )
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in found]) for name in names))

    def apply(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Columns of any structures on this scale; the same bits for those it was taken from.

        Raises
        ------
        ValueError
            For values that are not finite.
        """
        _check_finite(values)
        scaled = np.where(self.varies, values, 0.0)
        scaled /= self.largest
        scaled -= self.shift
        scaled /= self.spread
        scaled /= self.scale
        return scaled


def varying_columns(
    columns: NDArray[np.float64] | sparse.csr_array,
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which columns vary by more than the rounding of their own largest value.

    Parameters
    ----------
    columns : ndarray or scipy.sparse.csr_array of shape (n_structures, n_columns)
        Descriptors.

    Returns
    -------
    varies : ndarray of shape (n_columns,), bool
    largest : ndarray of shape (n_columns,), float64
        The largest magnitude in each column.
    """
    low, high = columns.min(axis=0), columns.max(axis=0)
    if sparse.issparse(columns):
        low, high = low.toarray(), high.toarray()
    largest = np.maximum(np.abs(low), np.abs(high))
    return high - low > _ROUNDING * largest, largest


def _check(normalization: Normalization | None) -> None:
    if normalization is not None and normalization not in NORMALIZATIONS:
        raise ValueError(
            f"normalization={normalization!r} is unknown"
            f"{suggestion(normalization, NORMALIZATIONS)}; choose one of "
            f"{', '.join(NORMALIZATIONS)}"
        )


def _check_finite(
    values: NDArray[np.float64] | sparse.csr_array, structures: NDArray[np.int64] | None = None
) -> None:
    """Refuse what is not finite: a column with a NaN has no scale, and would pass for constant."""
    entries = values if isinstance(values, np.ndarray) else values.data
    rows_at_once = max(1, _NUMBERS_AT_ONCE // max(1, entries.shape[-1]))
    starts = range(0, len(entries), rows_at_once if entries.ndim > 1 else _NUMBERS_AT_ONCE)
    if all(np.isfinite(entries[start : start + starts.step]).all() for start in starts):
        return
    if isinstance(values, np.ndarray):
        rows, columns = np.nonzero(~np.isfinite(values))
    else:
        rows, columns = (of[~np.isfinite(entries)] for of in values.tocoo().coords)
    if structures is not None:
        rows = structures[rows]
    raise ValueError(
        f"{rows.size} value{'s are' if rows.size > 1 else ' is'} not finite, in "
        f"{_listed('row', rows)} and {_listed('column', columns)}; correct or leave out these "
        f"structures"
    )


def _listed(what: str, numbers: NDArray[np.int64]) -> str:
    distinct = np.unique(numbers)
    shown = ", ".join(map(str, distinct[:_SHOWN]))
    more = f" and {distinct.size - _SHOWN} more" if distinct.size > _SHOWN else ""
    return f"{what}{'s' if distinct.size > 1 else ''} {shown}{more}"


def _parts(n_columns: int) -> list[slice]:
    """A few columns at a time: work arrays stay small beside the descriptors."""
    starts = range(0, n_columns, _COLUMNS_AT_ONCE)
    return [slice(start, start + _COLUMNS_AT_ONCE) for start in starts]


def _on_all_threads(work: Callable[[Part], Result], parts: Iterable[Part]) -> list[Result]:
    with ThreadPoolExecutor(numba.get_num_threads()) as pool:
        return list(pool.map(work, parts))


def _transposed(values: NDArray[np.float64] | sparse.csc_array, part: slice) -> NDArray[np.float64]:
    some = values[:, part].T
    dense = some if isinstance(some, np.ndarray) else some.toarray()
    return np.array(dense, dtype=np.float64, order="C")


def _normalize(columns: NDArray[np.float64], normalization: Normalization) -> ColumnScaling:
    """Bring columns, each along the last axis, to a common scale in place; returns that scale."""
    varies, largest = varying_columns(columns.T)
    n = varies.size
    columns[~varies] = 0.0
    largest = np.where(varies, largest, 1.0)
    shift, spread, scale = np.zeros(n), np.ones(n), np.ones(n)
    columns /= largest[:, np.newaxis]  # keeps squares of any column in range
    if normalization != "maxabs":
        shift = columns.min(axis=1) if normalization == "minmax" else _mean(columns)
        columns -= shift[:, np.newaxis]
        if normalization == "minmax":
            scale = np.where(varies, columns.max(axis=1), 1.0)
        else:
            spread = np.where(varies, np.abs(columns).max(axis=1), 1.0)
            columns /= spread[:, np.newaxis]
            scale = np.where(varies, np.sqrt(_mean(columns**2)), 1.0)
        columns /= scale[:, np.newaxis]
    return ColumnScaling(varies, largest, shift, spread, scale)


def _mean(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of every column, the same for any order of its values."""
    mean: NDArray[np.float64] = np.sort(columns, axis=1).mean(axis=1)
    return mean
