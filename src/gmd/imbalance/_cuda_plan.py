"""What is decided before :mod:`gmd.imbalance.cuda` calls the GPU: sizes and memory."""

from __future__ import annotations

from dataclasses import dataclass

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
