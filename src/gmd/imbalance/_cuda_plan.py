"""What is decided before :mod:`gmd.imbalance.cuda` calls the GPU: sizes, planes and memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmd.imbalance.program import DistanceProgram

_GIB = 2**30
_SHARE = 0.9


@dataclass(frozen=True)
class Sizes:
    """How work is cut for the GPU. None of it changes a result.

    Attributes
    ----------
    threads : tuple of (int, int)
        Threads of a block that makes distances, along (rows, structures).
    pairs : tuple of (int, int)
        (rows, structures) of a thread; their running sums have to fit into its registers.
    columns : int
        Columns that lie in shared memory at once.
    wide : int
        Threads of a block that works on one row; a power of two.
    ties : int
        Room for so many more neighbours per descriptor than are asked for.
    distinct : int
        Room for so many different neighbours of a row.
    rows : int
        Rows of a batch, at most.
    memory : int
        Bytes of a batch, at most, where that leaves a row.
    """

    threads: tuple[int, int] = (8, 16)
    pairs: tuple[int, int] = (8, 4)
    columns: int = 16
    wide: int = 256
    ties: int = 15
    distinct: int = 1024
    rows: int = 512
    memory: int = 4 * _GIB

    @property
    def tile(self) -> tuple[int, int]:
        """(rows, structures) of a block that makes distances."""
        return self.threads[0] * self.pairs[0], self.threads[1] * self.pairs[1]


@dataclass(frozen=True)
class Schedule:
    """Additions of a program over planes of memory that are used again.

    A plane holds one distance of every pair of a batch. A sum that only the next addition reads
    never leaves its thread.

    Attributes
    ----------
    steps : ndarray of shape (n_additions, 3), int
        Planes of the left term, of the right term and of the sum. -1 is the sum of the step
        before on the left, and nowhere for the sum.
    outputs : ndarray of shape (n_labels,), int
        The plane of each descriptor after the last step.
    n_planes : int
        The first of them are the blocks, before the first step.
    """

    steps: NDArray[np.int32]
    outputs: NDArray[np.int32]
    n_planes: int


def schedule(program: DistanceProgram) -> Schedule:
    """Give every slot of a program a plane for as long as somebody will read it."""
    n_blocks = program.block_first.size - 1
    additions = [(int(left), int(right)) for left, right in program.additions]
    kept = {int(slot) for slot in program.outputs}
    last_read: dict[int, int] = {}
    stored = set(kept)
    for a, (left, right) in enumerate(additions):
        if left != n_blocks + a - 1:
            stored.add(left)
        stored.add(right)
        last_read[left] = last_read[right] = a

    plane = {block: block for block in range(n_blocks)}
    n_planes = n_blocks
    free: list[int] = []
    steps = np.empty((len(additions), 3), dtype=np.int32)
    for a, (left, right) in enumerate(additions):
        running = a > 0 and left == n_blocks + a - 1
        steps[a, :2] = -1 if running else plane[left], plane[right]
        # every thread reads both terms before it writes their sum, hence into the same plane too
        for slot in {left, right} - kept:
            if last_read[slot] == a and slot in plane:
                free.append(plane.pop(slot))
        if n_blocks + a not in stored:
            steps[a, 2] = -1
            continue
        if not free:
            free.append(n_planes)
            n_planes += 1
        steps[a, 2] = plane[n_blocks + a] = free.pop()
    outputs = np.array([plane[int(slot)] for slot in program.outputs], dtype=np.int32)
    return Schedule(steps, outputs, n_planes)


def rows_at_once(n: int, row_bytes: int, other_bytes: int, free_bytes: float, sizes: Sizes) -> int:
    """Rows of a batch: as many as there is memory for, in batches of like size.

    Parameters
    ----------
    n : int
        Structures.
    row_bytes, other_bytes : int
        Memory of the GPU that each row takes, and what there is but once.
    free_bytes : float
        Memory of the GPU that is free.
    sizes : Sizes

    Raises
    ------
    MemoryError
        If there is not enough for a single row.
    """
    # the rest is for the kernels themselves and for gaps between arrays
    available = _SHARE * free_bytes - other_bytes
    if available < row_bytes:
        needed = (other_bytes + row_bytes) / _SHARE
        raise MemoryError(
            f"device cuda: {n} structures need at least {needed / _GIB:.3g} GiB of the GPU's"
            f" memory, and {free_bytes / _GIB:.3g} GiB are free"
        )
    most = max(1, min(n, sizes.rows, int(min(available, sizes.memory) // row_bytes)))
    tile = sizes.tile[0]
    if most < tile:
        return most
    even = -(-n // -(-n // most))
    return min(-(-even // tile) * tile, most // tile * tile)
