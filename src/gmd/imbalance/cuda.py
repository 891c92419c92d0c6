"""Sums of nearest neighbours' ranks over a data set, on a GPU."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterator

import numba
import numpy as np
from numpy.typing import NDArray

from gmd.imbalance._cuda_plan import Sizes, rows_at_once
from gmd.imbalance._rank_sums import ROWS_AT_ONCE, Progress, RankSums
from gmd.imbalance._schedule import Schedule, schedule
from gmd.imbalance._tile_kernels import comparison
from gmd.imbalance.program import DistanceProgram
from gmd.imbalance.ranks import checked_neighbours

_UPLOAD = 2**28


def mean_ranks_cuda(
    features: NDArray[np.float64],
    program: DistanceProgram,
    *,
    n_neighbours: int = 1,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    r"""Rank information imbalances between all descriptors of a program, on a GPU.

    Parameters
    ----------
    features : ndarray of shape (n_structures, n_columns), float64
        As :func:`gmd.imbalance.mean_ranks` checks them: columns on a common scale, all finite,
        at least two structures.
    program : DistanceProgram
        Which columns make which descriptor.
    n_neighbours : int
        How many nearest neighbours count, equally; less than n_structures.
    progress : callable, optional
        Called with the number of structures done since the last call.

    Returns
    -------
    ndarray of shape (n_labels, n_labels), float64
        :math:`\Delta R` from the descriptor of the row to that of the column, as
        :func:`gmd.imbalance.mean_ranks` returns it: the same integers are summed, from distances
        that agree to the last bit where the processor has fused multiplication and addition.

    Raises
    ------
    ValueError
        For a number of neighbours that is not a whole one, or that structures do not have.
    RuntimeError
        If numba's CUDA target, NVIDIA's package numba-cuda, is not installed, or if there is no
        GPU, or no driver for it.
    MemoryError
        If the features, and the distances of one structure, do not fit into the GPU's memory.

    Notes
    -----
    The GPU's memory holds a copy of the features, of n_structures × columns with the zeros that
    method ii has for the elements that a structure lacks, and the distances of
    a batch of structures from all others. Structures with more ties or neighbours than there is
    room for are left to the processor: data in which most structures tie, as in a descriptor that
    is the same for all of them, gain nothing from a GPU. Time grows with n_neighbours, by one
    reading of the distances for each.
    """
    n_neighbours = checked_neighbours(n_neighbours, len(features))
    return _mean_ranks(features, program, n_neighbours, progress, Sizes())


def _mean_ranks(
    features: NDArray[np.float64],
    program: DistanceProgram,
    n_neighbours: int,
    progress: Progress | None,
    sizes: Sizes,
) -> NDArray[np.float64]:
    _require_gpu()
    n = features.shape[0]
    features = np.ascontiguousarray(features, dtype=np.float64)
    sums = RankSums(len(program.labels))
    left: list[int] = []
    with warnings.catch_warnings():
        # small data sets and the last batch
        warnings.filterwarnings("ignore", message=".*under-utilization")
        batches = _Batches(features, program, n_neighbours, sizes)
        for first_row in range(0, n, batches.rows):
            n_rows = min(batches.rows, n - first_row)
            left_of_batch = batches.add(first_row, n_rows)
            left.extend(left_of_batch)
            if progress is not None:
                progress(n_rows - len(left_of_batch))
        sums.whole += batches.whole.copy_to_host()
        sums.fraction += batches.fraction.copy_to_host()
        del batches
    if left:
        given = comparison(features, program)
        sums.add_on_processor(given, n_neighbours, _runs(left), progress)
    return sums.imbalances(n, n_neighbours)


def _require_gpu() -> None:
    """Say what is missing, if something is."""
    simulated = bool(numba.config.ENABLE_CUDASIM)
    if not simulated and importlib.util.find_spec("numba_cuda") is None:
        raise RuntimeError("device cuda needs the optional extra: pip install gmd[cuda]")
    from numba import cuda

    if not cuda.is_available():
        reason = str(cuda.cuda_error() or "NVVM, the compiler for it, is missing").strip()
        raise RuntimeError(f"device cuda: numba finds no GPU that it can use: {reason}")


class _Batches:
    """Arrays on the GPU, and the kernels that fill them for one batch of rows after the other."""

    def __init__(
        self,
        features: NDArray[np.float64],
        program: DistanceProgram,
        n_neighbours: int,
        sizes: Sizes,
    ) -> None:
        # the package is optional, and the modules of these kernels need it
        from numba import cuda

        from gmd.imbalance._cuda_kernels import kernels

        self.n, n_columns = features.shape[0], program.columns.size
        self.k = n_neighbours
        self.sizes = sizes
        self.kernels = kernels(sizes)
        self.n_sigma, self.n_blocks = len(program.labels), program.block_first.size - 1
        plan = schedule(program)
        self.width = -(-self.n // sizes.tile[1]) * sizes.tile[1]
        room = n_neighbours + sizes.ties
        upload_rows = min(self.n, max(1, _UPLOAD // features[:1].nbytes))
        context = cuda.current_context()
        if not numba.config.ENABLE_CUDASIM:
            # numba gives memory back late: what an earlier call has left is free
            context.memory_manager.deallocations.clear()
        free, _ = context.get_memory_info()
        self.rows = rows_at_once(
            self.n,
            _row_bytes(plan, self.width, self.n_sigma, room, sizes),
            8 * (n_columns * self.width + upload_rows * features.shape[1] + 2 * self.n_sigma**2),
            free,
            sizes,
        )
        self.values = cuda.device_array((n_columns, self.width), np.float64)
        self._upload(features, program.columns, upload_rows)
        self.block_first = cuda.to_device(program.block_first.astype(np.int32))
        self.steps = cuda.to_device(plan.steps.astype(np.int32))
        self.outputs = cuda.to_device(plan.outputs.astype(np.int32))
        self.planes = cuda.device_array((plan.n_planes, self.rows, self.width), np.float64)
        self.nearest = cuda.device_array((self.rows, self.n_sigma, room), np.int32)
        self.n_near = cuda.device_array((self.rows, self.n_sigma), np.int32)
        self.n_closer = cuda.device_array((self.rows, self.n_sigma), np.int32)
        self.position = cuda.to_device(np.full((self.rows, self.width), -1, dtype=np.int32))
        self.distinct = cuda.device_array((self.rows, sizes.distinct), np.int32)
        self.n_distinct = cuda.device_array(self.rows, np.int32)
        self.whole = cuda.to_device(np.zeros((self.n_sigma, self.n_sigma), dtype=np.int64))
        self.fraction = cuda.to_device(np.zeros((self.n_sigma, self.n_sigma), dtype=np.int64))

    def _upload(
        self, features: NDArray[np.float64], columns: NDArray[np.int64], upload_rows: int
    ) -> None:
        """Features by columns, a part at a time: both copies at once are memory for nothing."""
        from numba import cuda

        on_device = cuda.to_device(columns.astype(np.int32))
        grid_columns = -(-columns.size // self.sizes.columns)
        for first in range(0, self.n, upload_rows):
            part = features[first : first + upload_rows]
            grid = (-(-len(part) // self.sizes.wide), grid_columns)
            self.kernels.pack[grid, self.sizes.wide](
                cuda.to_device(part), first, on_device, self.values
            )

    def add(self, first_row: int, n_rows: int) -> list[int]:
        """Add the ranks of some rows' neighbours; return the rows that there was no room for."""
        tile_rows, tile_others = self.sizes.tile
        wide = self.sizes.wide
        tiles = (self.width // tile_others, -(-n_rows // tile_rows), self.n_blocks)
        self.kernels.block_distances[tiles, self.sizes.threads[::-1]](
            self.values, self.block_first, first_row, n_rows, self.n, self.planes
        )
        if self.steps.shape[0] > 0:
            self.kernels.add_slots[(-(-self.width // wide), n_rows), wide](self.steps, self.planes)
        self.kernels.find_nearest[(self.n_sigma, n_rows), wide](
            self.planes, self.outputs, self.k, self.nearest, self.n_near, self.n_closer
        )
        self.kernels.number_distinct[n_rows, wide](
            self.nearest, self.n_near, self.position, self.distinct, self.n_distinct
        )
        self.kernels.add_ranks[(self.n_sigma, n_rows), wide](
            self.planes,
            self.outputs,
            self.k,
            self.nearest,
            self.n_near,
            self.n_closer,
            self.distinct,
            self.n_distinct,
            self.whole,
            self.fraction,
        )
        n_distinct = self.n_distinct.copy_to_host()[:n_rows]
        return [first_row + int(r) for r in np.flatnonzero(n_distinct < 0)]


def _row_bytes(plan: Schedule, width: int, n_sigma: int, room: int, sizes: Sizes) -> int:
    """Memory of the GPU for each row of a batch."""
    return width * (8 * plan.n_planes + 4) + 4 * (n_sigma * (room + 2) + sizes.distinct + 1)


def _runs(rows: list[int]) -> Iterator[range]:
    """Consecutive rows: the processor does some at once in the time of one."""
    first = previous = rows[0]
    for row in rows[1:]:
        if row != previous + 1 or row - first == ROWS_AT_ONCE:
            yield range(first, previous + 1)
            first = row
        previous = row
    yield range(first, previous + 1)
