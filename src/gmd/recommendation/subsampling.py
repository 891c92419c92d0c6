"""Whether fewer structures would have led to the same choice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gmd.descriptors import DescriptorSpace, informative_columns
from gmd.descriptors.normalization import Normalization
from gmd.imbalance import Progress, imbalance_table
from gmd.parameters import share, whole_number
from gmd.recommendation.front import compromise, knee_among

FEWEST = 20
"""Structures without which nothing is chosen: mean ranks of fewer hardly differ."""

BOTH = "both"
"""In place of a reference: the compromise between all of them."""


def subset_sizes(n_structures: int, fractions: Sequence[float], largest: int) -> tuple[int, ...]:
    """Sizes of the random subsets, largest first.

    Parameters
    ----------
    n_structures : int
        Structures of the whole set.
    fractions : sequence of float
        Parts of it, each more than 0 and less than 1.
    largest : int
        No subset is larger than that; fractions that come to the same are one.

    Returns
    -------
    tuple of int
        Sizes of at least :data:`FEWEST`; none for a small data set.
    """
    n_structures = whole_number("n_structures", n_structures)
    largest = whole_number("largest", largest, at_least=1)
    parts = [share("fractions", fraction) for fraction in fractions]
    sizes = {min(largest, int(part * n_structures)) for part in parts}
    return tuple(sorted((size for size in sizes if size >= FEWEST), reverse=True))


def choices(
    complexity: ArrayLike,
    losses: Mapping[str, ArrayLike],
    candidates: Sequence[int] | None = None,
) -> dict[str, int | None]:
    """The knee for every reference and the compromise between them.

    Parameters
    ----------
    complexity : array_like of shape (n,)
        Of every descriptor.
    losses : mapping of str to array_like of shape (n,)
        Of every descriptor, by reference.
    candidates : sequence of int, optional
        Indices of the descriptors to choose from, all if not given: of descriptors that are
        identical, only the smallest is one.

    Returns
    -------
    dict of str to int or None
        Indices of descriptors by reference, and under :data:`BOTH`; None where there is none.
    """
    costs = np.asarray(complexity)
    among = np.arange(costs.size) if candidates is None else np.asarray(candidates)
    found = {reference: knee_among(costs, loss, among) for reference, loss in losses.items()}
    both = compromise(costs[among], [np.asarray(loss)[among] for loss in losses.values()])
    return found | {BOTH: None if both is None else int(among[both])}


def subsampled_choices(
    space: DescriptorSpace,
    *,
    sizes: Sequence[int],
    repeats: int,
    seed: int,
    normalization: Normalization | None = "zscore",
    n_neighbours: int = 1,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Choose anew within random subsets of the structures.

    Columns are normalised, neighbours found and ranks counted within each subset. Of descriptors
    that are identical over all structures, only the smallest is a candidate.

    Parameters
    ----------
    space : DescriptorSpace
        All structures.
    sizes : sequence of int
        Structures of a subset, drawn without replacement; sizes that leave a structure with fewer
        than `n_neighbours` others are left out.
    repeats : int
        Subsets of each size.
    seed : int
        Seed of the draws, each of which depends on it, the size and the number of the repeat.
    normalization : {"zscore", "minmax", "maxabs", "none"} or None
        Column-wise, over the structures of a subset.
    n_neighbours : int
        How many nearest neighbours count.
    progress : callable, optional
        Called with the number of subsets done since the last call.

    Returns
    -------
    DataFrame
        ``size``, ``repeat``, ``reference`` (a label, or "both" for the compromise), ``sigma``
        and ``complexity`` of what is chosen, both missing where there is no knee.

    Raises
    ------
    ValueError
        For sizes, repeats, a seed or a number of neighbours that are not whole numbers in range.

    Notes
    -----
    Time is that of as many imbalance tables of the given sizes; one subset is in memory at a time.
    """
    sizes = [whole_number("sizes", n, at_least=1, at_most=space.n_structures) for n in sizes]
    repeats = whole_number("repeats", repeats, at_least=1)
    seed = whole_number("seed", seed)
    n_neighbours = whole_number("n_neighbours", n_neighbours, at_least=1)
    labels = space.labels
    complexity = [space.complexity(label) for label in labels]
    references = (space.notation.full, space.notation.full_without_elements)
    informative = informative_columns(space, normalization)
    candidates = [i for i, label in enumerate(labels) if informative.smallest(label) == label]
    rows: list[tuple[int, int, str, str | None, int | None]] = []
    for size in sizes:
        if size <= n_neighbours:
            continue
        for repeat in range(repeats):
            rng = np.random.default_rng([seed, size, repeat])
            drawn = np.sort(rng.choice(space.n_structures, size, replace=False))
            table = imbalance_table(
                space.subset(drawn), normalization=normalization, n_neighbours=n_neighbours
            )
            chosen = choices(complexity, _losses(table, labels, references), candidates)
            for reference, point in chosen.items():
                what = (None, None) if point is None else (labels[point], complexity[point])
                rows.append((size, repeat, reference, *what))
            if progress is not None:
                progress(1)
    columns = ["size", "repeat", "reference", "sigma", "complexity"]
    types = {"size": "int64", "repeat": "int64", "reference": "str"}
    # of these some may be missing
    types |= {"sigma": "string", "complexity": "Int64"}
    return pd.DataFrame(rows, columns=columns).astype(types)


def count_distinct(space: DescriptorSpace) -> int:
    """How many structures are left if those equal in all columns count as one."""
    rows = space.by_element
    seen = set()
    for structure, shared in enumerate(space.shared):
        own = slice(rows.first[structure], rows.first[structure + 1])
        told = rows.values[own].any(axis=1)  # a row of zeros is as good as none
        digest = hashlib.sha256((shared + 0.0).tobytes())  # 0.0 and -0.0 are the same number
        digest.update(rows.element[own][told].tobytes())
        digest.update((rows.values[own][told] + 0.0).tobytes())
        seen.add(digest.digest())
    return len(seen)


def _losses(
    imbalance: pd.DataFrame, labels: Sequence[str], references: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Symmetric imbalances of all descriptors to each reference, 1 to itself."""
    losses = {}
    for reference in references:
        pairs = imbalance.loc[imbalance["sigma_1"] == reference].set_index("sigma_2")["srim"]
        losses[reference] = pairs.reindex(list(labels), fill_value=1.0).to_numpy()
    return losses
