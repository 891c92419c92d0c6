"""Which of the conventions that the paper leaves open its tables agree with best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import kendalltau, rankdata

from gmd.comparison.agreement import compare_means
from gmd.comparison.published_tables import published_means
from gmd.descriptors import DescriptorSpace
from gmd.descriptors.moments import AbsentElements
from gmd.descriptors.normalization import NORMALIZATIONS, Normalization
from gmd.descriptors.notation import MethodII
from gmd.imbalance import Progress, imbalance_table, rank_descriptors
from gmd.imbalance.ranks import Device
from gmd.local import Sites

QUANTITIES = {
    "srim": "mean_srim",
    "to_others": "mean_rim_to_others",
    "from_others": "mean_rim_from_others",
}
"""Column of a ranking by the ending of the columns that compare it: tables B.1, B.2 and B.3."""

CONVENTION_COLUMNS = (
    "absent_elements",
    "normalization",
    "method_ii",
    "rank",
    "score",
    "told_apart",
    "compared",
    *(f"{what}_{name}" for what in ("spearman", "kendall", "median_ratio") for name in QUANTITIES),
    *(f"common_{end}_{name}" for end in ("best", "worst") for name in QUANTITIES),
    "reproduced",
)

_PRINTED = 1.001e-3 / 2
"""Half a unit of the last printed digit, and what rounding of the sums may add."""


class Conventions(NamedTuple):
    """One choice of each of the three conventions that the paper leaves open.

    Attributes
    ----------
    absent_elements : {"zero", "exclude"}
    normalization : {"zscore", "minmax", "maxabs", "none"}
    method_ii : {"moments", "repeated"}
    """

    absent_elements: AbsentElements
    normalization: Normalization
    method_ii: MethodII


_SPACES: tuple[tuple[AbsentElements, MethodII], ...] = (
    ("zero", "moments"),
    ("zero", "repeated"),
    ("exclude", "moments"),
    ("exclude", "repeated"),
)

COMBINATIONS = tuple(
    Conventions(absent, scaling, method_ii)
    for (absent, method_ii), scaling in product(_SPACES, NORMALIZATIONS)
)
"""All sixteen, by descriptor space."""


def compare_conventions(
    read_sites: Callable[[], Iterable[Sites]],
    *,
    weights: Mapping[str, float],
    elements: Sequence[str],
    max_outer: int = 5,
    max_inner: int = 5,
    n_neighbours: int = 1,
    device: Device = "cpu",
    progress: Progress | None = None,
) -> pd.DataFrame:
    """How well each combination of conventions agrees with the published means.

    Parameters
    ----------
    read_sites : callable
        Gives the LAEDs in chunks of whole structures, such as
        ``lambda: read_site_chunks("sites.parquet")``; called for each of the four spaces.
    weights : mapping of str to float
        Weight of every element.
    elements : sequence of str
        Elements in the order in which method ii stacks them.
    max_outer, max_inner : int
        Highest moment degrees.
    n_neighbours : int
        How many nearest neighbours count.
    device : {"cpu", "cuda"}
        Where imbalances are computed; results do not depend on it.
    progress : callable, optional
        Called with the number of structures done since the last call, of sixteen times all.

    Returns
    -------
    DataFrame of shape (16, 23)
        As :func:`agreement_of_conventions` has it.

    Raises
    ------
    ValueError
        As :meth:`gmd.descriptors.DescriptorSpace.from_sites` and
        :func:`gmd.imbalance.imbalance_table`.

    Notes
    -----
    Sixteen times the work of one :func:`gmd.imbalance.imbalance_table`; one space of descriptors is
    in memory at a time.
    """
    rankings = rankings_by_conventions(
        read_sites,
        weights=weights,
        elements=elements,
        max_outer=max_outer,
        max_inner=max_inner,
        n_neighbours=n_neighbours,
        device=device,
        progress=progress,
    )
    return agreement_of_conventions(dict(rankings))


def rankings_by_conventions(
    read_sites: Callable[[], Iterable[Sites]],
    *,
    weights: Mapping[str, float],
    elements: Sequence[str],
    max_outer: int = 5,
    max_inner: int = 5,
    n_neighbours: int = 1,
    device: Device = "cpu",
    progress: Progress | None = None,
) -> Iterator[tuple[Conventions, pd.DataFrame]]:
    """Mean imbalances of all descriptors with each combination of conventions.

    Parameters
    ----------
    read_sites, weights, elements, max_outer, max_inner, n_neighbours, device, progress
        As for :func:`compare_conventions`.

    Yields
    ------
    tuple of Conventions and DataFrame
        The combination, and the ranking as of :func:`gmd.imbalance.rank_descriptors`.
    """
    for absent, method_ii in _SPACES:
        space = DescriptorSpace.from_sites(
            read_sites(),
            weights=weights,
            elements=elements,
            max_outer=max_outer,
            max_inner=max_inner,
            absent_elements=absent,
            method_ii=method_ii,
        )
        complexities = {label: space.complexity(label) for label in space.labels}
        for scaling in NORMALIZATIONS:
            imbalance = imbalance_table(
                space,
                normalization=scaling,
                n_neighbours=n_neighbours,
                device=device,
                progress=progress,
            )
            yield Conventions(absent, scaling, method_ii), rank_descriptors(imbalance, complexities)


def agreement_of_conventions(rankings: Mapping[Conventions, pd.DataFrame]) -> pd.DataFrame:
    """Compare rankings, each made with other conventions, with tables B.1 to B.3.

    Parameters
    ----------
    rankings : mapping of Conventions to DataFrame
        One row per descriptor: ``sigma``, ``complexity`` and the three mean imbalances.

    Returns
    -------
    DataFrame of shape (n_combinations, 23)
        The best first: the three conventions; ``rank``, from 1, by ``score``, the mean of the
        three Spearman correlations with the published means, where equal scores share a rank;
        ``told_apart``, whether the best is ahead of this one in all three correlations, with all
        published descriptors and with any one of them left out; ``compared``, the number of
        published descriptors (of 56) that the run has. Then for each quantity (``_srim``,
        ``_to_others``, ``_from_others``: tables B.1, B.2, B.3) ``spearman``, ``kendall``
        (tau-b), ``median_ratio`` run/published, ``common_best`` and ``common_worst``, how many of
        the 15 published rows at either end are at the run's same end. Last ``reproduced``, how
        many of the ``3 * compared`` printed numbers come out to the last digit.

    Raises
    ------
    ValueError
        For no rankings, rankings of different descriptors, or of fewer than four that are
        published, with which no correlation bears leaving one out.

    Notes
    -----
    Leaving one out says whether an order hangs on a single descriptor, and no more: descriptors
    nest, so that the published means are anything but independent, and the data set is one.
    """
    if not rankings:
        raise ValueError("no rankings: give one for each combination of conventions")
    published = published_means().set_index("sigma")
    labels: list[str] | None = None
    rows = []
    left_out = []
    for conventions, ranking in rankings.items():
        run = ranking.set_index("sigma")
        here = sorted(set(published.index) & set(run.index))
        if labels is not None and here != labels:
            raise ValueError("the rankings are of different descriptors; give one run at a time")
        labels = here
        if len(labels) < 4:
            raise ValueError(
                f"{len(labels)} of the published descriptors are in the rankings; "
                "a comparison needs at least four: raise the moment degrees"
            )
        ours = run.loc[labels, list(QUANTITIES.values())].to_numpy(dtype=np.float64)
        theirs = published.loc[labels, list(QUANTITIES.values())].to_numpy(dtype=np.float64)
        rows.append(_row(conventions, ranking, ours, theirs))
        left_out.append([_left_out(o, t) for o, t in zip(ours.T, theirs.T, strict=True)])
    frame = pd.DataFrame(rows)
    without_one = np.array(left_out)
    best = int(frame["score"].to_numpy().argmax())
    frame["told_apart"] = (without_one[best] > without_one).all(axis=(1, 2))
    frame["rank"] = frame["score"].rank(ascending=False, method="min").astype("int64")
    frame = frame.sort_values("score", ascending=False, kind="stable", ignore_index=True)
    return frame.loc[:, list(CONVENTION_COLUMNS)]


def _row(
    conventions: Conventions,
    ranking: pd.DataFrame,
    ours: NDArray[np.float64],
    theirs: NDArray[np.float64],
) -> dict[str, object]:
    row: dict[str, object] = {**conventions._asdict(), "compared": len(ours)}
    means = compare_means(ranking).set_index("quantity")
    for column, (name, quantity) in enumerate(QUANTITIES.items()):
        found = means.loc[quantity]
        row[f"spearman_{name}"] = float(_spearman(ours[:, column], theirs[:, column]))
        row[f"kendall_{name}"] = float(kendalltau(ours[:, column], theirs[:, column]).statistic)
        for what in ("median_ratio", "common_best", "common_worst"):
            row[f"{what}_{name}"] = found[what]
    row["score"] = float(np.mean([row[f"spearman_{name}"] for name in QUANTITIES]))
    row["reproduced"] = int((np.abs(ours - theirs) < _PRINTED).sum())
    return row


def _spearman(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank correlation along the last axis; 0 where all are equal, and there is no order."""
    first, second = (rankdata(values, axis=-1) for values in (x, y))
    first -= first.mean(axis=-1, keepdims=True)
    second -= second.mean(axis=-1, keepdims=True)
    size = np.sqrt((first**2).sum(axis=-1) * (second**2).sum(axis=-1))
    product = (first * second).sum(axis=-1)
    correlation: NDArray[np.float64] = product / np.where(size > 0, size, 1.0)
    return correlation


def _left_out(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spearman's correlation with all, then with each left out in turn."""
    n = x.size
    kept = np.broadcast_to(np.arange(n), (n, n))[~np.eye(n, dtype=bool)].reshape(n, n - 1)
    return np.append(_spearman(x, y), _spearman(x[kept], y[kept]))
