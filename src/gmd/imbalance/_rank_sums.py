"""Sums of ranks over structures, and how the processor's threads add to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from numpy.typing import NDArray

from gmd.imbalance._rank_kernels import add_rank_sums
from gmd.imbalance._tile_kernels import Comparison
from gmd.imbalance._whole_row_kernels import FRACTION

ROWS_AT_ONCE = 64
"""Rows of a run, at most: more at a time save nothing, fewer read the others more often."""

Progress = Callable[[int], object]


class RankSums:
    """Sums of nearest neighbours' ranks, exact whatever the order in which they are made.

    Parameters
    ----------
    n_labels : int
        Number of descriptors.
    chosen : sequence of int
        Descriptors of which every structure's own part is kept too.
    n_structures : int
        Number of structures, where some are chosen.

    Attributes
    ----------
    whole, fraction : ndarray of shape (n_labels, n_labels), int64
        By the descriptor of the ranks and that of the neighbours; mean ranks over ties leave
        fractions, in units of 1 / FRACTION.
    own : ndarray of shape (n_structures, 2, n_chosen, n_labels), float64
        Of every structure, the sums over its neighbours: of their ranks in the chosen descriptor,
        by that of the neighbours; and of the chosen descriptor's neighbours, by that of the ranks.
    """

    def __init__(self, n_labels: int, chosen: Sequence[int] = (), n_structures: int = 0) -> None:
        self.whole = np.zeros((n_labels, n_labels), dtype=np.int64)
        self.fraction = np.zeros_like(self.whole)
        self.own = np.zeros((n_structures, 2, len(chosen), n_labels))
        self._chosen = np.array(chosen, dtype=np.int64)

    def __iadd__(self, other: RankSums) -> RankSums:
        self.whole += other.whole
        self.fraction += other.fraction
        return self

    def imbalances(self, n: int, n_neighbours: int) -> NDArray[np.float64]:
        """Mean ranks, by the descriptor of the neighbours and that of the ranks."""
        total: NDArray[np.float64] = (self.whole + self.fraction / FRACTION).T
        return total / (n * n_neighbours)

    def add_on_processor(
        self,
        given: Comparison,
        n_neighbours: int,
        runs: Iterable[range],
        progress: Progress | None,
    ) -> None:
        """Add the ranks of some rows' neighbours, one run of rows per thread at a time."""

        def sums_of(run: range) -> RankSums:
            sums = RankSums(len(self.whole))
            own = np.zeros((2, len(run), *self.own.shape[1:]), dtype=np.int64)
            add_rank_sums(
                given,
                n_neighbours,
                run.start,
                len(run),
                sums.whole,
                sums.fraction,
                self._chosen,
                *own,
            )
            if self._chosen.size:
                self.own[run.start : run.stop] = own[0] + own[1] / FRACTION
            return sums

        runs = list(runs)
        with ThreadPoolExecutor(numba.get_num_threads()) as pool:
            for run, sums in zip(runs, pool.map(sums_of, runs), strict=True):
                self += sums
                if progress is not None:
                    progress(len(run))
