"""Rank information imbalance of two descriptors, or of all pairs of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gmd.descriptors import DescriptorSpace, ElementRows, normalized
from gmd.descriptors.normalization import Normalization
from gmd.imbalance._rank_sums import Progress
from gmd.imbalance.program import DistanceProgram, nested_program, separate_program
from gmd.imbalance.ranks import Device, mean_ranks, rank_contributions


def information_imbalance(
    x: ArrayLike, y: ArrayLike, *, n_neighbours: int = 1
) -> tuple[float, float]:
    r"""Rank information imbalances between two descriptions of the same structures.

    :math:`\Delta R(x \to y)` is the mean rank, by distances in y, of each structure's nearest
    neighbours in x (Gharakhanyan et al. 2023, section 2.3; Glielmo et al. 2022). The rank of j is
    one more than the number of structures strictly closer; nearest neighbours that tie count
    equally, hence the order of the structures does not matter. Its lower limit is 1.

    Parameters
    ----------
    x : array_like of shape (n_structures, p)
    y : array_like of shape (n_structures, q)
        Descriptors, compared as they are by Euclidean distance.
    n_neighbours : int
        How many nearest neighbours in x count, equally; the paper takes one. Those that tie for
        the last places share them.

    Returns
    -------
    x_to_y, y_to_x : float

    Raises
    ------
    ValueError
        For fewer than two structures, numbers of rows that differ, values that are not finite or
        more neighbours than a structure has.
    """
    program, features = _separate({"x": x, "y": y}, None)
    imbalance = mean_ranks(features, program, n_neighbours=n_neighbours)
    return float(imbalance[0, 1]), float(imbalance[1, 0])


def imbalance_table(
    descriptors: DescriptorSpace | Mapping[str, ArrayLike],
    *,
    normalization: Normalization | None = "zscore",
    n_neighbours: int = 1,
    device: Device = "cpu",
    progress: Progress | None = None,
) -> pd.DataFrame:
    r"""Rank information imbalances between all ordered pairs of descriptors.

    Parameters
    ----------
    descriptors : DescriptorSpace or mapping of str to array_like
        A space, whose nesting is used; or unrelated matrices of shape (n_structures, any) by name.
    normalization : {"zscore", "minmax", "maxabs", "none"} or None
        Column-wise, over the structures.
    n_neighbours : int
        How many nearest neighbours count, equally; the paper takes one.
    device : {"cpu", "cuda"}
        Where distances and ranks are computed; the result is the same.
    progress : callable, optional
        Called with the number of structures done since the last call.

    Returns
    -------
    pandas.DataFrame
        ``sigma_1``, ``sigma_2``, ``rim`` (from 1 to 2), ``rim_reverse`` and ``srim``, their mean;
        9312 rows for 97 descriptors.

    Raises
    ------
    ValueError
        For fewer than two structures or descriptors, numbers of rows that differ or values that
        are not finite, or more neighbours than a structure has.
    RuntimeError
        Where a device is asked for that is not there.

    Notes
    -----
    See :func:`gmd.imbalance.mean_ranks` for cost and exactness. Where most structures lack most
    elements (:attr:`gmd.descriptors.DescriptorSpace.is_sparse`), the columns of method ii are
    compared by the elements that structures have; a GPU is given all of them, zeros included.
    """
    program, features, by_element = _program_and_features(descriptors, normalization, device)
    imbalance = mean_ranks(
        features,
        program,
        by_element=by_element,
        n_neighbours=n_neighbours,
        device=device,
        progress=progress,
    )
    return _pairs(program.labels, imbalance)


def imbalance_contributions(
    descriptors: DescriptorSpace | Mapping[str, ArrayLike],
    *,
    references: Sequence[str] | None = None,
    normalization: Normalization | None = "zscore",
    n_neighbours: int = 1,
    device: Device = "cpu",
    progress: Progress | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""The table of imbalances, and what each structure contributes to those with references.

    :math:`\Delta R` is a mean over structures; what is averaged says how far it may be trusted.

    Parameters
    ----------
    descriptors : DescriptorSpace or mapping of str to array_like
        As for :func:`imbalance_table`.
    references : sequence of str, optional
        Descriptors whose pairs with all others are of interest; of a space, if not given, the two
        that hold everything with and without method ii, ``"555"`` and ``"554"``.
    normalization, n_neighbours
        As for :func:`imbalance_table`.
    device : {"cpu", "cuda"}
        Where the table is computed; contributions always come from the processor, which takes as
        long as it would for the table.
    progress : callable, optional
        Called with the number of structures done by the processor since the last call.

    Returns
    -------
    table : pandas.DataFrame
        As of :func:`imbalance_table`, the same to the last bit.
    contributions : pandas.DataFrame
        ``structure``, then for every reference and other descriptor two float64 columns such as
        ``232>555`` and ``555>232``: the mean rank, in the second, of the structure's nearest
        neighbours in the first. The column's mean is :math:`\Delta R`.

    Raises
    ------
    ValueError
        As for :func:`imbalance_table`, and for references that are not among the descriptors or,
        of a mapping, not given.
    RuntimeError
        Where a device is asked for that is not there.
    """
    space = descriptors if isinstance(descriptors, DescriptorSpace) else None
    if references is None:
        if space is None:
            raise ValueError("references: name some of the descriptors; only a space knows its own")
        references = (space.notation.full, space.notation.full_without_elements)
    chosen = tuple(dict.fromkeys(references))
    program, features, by_element = _program_and_features(descriptors, normalization, device)
    imbalance, own = rank_contributions(
        features,
        program,
        chosen,
        by_element=by_element,
        n_neighbours=n_neighbours,
        progress=progress,
    )
    if device != "cpu":
        imbalance = mean_ranks(features, program, n_neighbours=n_neighbours, device=device)
    structures = np.arange(len(features)) if space is None else space.structures
    columns: dict[str, NDArray[np.float64]] = {}
    for c, reference in enumerate(chosen):
        for s, label in enumerate(program.labels):
            if label != reference:
                columns[f"{label}>{reference}"] = own[:, 0, c, s]
                columns[f"{reference}>{label}"] = own[:, 1, c, s]
    contributions = pd.DataFrame({"structure": structures, **columns})
    return _pairs(program.labels, imbalance), contributions


def glielmo_imbalance(rim: ArrayLike, n_structures: int) -> NDArray[np.float64]:
    r"""The same in the scale of Glielmo et al. 2022, :math:`\Delta = 2 \Delta R / N`.

    Parameters
    ----------
    rim : array_like
        Rank information imbalances.
    n_structures : int
        N.

    Returns
    -------
    ndarray
        About 0 where everything is known, about 1 where nothing is.
    """
    return 2.0 / n_structures * np.asarray(rim, dtype=np.float64)


def _separate(
    descriptors: Mapping[str, ArrayLike], normalization: Normalization | None
) -> tuple[DistanceProgram, NDArray[np.float64]]:
    """Unrelated matrices side by side, and which columns are whose."""
    if len(descriptors) < 2:
        raise ValueError(f"{len(descriptors)} descriptor(s): an imbalance is between two")
    matrices = {}
    for name, values in descriptors.items():
        matrix = np.asarray(values, dtype=np.float64)
        if matrix.ndim != 2:
            raise ValueError(f"{name} has shape {matrix.shape}; expected (n_structures, columns)")
        if matrix.shape[1] == 0:
            raise ValueError(f"{name} has no columns; a descriptor needs at least one")
        if not np.isfinite(matrix).all():
            row, column = np.argwhere(~np.isfinite(matrix))[0]
            raise ValueError(f"{name}, structure {row}, column {column}: value is not finite")
        # a power of two changes no rank, and keeps squares of tiny and huge values in range
        _, exponent = np.frexp(np.abs(matrix).max(initial=0.0))
        matrices[name] = np.ldexp(matrix, -exponent)
    rows = {name: len(matrix) for name, matrix in matrices.items()}
    if len(set(rows.values())) > 1:
        counts = ", ".join(f"{name} {count}" for name, count in rows.items())
        raise ValueError(f"numbers of structures differ: {counts}; describe the same ones")
    program = separate_program({name: matrix.shape[1] for name, matrix in matrices.items()})
    return program, normalized(np.hstack(list(matrices.values())), normalization)


def _program_and_features(
    descriptors: DescriptorSpace | Mapping[str, ArrayLike],
    normalization: Normalization | None,
    device: Device,
) -> tuple[DistanceProgram, NDArray[np.float64], ElementRows | None]:
    """What is compared, on a common scale: columns, and rows of elements where most are zero."""
    if not isinstance(descriptors, DescriptorSpace):
        return *_separate(descriptors, normalization), None
    scaled = descriptors.normalized(normalization)
    sparse = descriptors.is_sparse and device == "cpu"
    program = nested_program(descriptors, by_element=sparse)
    if sparse:
        return program, scaled.shared, scaled.by_element
    return program, scaled.values, None


def _pairs(labels: tuple[str, ...], imbalance: NDArray[np.float64]) -> pd.DataFrame:
    """Imbalances by the descriptors of row and column, as a table of all ordered pairs."""
    source, target = np.nonzero(~np.eye(len(labels), dtype=bool))
    names = np.array(labels, dtype=object)
    rim, reverse = imbalance[source, target], imbalance[target, source]
    return pd.DataFrame(
        {
            "sigma_1": names[source].astype(str),
            "sigma_2": names[target].astype(str),
            "rim": rim,
            "rim_reverse": reverse,
            "srim": (rim + reverse) / 2,
        }
    )
