"""What a descriptor under one LAED setting knows about the same descriptor under another."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gmd.descriptors import DescriptorSpace, Layout, normalized, read_gsd, read_layout
from gmd.descriptors.normalization import Normalization
from gmd.imbalance import Progress, mean_ranks
from gmd.imbalance.program import separate_program
from gmd.imbalance.ranks import Device
from gmd.storage import read_table

SWEEP_COLUMNS = (
    "sigma",
    "complexity",
    "laed_1",
    "laed_2",
    "n_columns_1",
    "n_columns_2",
    "rim",
    "rim_reverse",
    "srim",
)

Source = DescriptorSpace | str | os.PathLike[str]
"""A space in memory, or the file that holds one."""


def settings_imbalance(
    sources: Mapping[str, Source],
    sigmas: Iterable[str],
    *,
    normalization: Normalization | None = "zscore",
    n_neighbours: int = 1,
    device: Device = "cpu",
    progress: Progress | None = None,
) -> pd.DataFrame:
    r"""Rank information imbalances between the same descriptor under different LAED settings.

    Parameters
    ----------
    sources : mapping of str to DescriptorSpace or path-like
        Descriptors of the same structures by the name of the setting; of a file no more is read
        than the columns of one descriptor at a time.
    sigmas : iterable of str
        Labels, such as ``"232"``.
    normalization : {"zscore", "minmax", "maxabs", "none"} or None
        Column-wise, over the structures.
    n_neighbours : int
        How many nearest neighbours count, equally; the paper takes one.
    device : {"cpu", "cuda"}
        Where distances and ranks are computed; the result is the same.
    progress : callable, optional
        Called with the number of structures done since the last call, anew for each label.

    Returns
    -------
    DataFrame
        A row for every label and ordered pair of settings: ``sigma``, ``complexity``, ``laed_1``,
        ``laed_2``, ``n_columns_1`` and ``n_columns_2``, the descriptor's length under either,
        ``rim`` :math:`\Delta R(\Sigma^1 \to \Sigma^2)`, ``rim_reverse`` and ``srim``, their
        mean.

    Raises
    ------
    ValueError
        For fewer than two settings, an unknown label, or settings that differ in their
        structures, elements, degrees or conventions.

    Notes
    -----
    With S settings and N structures, time per label grows as N² times the columns of all settings
    together for the distances and as N² S² at most for the ranks, usually N² S. Memory holds one
    label's columns of all settings, twice.
    """
    layouts = checked_layouts(sources)
    names = list(sources)
    source, target = np.nonzero(~np.eye(len(names), dtype=bool))
    first = next(iter(layouts.values()))
    found = []
    for sigma in sigmas:
        widths = {name: layout.columns(sigma).size for name, layout in layouts.items()}
        # one array for all, filled setting by setting
        features = np.empty((_numbers(sources[names[0]]).size, sum(widths.values())))
        start = 0
        for name, width in widths.items():
            features[:, start : start + width] = normalized(
                _matrix(sources[name], sigma), normalization
            )
            start += width
        imbalance = mean_ranks(
            features,
            separate_program(widths),
            n_neighbours=n_neighbours,
            device=device,
            progress=progress,
        )
        rim, reverse = imbalance[source, target], imbalance[target, source]
        found.append(
            pd.DataFrame(
                {
                    "sigma": sigma,
                    "complexity": first.complexity(sigma),
                    "laed_1": [names[s] for s in source],
                    "laed_2": [names[t] for t in target],
                    "n_columns_1": [widths[names[s]] for s in source],
                    "n_columns_2": [widths[names[t]] for t in target],
                    "rim": rim,
                    "rim_reverse": reverse,
                    "srim": (rim + reverse) / 2,
                }
            )
        )
    if not found:
        raise ValueError("no descriptors to compare; give at least one label")
    return pd.concat(found, ignore_index=True).loc[:, list(SWEEP_COLUMNS)]


def checked_layouts(sources: Mapping[str, Source]) -> dict[str, Layout]:
    """Layouts of the settings, which must describe the same structures by the same notation.

    Raises
    ------
    ValueError
        As :func:`settings_imbalance`.
    """
    if len(sources) < 2:
        raise ValueError(f"{len(sources)} LAED setting(s): a comparison is between at least two")
    layouts = {
        name: source.layout if isinstance(source, DescriptorSpace) else read_layout(source)
        for name, source in sources.items()
    }
    (first, reference), *others = layouts.items()
    numbers = _numbers(sources[first])
    for name, layout in others:
        for what in ("notation", "elements"):
            one, other = getattr(reference, what), getattr(layout, what)
            if one != other:
                raise ValueError(
                    f"LAED settings {first} and {name} differ in their {what}: {one} and {other}; "
                    "build both with the same"
                )
        here = _numbers(sources[name])
        if not np.array_equal(numbers, here):
            raise ValueError(
                f"LAED settings {first} and {name} describe different structures, {numbers.size} "
                f"and {here.size} of them; build both from the same"
            )
    return layouts


def _numbers(source: Source) -> NDArray[np.int64]:
    """Numbers of the structures."""
    if isinstance(source, DescriptorSpace):
        return source.structures
    numbers: NDArray[np.int64] = read_table(source, ["structure"])[0].to_numpy()
    return numbers


def _matrix(source: Source, sigma: str) -> NDArray[np.float64]:
    """One descriptor of all structures."""
    if isinstance(source, DescriptorSpace):
        return source.matrix(sigma)
    table = read_gsd(source, sigma).drop_columns("structure")
    matrix = np.empty((table.num_rows, table.num_columns))
    for column, values in enumerate(table.columns):
        matrix[:, column] = values.to_numpy()
    return matrix
